"""Losses with known gradients, drawn at random: the raw material of the engine's trials.

Every family draws (losses, gradient, at): losses takes points (m, P) and works in their dtype,
gradient takes one point (P,) and works in its dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[Any]
Drawn: TypeAlias = tuple[Callable[[Numbers], Any], Callable[[Numbers], Any], Numbers]
Family: TypeAlias = Callable[[np.random.Generator], Drawn]


def sigmoid(z: Numbers) -> Any:
    """1 / (1 + e^−z) without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def _data(rng: np.random.Generator) -> tuple[Numbers, Numbers, Numbers]:
    samples, features = rng.integers(1, 30), rng.integers(1, 9)
    X = rng.normal(size=(samples, features)) * 10 ** rng.uniform(-1, 1)
    return X, rng.normal(size=samples), rng.normal(size=features)


def least_squares(rng: np.random.Generator) -> Drawn:
    """Mean of squared residuals of a linear model."""
    X, y, at = _data(rng)

    def losses(points: Numbers) -> Any:
        return np.mean((points @ X.T.astype(points.dtype) - y.astype(points.dtype)) ** 2, axis=1)

    def gradient(w: Numbers) -> Any:
        A, b = X.astype(w.dtype), y.astype(w.dtype)
        return 2 * A.T @ (A @ w - b) / len(b)

    return losses, gradient, at


def cross_entropy(rng: np.random.Generator) -> Drawn:
    """Mean cross-entropy of a logistic unit, in the logits form."""
    X, y, at = _data(rng)
    y = (y > 0).astype(float)

    def losses(points: Numbers) -> Any:
        z = points @ X.T.astype(points.dtype)
        return np.mean(np.logaddexp(0, z) - y.astype(points.dtype) * z, axis=1)

    def gradient(w: Numbers) -> Any:
        A, b = X.astype(w.dtype), y.astype(w.dtype)
        return A.T @ (sigmoid(A @ w) - b) / w.dtype.type(len(b))

    return losses, gradient, at


def neuron(rng: np.random.Generator) -> Drawn:
    """Half the sum of squared residuals of a sigmoid unit."""
    X, y, at = _data(rng)

    def losses(points: Numbers) -> Any:
        z = points @ X.T.astype(points.dtype)
        return np.sum((sigmoid(z) - y.astype(points.dtype)) ** 2, axis=1) / 2

    def gradient(w: Numbers) -> Any:
        A = X.astype(w.dtype)
        a = sigmoid(A @ w)
        return A.T @ ((a - y.astype(w.dtype)) * a * (1 - a))

    return losses, gradient, at


def _network(
    rng: np.random.Generator,
    activation: Callable[[Numbers], Numbers],
    slope: Callable[[Numbers], Numbers],
) -> Drawn:
    samples, d, h = rng.integers(1, 12), rng.integers(1, 5), rng.integers(1, 6)
    X, y = rng.normal(size=(samples, d)), rng.normal(size=samples)

    def losses(points: Numbers) -> Any:
        W = points[:, : d * h].reshape(-1, d, h)
        out = np.einsum("mnh,mh->mn", activation(X.astype(points.dtype) @ W), points[:, d * h :])
        return np.mean((out - y.astype(points.dtype)) ** 2, axis=1)

    def gradient(point: Numbers) -> Any:
        A, b = X.astype(point.dtype), y.astype(point.dtype)
        W, u = point[: d * h].reshape(d, h), point[d * h :]
        z = A @ W
        a = activation(z)
        delta = 2 * (a @ u - b) / point.dtype.type(samples)
        return np.concatenate([(A.T @ (np.outer(delta, u) * slope(z))).ravel(), a.T @ delta])

    return losses, gradient, rng.normal(size=d * h + h)


def tanh_network(rng: np.random.Generator) -> Drawn:
    """Mean squared error of one hidden layer of tanh units."""
    return _network(rng, np.tanh, lambda z: 1 - np.tanh(z) ** 2)


def relu_network(rng: np.random.Generator) -> Drawn:
    """Mean squared error of one hidden layer of rectified units: kinks all around."""
    return _network(rng, lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(z.dtype))


