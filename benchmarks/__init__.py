"""How fast, compared with what."""
