"""Decides: a claim against a measurement; diagnosis names the mistake."""
