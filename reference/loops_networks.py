"""Gradients of the layers and networks, index by index in plain Python: no array library.

Arguments are floats and nested lists, named as in the contract; so are the results.
"""

from __future__ import annotations

import math
from typing import Any

Vector = list[float]
Matrix = list[list[float]]
Nested = Any  # a float, or a list of Nested: the rank is the caller's


def sigmoid(z: float) -> float:
    """1 / (1 + e^(−z)), written so that the exponential never overflows."""
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    power = math.exp(z)
    return power / (1.0 + power)


def _zeros(rows: int, columns: int) -> Matrix:
    return [[0.0] * columns for _ in range(rows)]


def _dense(x: Vector, W: Matrix, b: Vector) -> Vector:
    """The weighted sums of one sample, unit by unit."""
    sums = []
    for j in range(len(b)):
        total = b[j]
        for i in range(len(x)):
            total += x[i] * W[i][j]
        sums.append(total)
    return sums


def dense_backward(
    X: Matrix, W: Matrix, b: Vector, upstream: Matrix
) -> tuple[Matrix, Matrix, Vector]:
    """(dX, dW, db) of XW + b for the upstream gradient: sums over outputs, samples, samples."""
    N, d, o = len(X), len(W), len(b)
    dX, dW, db = _zeros(N, d), _zeros(d, o), [0.0] * o
    for n in range(N):
        for j in range(o):
            db[j] += upstream[n][j]
            for i in range(d):
                dX[n][i] += upstream[n][j] * W[i][j]
                dW[i][j] += X[n][i] * upstream[n][j]
    return dX, dW, db


def sigmoid_backward(z: Nested, upstream: Nested) -> Nested:
    """upstream · σ(z)(1 − σ(z)), entry by entry at any rank; 1 − σ(z) is taken as σ(−z)."""
    if isinstance(z, list):
        return [sigmoid_backward(z[i], upstream[i]) for i in range(len(z))]
    return upstream * sigmoid(z) * sigmoid(-z)


def network_gradient(X: Matrix, y: Matrix, W1: Matrix, W2: Matrix) -> tuple[Matrix, Matrix]:
    """(dW1, dW2) of half the sum of squared residuals of σ(XW1)W2."""
    dW1, _, dW2, _ = network_biased_gradient(X, y, W1, [0.0] * len(W1[0]), W2, [0.0] * len(W2[0]))
    return dW1, dW2


def network_biased_gradient(
    X: Matrix, y: Matrix, W1: Matrix, b1: Vector, W2: Matrix, b2: Vector
) -> tuple[Matrix, Vector, Matrix, Vector]:
    """(dW1, db1, dW2, db2) of half the sum of squared residuals of σ(XW1 + b1)W2 + b2."""
    d, h, o = len(W1), len(b1), len(b2)
    dW1, db1, dW2, db2 = _zeros(d, h), [0.0] * h, _zeros(h, o), [0.0] * o
    for n in range(len(X)):
        z = _dense(X[n], W1, b1)
        hidden = [sigmoid(z[j]) for j in range(h)]
        prediction = _dense(hidden, W2, b2)
        residual = [prediction[k] - y[n][k] for k in range(o)]
        for k in range(o):
            db2[k] += residual[k]
            for j in range(h):
                dW2[j][k] += hidden[j] * residual[k]
        for j in range(h):
            back = 0.0
            for k in range(o):
                back += residual[k] * W2[j][k]
            back *= hidden[j] * sigmoid(-z[j])
            db1[j] += back
            for i in range(d):
                dW1[i][j] += X[n][i] * back
    return dW1, db1, dW2, db2


def mlp_gradient(
    X: Matrix,
    y: Matrix,
    W1: Matrix,
    b1: Vector,
    W2: Matrix,
    b2: Vector,
    W3: Matrix,
    b3: Vector,
) -> tuple[Matrix, Vector, Matrix, Vector, Matrix, Vector]:
    """(dW1, db1, dW2, db2, dW3, db3) of the mean binary cross-entropy, a sigmoid on every layer."""
    N = len(X)
    weights, biases = (W1, W2, W3), (b1, b2, b3)
    dW = [_zeros(len(W), len(b)) for W, b in zip(weights, biases, strict=True)]
    db = [[0.0] * len(b) for b in biases]
    for n in range(N):
        inputs, sums = [X[n]], []
        for W, b in zip(weights, biases, strict=True):
            z = _dense(inputs[-1], W, b)
            sums.append(z)
            inputs.append([sigmoid(entry) for entry in z])
        # The cross-entropy and the last sigmoid together: prediction − target.
        delta = [(inputs[3][k] - y[n][k]) / N for k in range(len(b3))]
        for layer in (2, 1, 0):
            for j in range(len(delta)):
                db[layer][j] += delta[j]
                for i in range(len(inputs[layer])):
                    dW[layer][i][j] += inputs[layer][i] * delta[j]
            if layer == 0:
                break
            below = []
            for i in range(len(inputs[layer])):
                back = 0.0
                for j in range(len(delta)):
                    back += weights[layer][i][j] * delta[j]
                below.append(back * inputs[layer][i] * sigmoid(-sums[layer - 1][i]))
            delta = below
    return dW[0], db[0], dW[1], db[1], dW[2], db[2]
