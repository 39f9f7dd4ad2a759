"""A straight line with mean squared error (D4).

prediction = w X + b;   loss = mean over the N samples of (y − prediction)².

Shapes: X (N,), y (N,), w () and b ().
"""

from __future__ import annotations

from reference.blocks import sum_of_squares, weighted_and_plain_sum
from reference.contract import Array
from reference.losses import mean_squared


def predict(X: Array, w: float, b: float) -> Array:
    """The line's value w X + b at every input, shape (N,)."""
    return w * X + b


def residual(X: Array, y: Array, w: float, b: float) -> Array:
    """prediction − y of every sample, shape (N,), made in place."""
    r = w * X
    r += b
    r -= y
    return r


loss_of_prediction = mean_squared


def loss(X: Array, y: Array, w: float, b: float) -> float:
    """The mean over N of the squared residual (no ½)."""
    return sum_of_squares(X, y, lambda X, y: residual(X, y, w, b)) / len(y)


def gradient(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
    """(dw, db) = (2/N Σ X·residual, 2/N Σ residual), with residual = prediction − y."""
    along, across = weighted_and_plain_sum(X, y, lambda X, y: residual(X, y, w, b))
    return 2 * float(along) / len(y), 2 * across / len(y)


def update(X: Array, y: Array, learning_rate: float, w: float, b: float) -> tuple[float, float]:
    """One step of gradient descent, both parameters at once: (w, b) − learning_rate · (dw, db)."""
    dw, db = gradient(X, y, w, b)
    return w - learning_rate * dw, b - learning_rate * db
