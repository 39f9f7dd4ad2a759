"""A straight line with half the sum of squared errors (D3).

prediction = m X + b;   loss = ½ · sum over the N samples of (y − prediction)².

Shapes: X (N,), y (N,), m () and b ().
"""

from __future__ import annotations

from reference.blocks import sum_of_squares, weighted_and_plain_sum
from reference.contract import Array
from reference.losses import half_sum_squared


def predict(X: Array, m: float, b: float) -> Array:
    """The line's value m X + b at every input, shape (N,)."""
    return m * X + b


def residual(X: Array, y: Array, m: float, b: float) -> Array:
    """prediction − y of every sample, shape (N,), made in place."""
    r = m * X
    r += b
    r -= y
    return r


loss_of_prediction = half_sum_squared


def loss(X: Array, y: Array, m: float, b: float) -> float:
    """Half the sum over N (not the mean) of the squared residual."""
    return 0.5 * sum_of_squares(X, y, lambda X, y: residual(X, y, m, b))


def gradient(X: Array, y: Array, m: float, b: float) -> tuple[float, float]:
    """(dm, db) = (Σ X·residual, Σ residual), with residual = prediction − y (the ½ is gone)."""
    along, across = weighted_and_plain_sum(X, y, lambda X, y: residual(X, y, m, b))
    return float(along), across


def update(X: Array, y: Array, learning_rate: float, m: float, b: float) -> tuple[float, float]:
    """One step of gradient descent, both parameters at once: (m, b) − learning_rate · (dm, db)."""
    dm, db = gradient(X, y, m, b)
    return m - learning_rate * dm, b - learning_rate * db
