"""One sigmoid neuron without bias, with mean squared error (D1).

prediction = σ(X w);   loss = mean over the N samples of (prediction − y)².

Shapes: X (N, d), y (N,) and w (d,).
"""

from __future__ import annotations

from reference.activation import sigmoid, sigmoid_derivative
from reference.blocks import sum_of_squares, weighted_sum
from reference.contract import Array
from reference.losses import mean_squared


def predict(X: Array, w: Array) -> Array:
    """The activation σ(X w) of every sample, shape (N,)."""
    return sigmoid(X.dot(w))


loss_of_prediction = mean_squared


def loss(X: Array, y: Array, w: Array) -> float:
    """The mean over N of the squared residual (no ½)."""
    return sum_of_squares(X, y, lambda X, y: predict(X, w) - y) / len(y)


def delta(X: Array, y: Array, w: Array) -> Array:
    """(prediction − y)·σ'(z) of every sample, shape (N,), with the logit z = X w."""
    z = X.dot(w)
    slope = sigmoid_derivative(z)
    slope *= sigmoid(z) - y
    return slope


def gradient(X: Array, y: Array, w: Array) -> Array:
    """dw (d,) = 2/N Xᵀ((prediction − y)·σ'(z)), with the logit z = X w."""
    return (2 / len(y)) * weighted_sum(X, y, lambda X, y: delta(X, y, w))


def update(X: Array, y: Array, learning_rate: float, w: Array) -> Array:
    """One step of gradient descent: w − learning_rate · dw."""
    return w - learning_rate * gradient(X, y, w)
