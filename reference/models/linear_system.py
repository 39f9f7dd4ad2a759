"""A system of linear equations solved by descent on its mean squared error (D2).

prediction = A x;   loss = mean over the m equations of (A x − y)².

Shapes: A (m, n), y (m,) and x (n,): the equations are the samples, the unknowns the parameters.
"""

from __future__ import annotations

from reference.blocks import sum_of_squares, weighted_sum
from reference.contract import Array
from reference.losses import mean_squared


def predict(A: Array, x: Array) -> Array:
    """The left-hand sides A x, shape (m,)."""
    left: Array = A.dot(x)
    return left


def residual(A: Array, y: Array, x: Array) -> Array:
    """A x − y of every equation, shape (m,), made in place."""
    r: Array = A.dot(x)
    r -= y
    return r


loss_of_prediction = mean_squared


def loss(A: Array, y: Array, x: Array) -> float:
    """The mean over the m equations of the squared residual (no ½)."""
    return sum_of_squares(A, y, lambda A, y: residual(A, y, x)) / len(y)


def gradient(A: Array, y: Array, x: Array) -> Array:
    """dx (n,) = 2/m Aᵀ(A x − y)."""
    return (2 / len(y)) * weighted_sum(A, y, lambda A, y: residual(A, y, x))


def update(A: Array, y: Array, learning_rate: float, x: Array) -> Array:
    """One step of gradient descent: x − learning_rate · dx."""
    return x - learning_rate * gradient(A, y, x)
