"""A network with one sigmoid hidden layer and a linear output, without biases (D3).

prediction = σ(X W1) W2;   loss = ½ · sum over the N samples and o outputs of (y − prediction)².

Shapes: X (N, d), y (N, o), W1 (d, h) and W2 (h, o).
"""

from __future__ import annotations

from reference.activation import sigmoid
from reference.blocks import summed
from reference.contract import Array
from reference.losses import half_sum_squared


def predict(X: Array, W1: Array, W2: Array) -> Array:
    """The outputs σ(X W1) W2, shape (N, o)."""
    return sigmoid(X @ W1) @ W2


loss_of_prediction = half_sum_squared


def loss(X: Array, y: Array, W1: Array, W2: Array) -> float:
    """Half the sum over N and o (not the mean) of the squared residual."""
    return loss_of_prediction(predict(X, W1, W2), y)


def gradient(X: Array, y: Array, W1: Array, W2: Array) -> tuple[Array, Array]:
    """(dW1 (d, h), dW2 (h, o)) by backpropagation.

    With a = σ(X W1), δ2 = prediction − y and δ1 = δ2 W2ᵀ · a(1 − a):  dW1 = Xᵀδ1, dW2 = aᵀδ2.
    """

    def terms(X: Array, y: Array) -> tuple[Array, Array]:
        a = X @ W1
        sigmoid(a, out=a)
        delta2 = a @ W2 - y
        delta1 = delta2 @ W2.T
        # σ′ as a(1 − a) saves an exponential; its absolute error stays of the order of ε.
        delta1 *= a
        delta1 *= 1 - a
        return X.T @ delta1, a.T @ delta2

    return summed(X, y, 2 * len(W2), terms)


def update(X: Array, y: Array, learning_rate: float, W1: Array, W2: Array) -> tuple[Array, Array]:
    """One step of gradient descent, both layers at once: W − learning_rate · dW of each."""
    dW1, dW2 = gradient(X, y, W1, W2)
    return W1 - learning_rate * dW1, W2 - learning_rate * dW2
