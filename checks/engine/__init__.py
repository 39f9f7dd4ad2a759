"""Measures slopes of losses, with error bars; knows no model, no claim and no verdict."""

from checks.engine.numerical import NumericalGradient, numerical_gradient

__all__ = ["NumericalGradient", "numerical_gradient"]
