"""One sigmoid unit with bias, with half the sum of squared errors (D3).

prediction = σ(X w + b);   loss = ½ · sum over the N samples of (y − prediction)².

Shapes: X (N, d), y (N,), w (d,) and b ().
"""

from __future__ import annotations

from reference.activation import sigmoid, sigmoid_derivative
from reference.blocks import sum_of_squares, weighted_and_plain_sum
from reference.contract import Array
from reference.losses import half_sum_squared


def predict(X: Array, w: Array, b: float) -> Array:
    """The activation σ(X w + b) of every sample, shape (N,)."""
    return sigmoid(X.dot(w) + b)


loss_of_prediction = half_sum_squared


def loss(X: Array, y: Array, w: Array, b: float) -> float:
    """Half the sum over N (not the mean) of the squared residual."""
    return 0.5 * sum_of_squares(X, y, lambda X, y: predict(X, w, b) - y)


def delta(X: Array, y: Array, w: Array, b: float) -> Array:
    """(prediction − y)·σ'(z) of every sample, shape (N,), with the logit z = X w + b."""
    z = X.dot(w) + b
    slope = sigmoid_derivative(z)
    slope *= sigmoid(z) - y
    return slope


def gradient(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """(dw (d,), db) = (Xᵀδ, Σ δ), with δ = (prediction − y)·σ'(z) at the logit z = X w + b."""
    return weighted_and_plain_sum(X, y, lambda X, y: delta(X, y, w, b))


def update(X: Array, y: Array, learning_rate: float, w: Array, b: float) -> tuple[Array, float]:
    """One step of gradient descent, both parameters at once: (w, b) − learning_rate · (dw, db)."""
    dw, db = gradient(X, y, w, b)
    return w - learning_rate * dw, b - learning_rate * db
