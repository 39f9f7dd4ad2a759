"""The binary cross-entropy of logits, sigmoid and logarithm taken together (D2.3).

prediction = σ(z);
loss = mean over the N samples of −y ln σ(z) − (1 − y) ln(1 − σ(z)), finite for any finite z.

Shapes: y (N,) and z (N,).
"""

from __future__ import annotations

import numpy as np

from reference.activation import sigmoid
from reference.contract import Array
from reference.models import binary_cross_entropy


def predict(z: Array) -> Array:
    """The probability σ(z) of every sample, shape (N,)."""
    return sigmoid(z)


def loss_of_prediction(prediction: Array, y: Array) -> float:
    """The mean over N of the binary cross-entropy of given probabilities, shape (N,).

    Infinite where a prediction has been rounded to the wrong one of 0 and 1; `loss` never is.
    """
    return binary_cross_entropy.loss(y, prediction)


def loss(y: Array, z: Array) -> float:
    """The mean over N of y ln(1 + e^(−z)) + (1 − y) ln(1 + e^z): the logits form.

    Any shape of y and z counts as N = their number of entries.
    """
    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))


def gradient(y: Array, z: Array) -> Array:
    """dz (N,) = (σ(z) − y)/N."""
    dz = sigmoid(z)
    dz -= y
    dz /= y.size
    return dz


def update(y: Array, learning_rate: float, z: Array) -> Array:
    """One step of gradient descent: z − learning_rate · dz."""
    return z - learning_rate * gradient(y, z)
