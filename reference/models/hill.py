"""The surface sin x · sin y: hills and valleys in turn (D4).

Shapes: x () and y (). Minima of value −1 lie where sin x = ±1 and sin y = ∓1.
"""

from __future__ import annotations

from math import cos, sin


def loss(x: float, y: float) -> float:
    """The height sin x · sin y."""
    return sin(x) * sin(y)


def gradient(x: float, y: float) -> tuple[float, float]:
    """(dx, dy) = (cos x · sin y, sin x · cos y)."""
    return cos(x) * sin(y), sin(x) * cos(y)


def update(learning_rate: float, x: float, y: float) -> tuple[float, float]:
    """One step of gradient descent, both at once: (x, y) − learning_rate · (dx, dy)."""
    dx, dy = gradient(x, y)
    return x - learning_rate * dx, y - learning_rate * dy
