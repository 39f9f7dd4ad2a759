"""How we know that the engine measures and judges rightly."""
