"""What right looks like: every documented model, written to be read."""
