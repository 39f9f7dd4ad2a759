"""The same sums in another order, by other means: loops, fsum, einsum, blocks, broadcasting."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from checks.selftest.twins.twin import Twin, written
from reference.contract import Array


def line_in_a_loop(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
    """Index by index, added up from the first sample."""
    dw = db = 0.0
    for i in range(len(y)):
        dw += 2 * (w * X[i] + b - y[i]) * X[i]
        db += 2 * (w * X[i] + b - y[i])
    return dw / len(y), db / len(y)


def line_backwards(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
    """From the last sample, every term divided before it is added."""
    dw = db = 0.0
    for x, t in zip(X[::-1], y[::-1], strict=True):
        dw -= 2 / len(y) * x * (t - (w * x + b))
        db -= 2 / len(y) * (t - (w * x + b))
    return dw, db


def line_exactly_summed(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
    """math.fsum: no rounding in the sum at all."""
    residual = [w * x + b - t for x, t in zip(X.tolist(), y.tolist(), strict=True)]
    products = [r * x for r, x in zip(residual, X.tolist(), strict=True)]
    return 2 * math.fsum(products) / len(residual), 2 * math.fsum(residual) / len(residual)


def line_expanded(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
    """The square multiplied out: moments of the data first."""
    mean = np.mean
    dw = 2 * (w * mean(X * X) + b * mean(X) - mean(X * y))
    return float(dw), float(2 * (w * mean(X) + b - mean(y)))


def line_by_complex_step(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
    """The imaginary part of the loss beside the real axis: exact to rounding."""

    def loss(w: complex, b: complex) -> Any:
        return np.mean((w * X + b - y) ** 2)

    step = 1e-30
    return loss(w + step * 1j, b).imag / step, loss(w, b + step * 1j).imag / step


def with_a_column_of_ones(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """The bias as one more weight."""
    extended = np.c_[X, np.ones(len(X))]
    slope = extended.T @ (extended @ np.r_[w, b] - y)
    return slope[:-1], float(slope[-1])


def with_columns(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """Column vectors throughout, flattened at the end."""
    residual = X.dot(w.reshape(-1, 1)) + b - y.reshape(-1, 1)
    return (X.T.dot(residual) * 2 / X.shape[0]).ravel(), float(2 * residual.mean())


def broadcast(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """Elementwise products, summed over the first axis."""
    residual = (X * w).sum(axis=1) + b - y
    return (X * residual[:, None]).sum(axis=0), residual.sum()


def in_blocks(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """Blocks of five rows."""
    dw, db = np.zeros_like(w), 0.0
    for start in range(0, len(y), 5):
        rows = slice(start, start + 5)
        residual = X[rows] @ w + b - y[rows]
        dw += 2 / len(y) * residual @ X[rows]
        db += 2 / len(y) * float(residual.sum())
    return dw, db


def system_by_einsum(A: Array, y: Array, x: Array) -> Array:
    """Two Einstein sums."""
    residual = np.einsum("ij,j->i", A, x) - y
    return np.asarray(2 / len(y) * np.einsum("ij,i->j", A, residual))


def system_normal_equations(A: Array, y: Array, x: Array) -> Array:
    """AᵀA x − Aᵀy, formed first."""
    return np.asarray((A.T @ A @ x - A.T @ y) * 2 / len(y))


def slope_pairwise(X: Array, y: Array, w: float) -> float:
    """The sum of halves of the samples, recursively."""

    def total(low: int, high: int) -> float:
        if high - low == 1:
            return float(2 * X[low] * (w * X[low] - y[low]))
        middle = (low + high) // 2
        return total(low, middle) + total(middle, high)

    return total(0, len(y)) / len(y)


def slope_compensated(X: Array, y: Array, w: float) -> float:
    """Kahan's sum."""
    total = lost = 0.0
    for term in 2 * X * (w * X - y):
        corrected = term - lost
        new = total + corrected
        lost, total = (new - total) - corrected, new
    return total / len(y)


