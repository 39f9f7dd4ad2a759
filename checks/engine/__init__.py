"""Measures: derivatives with error bars.  Knows no model, no student and no verdict."""