def softmax(rng: np.random.Generator) -> Drawn:
    """−log of one softmax component of a vector of logits."""
    size = int(rng.integers(2, 12))

    def losses(points: Numbers) -> Any:
        top = np.max(points, axis=1, keepdims=True)
        return (np.log(np.sum(np.exp(points - top), axis=1, keepdims=True)) + top)[:, 0] - points[
            :, 0
        ]

    def gradient(z: Numbers) -> Any:
        p = np.exp(z - np.max(z))
        p /= np.sum(p)
        p[0] -= 1
        return p

    return losses, gradient, rng.normal(size=size) * 2


def poisson(rng: np.random.Generator) -> Drawn:
    """Mean of e^z − y z: a loss that grows exponentially."""
    X, y, at = _data(rng)
    X /= np.max(np.abs(X))
    y = np.floor(np.abs(y) * 3)

    def losses(points: Numbers) -> Any:
        z = points @ X.T.astype(points.dtype)
        return np.mean(np.exp(z) - y.astype(points.dtype) * z, axis=1)

    def gradient(w: Numbers) -> Any:
        A, b = X.astype(w.dtype), y.astype(w.dtype)
        return A.T @ (np.exp(A @ w) - b) / w.dtype.type(len(b))

    return losses, gradient, at


def rosenbrock(rng: np.random.Generator) -> Drawn:
    """The curved valley Σ 100 (x₊ − x²)² + (1 − x)²."""
    size = int(rng.integers(2, 8))

    def losses(points: Numbers) -> Any:
        x, after = points[:, :-1], points[:, 1:]
        return np.sum(100 * (after - x**2) ** 2 + (1 - x) ** 2, axis=1)

    def gradient(point: Numbers) -> Any:
        x, after = point[:-1], point[1:]
        g = np.zeros_like(point)
        g[:-1] = -400 * x * (after - x**2) - 2 * (1 - x)
        g[1:] += 200 * (after - x**2)
        return g

    return losses, gradient, rng.normal(size=size)


def hill(rng: np.random.Generator) -> Drawn:
    """sin x · sin y."""

    def losses(points: Numbers) -> Any:
        return np.sin(points[:, 0]) * np.sin(points[:, 1])

    def gradient(point: Numbers) -> Any:
        x, y = point
        return np.array([np.cos(x) * np.sin(y), np.sin(x) * np.cos(y)])

    return losses, gradient, rng.normal(size=2)


def sextic(rng: np.random.Generator) -> Drawn:
    """x⁶ − 5x⁴ + 6x², of one parameter."""

    def losses(points: Numbers) -> Any:
        x = points[:, 0]
        return x**6 - 5 * x**4 + 6 * x**2

    def gradient(point: Numbers) -> Any:
        return 6 * point**5 - 20 * point**3 + 12 * point

    return losses, gradient, rng.normal(size=1) * 2


def ripple(rng: np.random.Generator) -> Drawn:
    """Σ cos(k x) / k² over fast and slow frequencies: no step suits all of it."""
    frequencies = 10 ** rng.uniform(-1, 3, int(rng.integers(1, 6)))

    def losses(points: Numbers) -> Any:
        return np.sum(np.cos(points * frequencies.astype(points.dtype)) / frequencies**2, axis=1)

    def gradient(point: Numbers) -> Any:
        k = frequencies.astype(point.dtype)
        return -np.sin(point * k) / k

    return losses, gradient, rng.normal(size=len(frequencies))


def large_network(rng: np.random.Generator) -> Drawn:
    """Mean softplus of 20 units of 400 parameters each direction: many parameters."""
    A = rng.normal(size=(20, 400)) / 20

    def losses(points: Numbers) -> Any:
        return np.mean(np.logaddexp(0, points @ A.T.astype(points.dtype)), axis=1)

    def gradient(point: Numbers) -> Any:
        M = A.astype(point.dtype)
        return M.T @ sigmoid(M @ point) / point.dtype.type(20)

    return losses, gradient, rng.normal(size=400)


FAMILIES: tuple[Family, ...] = (
    least_squares,
    cross_entropy,
    neuron,
    tanh_network,
    relu_network,
    softmax,
    poisson,
    rosenbrock,
    hill,
    sextic,
    ripple,
    large_network,
)
