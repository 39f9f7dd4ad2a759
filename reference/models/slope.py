"""A line through the origin with mean squared error (D0).

prediction = X·w;   loss = mean over the N samples of (y − prediction)².

Shapes: X (N,), y (N,) and w ().
"""

from __future__ import annotations

from reference.contract import Array


def predict(X: Array, w: float) -> Array:
    """The value X·w at every input, shape (N,)."""
    return X * w


def loss_of_prediction(prediction: Array, y: Array) -> float:
    """The mean over N of the squared residual (no ½) of given predictions, shape (N,)."""
    residual = prediction - y
    return float(residual @ residual) / len(y)


def loss(X: Array, y: Array, w: float) -> float:
    """The mean over N of the squared residual (no ½)."""
    return loss_of_prediction(predict(X, w), y)


def gradient(X: Array, y: Array, w: float) -> float:
    """dw = 2/N Σ X·residual, with residual = prediction − y."""
    residual = predict(X, w) - y
    return 2 * float(X @ residual) / len(y)


def update(X: Array, y: Array, learning_rate: float, w: float) -> float:
    """One step of gradient descent: w − learning_rate · dw."""
    return w - learning_rate * gradient(X, y, w)
