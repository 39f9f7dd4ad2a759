"""The curve x⁶ − 5x⁴ + 6x² (D4.2): two equal global minima and a local one between them.

The minima lie at 0 (value 0) and at x² = (5 + √7)/3; the humps between them at x² = (5 − √7)/3.

Shape: x ().
"""

from __future__ import annotations


def loss(x: float) -> float:
    """The height x⁶ − 5x⁴ + 6x² = x²(x² − 2)(x² − 3)."""
    square = x * x
    return float(square * (square - 2) * (square - 3))


def gradient(x: float) -> float:
    """dx = 6x⁵ − 20x³ + 12x."""
    square = x * x
    return float(x * ((6 * square - 20) * square + 12))


def update(learning_rate: float, x: float) -> float:
    """One step of gradient descent: x − learning_rate · dx."""
    return x - learning_rate * gradient(x)
