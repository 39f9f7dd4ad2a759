"""The parabola x² (D4): one minimum, at 0.

Shape: x ().
"""

from __future__ import annotations


def loss(x: float) -> float:
    """The height x² (no ½)."""
    return float(x * x)


def gradient(x: float) -> float:
    """dx = 2x."""
    return float(2 * x)


def update(learning_rate: float, x: float) -> float:
    """One step of gradient descent: x − learning_rate · dx."""
    return x - learning_rate * gradient(x)
