"""A perceptron with two hidden layers, sigmoid after every layer, for two classes (D2).

prediction = σ(σ(σ(X W1 + b1) W2 + b2) W3 + b3);
loss = mean over the N samples of the binary cross-entropy −y ln p − (1 − y) ln(1 − p).

Shapes: X (N, d), y (N, 1), W1 (d, h1), b1 (h1,), W2 (h1, h2), b2 (h2,), W3 (h2, 1), b3 (1,).
"""

from __future__ import annotations

from reference.activation import sigmoid
from reference.blocks import summed
from reference.contract import Array
from reference.models import binary_cross_entropy, sigmoid_cross_entropy


def forward(
    X: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array
) -> tuple[Array, Array, Array]:
    """The activations a1 (N, h1) and a2 (N, h2), and the logits z3 (N, 1) of the last layer."""
    a1 = X @ W1
    a1 += b1
    sigmoid(a1, out=a1)
    a2 = a1 @ W2
    a2 += b2
    sigmoid(a2, out=a2)
    return a1, a2, a2 @ W3 + b3


def predict(X: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array) -> Array:
    """The probability of class 1 for every sample, shape (N, 1)."""
    _, _, z3 = forward(X, W1, b1, W2, b2, W3, b3)
    return sigmoid(z3)


def loss_of_prediction(prediction: Array, y: Array) -> float:
    """The mean over N of the binary cross-entropy of given probabilities, shape (N, 1).

    Infinite where a prediction has been rounded to the wrong one of 0 and 1; `loss` never is.
    """
    return binary_cross_entropy.loss(y, prediction)


def loss(
    X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array
) -> float:
    """The mean over N of the binary cross-entropy, in the logits form of the last layer."""
    _, _, z3 = forward(X, W1, b1, W2, b2, W3, b3)
    return sigmoid_cross_entropy.loss(y, z3)


def gradient(
    X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """(dW1, db1, dW2, db2, dW3, db3), each in its parameter's shape, by backpropagation.

    δ3 = (σ(z3) − y)/N; then, layer by layer, δ2 = δ3 W3ᵀ · a2(1 − a2) and
    δ1 = δ2 W2ᵀ · a1(1 − a1). Each dW is (the layer's input)ᵀδ, each db the sum of δ over N.
    """
    N = len(y)

    def terms(X: Array, y: Array) -> tuple[Array, Array, Array, Array, Array, Array]:
        a1, a2, z3 = forward(X, W1, b1, W2, b2, W3, b3)
        delta3 = (sigmoid(z3) - y) / N
        delta2 = delta3 * W3.T  # with a single output that is the matrix product, and faster
        # σ′ as a(1 − a) saves an exponential; its absolute error stays of the order of ε.
        delta2 *= a2
        delta2 *= 1 - a2
        delta1 = delta2 @ W2.T
        delta1 *= a1
        delta1 *= 1 - a1
        return (
            X.T @ delta1,
            delta1.sum(axis=0),
            a1.T @ delta2,
            delta2.sum(axis=0),
            a2.T @ delta3,
            delta3.sum(axis=0),
        )

    return summed(X, y, 2 * max(W2.shape), terms)


def update(
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
    """One step of gradient descent, all six parameters at once: θ − learning_rate · dθ of each."""
    dW1, db1, dW2, db2, dW3, db3 = gradient(X, y, W1, b1, W2, b2, W3, b3)
    return (
        W1 - learning_rate * dW1,
        b1 - learning_rate * db1,
        W2 - learning_rate * dW2,
        b2 - learning_rate * db2,
        W3 - learning_rate * dW3,
        b3 - learning_rate * db3,
    )