def network_by_sample(X: Array, y: Array, W1: Array, W2: Array) -> tuple[Array, Array]:
    """One sample at a time, outer products added up."""
    dW1, dW2 = np.zeros_like(W1), np.zeros_like(W2)
    for x, t in zip(X, y, strict=True):
        a = 1 / (1 + np.exp(-np.clip(x @ W1, -700, 700)))
        error = a @ W2 - t
        dW2 += np.outer(a, error)
        dW1 += np.outer(x, W2 @ error * a * (1 - a))
    return dW1, dW2


def network_by_index(X: Array, y: Array, W1: Array, W2: Array) -> tuple[Array, Array]:
    """Nested loops over inputs, hidden units and outputs in plain Python."""
    (d, h), o = W1.shape, W2.shape[1]
    dW1, dW2 = np.zeros_like(W1), np.zeros_like(W2)
    for x, t in zip(X, y, strict=True):
        z = [sum(x[i] * W1[i, j] for i in range(d)) for j in range(h)]
        a = [1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v)) for v in z]
        for k in range(o):
            error = sum(a[j] * W2[j, k] for j in range(h)) - t[k]
            for j in range(h):
                dW2[j, k] += error * a[j]
                for i in range(d):
                    dW1[i, j] += error * W2[j, k] * a[j] * (1 - a[j]) * x[i]
    return dW1, dW2


def network_by_einsum(X: Array, y: Array, W1: Array, W2: Array) -> tuple[Array, Array]:
    """Every product an Einstein sum."""
    z = np.einsum("nd,dh->nh", X, W1)
    a = np.exp(-np.logaddexp(0, -z))
    error = np.einsum("nh,ho->no", a, W2) - y
    hidden = np.einsum("no,ho,nh,nh->nh", error, W2, a, 1 - a)
    return np.einsum("nd,nh->dh", X, hidden), np.einsum("nh,no->ho", a, error)


def dense_by_sample(X: Array, W: Array, b: Array, upstream: Array) -> dict[str, Array]:
    """Outer products of every sample."""
    return {
        "X": np.array([W @ u for u in upstream]),
        "W": np.asarray(sum(np.outer(x, u) for x, u in zip(X, upstream, strict=True))),
        "b": np.array([math.fsum(column) for column in upstream.T]),
    }


def loss_in_a_loop(X: Array, y: Array, w: float, b: float) -> float:
    """The squares added one by one."""
    total = 0.0
    for x, t in zip(X, y, strict=True):
        total += (t - w * x - b) ** 2
    return total / len(y)


def loss_as_a_norm(X: Array, y: Array, w: Array, b: float) -> float:
    """Half the squared length of the residual vector."""
    return float(np.linalg.norm(X @ w + b - y) ** 2 / 2)


SUMS: tuple[Twin, ...] = (
    written("a loop", "line", gradient=line_in_a_loop),
    written("a loop from the end", "line", gradient=line_backwards),
    written("exact sums", "line", gradient=line_exactly_summed),
    written("the square multiplied out", "line", gradient=line_expanded),
    written("complex step", "line", gradient=line_by_complex_step),
    written("a loop in the loss", "line", loss=loss_in_a_loop),
    written("a column of ones", "plane", gradient=with_a_column_of_ones),
    written("broadcasting", "plane", gradient=broadcast),
    written("a norm", "plane", loss=loss_as_a_norm),
    written("column vectors", "multilinear", gradient=with_columns),
    written("blocks of rows", "multilinear", gradient=in_blocks),
    written("Einstein sums", "linear_system", gradient=system_by_einsum),
    written("normal equations", "linear_system", gradient=system_normal_equations),
    written("pairwise sums", "slope", gradient=slope_pairwise),
    written("compensated sums", "slope", gradient=slope_compensated),
    written("sample by sample", "network", gradient=network_by_sample),
    written("index by index", "network", gradient=network_by_index),
    written("Einstein sums", "network", gradient=network_by_einsum),
    written("sample by sample", "dense", backward=dense_by_sample),
)
