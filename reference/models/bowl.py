"""The bowl (5x² + y²)/2 (D4): five times as steep in x as in y, one minimum at (0, 0).

Shapes: x () and y (). Descent at a fixed rate is stable below 2/5; the best rate is 1/3.
"""

from __future__ import annotations


def loss(x: float, y: float) -> float:
    """The height (5x² + y²)/2."""
    return float(5 * x * x + y * y) / 2


def gradient(x: float, y: float) -> tuple[float, float]:
    """(dx, dy) = (5x, y)."""
    return float(5 * x), float(y)


def update(learning_rate: float, x: float, y: float) -> tuple[float, float]:
    """One step of gradient descent, both at once: (x, y) − learning_rate · (dx, dy)."""
    dx, dy = gradient(x, y)
    return x - learning_rate * dx, y - learning_rate * dy
