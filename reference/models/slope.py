"""A line through the origin with mean squared error (D0).

prediction = X·w;   loss = mean over the N samples of (y − prediction)².

Shapes: X (N,), y (N,) and w ().
"""

from __future__ import annotations

from reference.blocks import sum_of_squares, weighted_sum
from reference.contract import Array
from reference.losses import mean_squared


def predict(X: Array, w: float) -> Array:
    """The value X·w at every input, shape (N,)."""
    return X * w


def residual(X: Array, y: Array, w: float) -> Array:
    """prediction − y of every sample, shape (N,), made in place."""
    r = X * w
    r -= y
    return r


loss_of_prediction = mean_squared


def loss(X: Array, y: Array, w: float) -> float:
    """The mean over N of the squared residual (no ½)."""
    return sum_of_squares(X, y, lambda X, y: residual(X, y, w)) / len(y)


def gradient(X: Array, y: Array, w: float) -> float:
    """dw = 2/N Σ X·residual, with residual = prediction − y."""
    along = weighted_sum(X, y, lambda X, y: residual(X, y, w))
    return 2 * float(along) / len(y)


def update(X: Array, y: Array, learning_rate: float, w: float) -> float:
    """One step of gradient descent: w − learning_rate · dw."""
    return w - learning_rate * gradient(X, y, w)
