"""A straight line with mean squared error (D4).

prediction = w X + b;   loss = mean over the N samples of (y − prediction)².

Shapes: X (N,), y (N,), w () and b ().
"""

from __future__ import annotations

import numpy as np

from reference.contract import Array


def predict(X: Array, w: float, b: float) -> Array:
    """The line's value w X + b at every input, shape (N,)."""
    return w * X + b


def loss_of_prediction(prediction: Array, y: Array) -> float:
    """The mean over N of the squared residual (no ½) of given predictions, shape (N,)."""
    residual = prediction - y
    return float(residual @ residual) / len(y)


def loss(X: Array, y: Array, w: float, b: float) -> float:
    """The mean over N of the squared residual (no ½)."""
    return loss_of_prediction(predict(X, w, b), y)


def gradient(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
    """(dw, db) = (2/N Σ X·residual, 2/N Σ residual), with residual = prediction − y."""
    residual = predict(X, w, b) - y
    return 2 * float(X @ residual) / len(y), 2 * float(np.sum(residual)) / len(y)


def update(X: Array, y: Array, learning_rate: float, w: float, b: float) -> tuple[float, float]:
    """One step of gradient descent, both parameters at once: (w, b) − learning_rate · (dw, db)."""
    dw, db = gradient(X, y, w, b)
    return w - learning_rate * dw, b - learning_rate * db
