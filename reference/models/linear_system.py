"""A system of linear equations solved by descent on its mean squared error (D2).

prediction = A x;   loss = mean over the m equations of (A x − y)².

Shapes: A (m, n), y (m,) and x (n,): the equations are the samples, the unknowns the parameters.
"""

from __future__ import annotations

from reference.contract import Array


def predict(A: Array, x: Array) -> Array:
    """The left-hand sides A x, shape (m,)."""
    return A @ x


def loss_of_prediction(prediction: Array, y: Array) -> float:
    """The mean over the m equations of the squared residual (no ½) of given A x, shape (m,)."""
    residual = prediction - y
    return float(residual @ residual) / len(y)


def loss(A: Array, y: Array, x: Array) -> float:
    """The mean over the m equations of the squared residual (no ½)."""
    return loss_of_prediction(predict(A, x), y)


def gradient(A: Array, y: Array, x: Array) -> Array:
    """dx (n,) = 2/m Aᵀ(A x − y)."""
    residual = predict(A, x) - y
    return (2 / len(y)) * (residual @ A)


def update(A: Array, y: Array, learning_rate: float, x: Array) -> Array:
    """One step of gradient descent: x − learning_rate · dx."""
    return x - learning_rate * gradient(A, y, x)
