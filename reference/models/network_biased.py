"""A network with one sigmoid hidden layer and a linear output, with biases (D3).

prediction = σ(X W1 + b1) W2 + b2;
loss = ½ · sum over the N samples and o outputs of (y − prediction)².

Shapes: X (N, d), y (N, o), W1 (d, h), b1 (h,), W2 (h, o) and b2 (o,).
"""

from __future__ import annotations

from reference.activation import sigmoid
from reference.blocks import summed
from reference.contract import Array
from reference.losses import half_sum_squared


def predict(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Array:
    """The outputs σ(X W1 + b1) W2 + b2, shape (N, o)."""
    return sigmoid(X @ W1 + b1) @ W2 + b2


loss_of_prediction = half_sum_squared


def loss(X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> float:
    """Half the sum over N and o (not the mean) of the squared residual."""
    return loss_of_prediction(predict(X, W1, b1, W2, b2), y)


def gradient(
    X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array
) -> tuple[Array, Array, Array, Array]:
    """(dW1 (d, h), db1 (h,), dW2 (h, o), db2 (o,)) by backpropagation.

    With a = σ(X W1 + b1), δ2 = prediction − y and δ1 = δ2 W2ᵀ · a(1 − a):
    dW1 = Xᵀδ1, db1 = Σ δ1, dW2 = aᵀδ2, db2 = Σ δ2; the sums run over the N samples.
    """

    def terms(X: Array, y: Array) -> tuple[Array, Array, Array, Array]:
        a = X @ W1
        a += b1
        sigmoid(a, out=a)
        delta2 = a @ W2 + b2 - y
        delta1 = delta2 @ W2.T
        # σ′ as a(1 − a) saves an exponential; its absolute error stays of the order of ε.
        delta1 *= a
        delta1 *= 1 - a
        return X.T @ delta1, delta1.sum(axis=0), a.T @ delta2, delta2.sum(axis=0)

    return summed(X, y, 2 * len(b1), terms)


def update(
    X: Array, y: Array, learning_rate: float, W1: Array, b1: Array, W2: Array, b2: Array
) -> tuple[Array, Array, Array, Array]:
    """One step of gradient descent, all four parameters at once: θ − learning_rate · dθ of each."""
    dW1, db1, dW2, db2 = gradient(X, y, W1, b1, W2, b2)
    return (
        W1 - learning_rate * dW1,
        b1 - learning_rate * db1,
        W2 - learning_rate * dW2,
        b2 - learning_rate * db2,
    )
