"""A linear model of d inputs with mean squared error (D4.6).

prediction = X w + b;   loss = mean over the N samples of (y − prediction)².

Shapes: X (N, d), y (N,), w (d,) and b ().
"""

from __future__ import annotations

import numpy as np

from reference.contract import Array


def predict(X: Array, w: Array, b: float) -> Array:
    """The value X w + b for every sample, shape (N,)."""
    return X @ w + b


def loss_of_prediction(prediction: Array, y: Array) -> float:
    """The mean over N of the squared residual (no ½) of given predictions, shape (N,)."""
    residual = prediction - y
    return float(residual @ residual) / len(y)


def loss(X: Array, y: Array, w: Array, b: float) -> float:
    """The mean over N of the squared residual (no ½)."""
    return loss_of_prediction(predict(X, w, b), y)


def gradient(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """(dw (d,), db) = (2/N Xᵀ·residual, 2/N Σ residual), with residual = prediction − y."""
    residual = predict(X, w, b) - y
    return (2 / len(y)) * (residual @ X), 2 * float(np.sum(residual)) / len(y)


def update(X: Array, y: Array, learning_rate: float, w: Array, b: float) -> tuple[Array, float]:
    """One step of gradient descent, both parameters at once: (w, b) − learning_rate · (dw, db)."""
    dw, db = gradient(X, y, w, b)
    return w - learning_rate * dw, b - learning_rate * db
