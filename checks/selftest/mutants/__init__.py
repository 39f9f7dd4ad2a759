"""Implementations with one known mistake each, which the battery must catch and name."""
