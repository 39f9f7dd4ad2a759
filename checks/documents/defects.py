"""The mistakes of the documents, each as the contract function that it spoils.

The mistake is kept and nothing else: every function is the reference's but for one line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.activation import sigmoid, sigmoid_derivative
from reference.contract import Array
from reference.models import dense, mlp, network, neuron, plane

FORWARD_STEP = 1e-8  # the step of D3's numerical gradient


def neuron_gradient(X: Array, y: Array, w: Array) -> Array:
    """D1.2: the derivative of the sigmoid is taken at the prediction.  X (N, d), y (N,), w (d,)."""
    prediction = sigmoid(X @ w)
    return (2 / len(y)) * (((prediction - y) * sigmoid_derivative(prediction)) @ X)


def dense_backward(X: Array, W: Array, b: Array, upstream: Array) -> tuple[Array, Array, Array]:
    """D2.6a: the bias gradient is summed over the outputs, shape (N,) in place of (o,)."""
    dX, dW, _ = dense.backward(X, W, b, upstream)
    return dX, dW, np.sum(upstream, axis=1)


def mlp_update(
    X: Array,
    y: Array,
    learning_rate: float,
    W1: Array,
    b1: Array,
    W2: Array,
    b2: Array,
    W3: Array,
    b3: Array,
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """D2.6b: each layer takes its step before it hands the gradient upstream, with new weights."""
    a1 = sigmoid(X @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    delta3 = (sigmoid(a2 @ W3 + b3) - y) / len(y)
    W3 = W3 - learning_rate * (a2.T @ delta3)
    delta2 = (delta3 @ W3.T) * a2 * (1 - a2)
    W2 = W2 - learning_rate * (a1.T @ delta2)
    delta1 = (delta2 @ W2.T) * a1 * (1 - a1)
    W1 = W1 - learning_rate * (X.T @ delta1)
    b1, b2, b3 = (
        b - learning_rate * np.sum(delta, axis=0)
        for b, delta in ((b1, delta1), (b2, delta2), (b3, delta3))
    )
    return W1, b1, W2, b2, W3, b3


def plane_update(
    X: Array, y: Array, learning_rate: float, w: Array, b: float
) -> tuple[Array, float]:
    """D3.3: w₁, w₂ and b are updated in turn, each with the others' new values."""
    w = np.array(w)
    for j in range(len(w)):
        w[j] -= learning_rate * plane.gradient(X, y, w, b)[0][j]
    return w, b - learning_rate * plane.gradient(X, y, w, b)[1]


def network_loss(X: Array, y: Array, W1: Array, W2: Array) -> float:
    """D3.4: the targets are (N,) beside predictions (N, 1): N×N residuals, all of them summed."""
    residual = y[:, 0] - network.predict(X, W1, W2)
    return 0.5 * float(np.sum(residual**2))


def network_gradient(X: Array, y: Array, W1: Array, W2: Array) -> tuple[Array, Array]:
    """D3.6: forward differences; W1's last entry is never put back before W2's are differenced."""
    at_start = network.loss(X, y, W1, W2)
    dW1, dW2 = np.zeros_like(W1), np.zeros_like(W2)
    moved = W1
    for place in np.ndindex(W1.shape):
        moved = W1.copy()
        moved[place] += FORWARD_STEP
        dW1[place] = (network.loss(X, y, moved, W2) - at_start) / FORWARD_STEP
    for place in np.ndindex(W2.shape):
        other = W2.copy()
        other[place] += FORWARD_STEP
        dW2[place] = (network.loss(X, y, moved, other) - at_start) / FORWARD_STEP
    return dW1, dW2


@dataclass(frozen=True)
class Defect:
    """A mistake of a document: the rows that need it, the spoilt function and the right one."""

    rows: tuple[str, ...]
    model: str
    function: str
    wrong: Callable[..., Any]
    right: Callable[..., Any]


DEFECTS: tuple[Defect, ...] = (
    Defect(("D1.2",), "neuron", "gradient", neuron_gradient, neuron.gradient),
    Defect(("D2.6a",), "dense", "backward", dense_backward, dense.backward),
    Defect(("D2.6b",), "mlp", "update", mlp_update, mlp.update),
    Defect(("D3.3",), "plane", "update", plane_update, plane.update),
    Defect(("D3.4", "D3.13"), "network", "loss", network_loss, network.loss),
    Defect(("D3.6",), "network", "gradient", network_gradient, network.gradient),
)
