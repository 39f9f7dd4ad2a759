"""Runs in the child beside the submission: standard library and NumPy only, and no answers."""
