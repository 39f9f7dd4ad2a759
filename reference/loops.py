"""Every gradient and update again, index by index in plain Python; shares no code with models.

Inside, arguments and results are floats and nested lists.  `GRADIENTS` and `LOOPS` are the
door for arrays: they take and return the arrays of the contract, by the contract's names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from reference.contract import LEARNING_RATE, Array
from reference.loops_networks import (
    Matrix,
    Nested,
    Vector,
    dense_backward,
    mlp_gradient,
    network_biased_gradient,
    network_gradient,
    sigmoid,
    sigmoid_backward,
)


def slope_gradient(X: Vector, y: Vector, w: float) -> float:
    """dw of the mean squared residual of wX."""
    dw = 0.0
    for i in range(len(y)):
        dw += 2 * X[i] * (X[i] * w - y[i])
    return dw / len(y)


def _line_residual_sums(X: Vector, y: Vector, slope: float, b: float) -> tuple[float, float]:
    """(Σ x·residual, Σ residual) of slope·X + b, residual = prediction − y."""
    along, across = 0.0, 0.0
    for i in range(len(y)):
        residual = slope * X[i] + b - y[i]
        along += X[i] * residual
        across += residual
    return along, across


def line_gradient(X: Vector, y: Vector, w: float, b: float) -> tuple[float, float]:
    """(dw, db) of the mean squared residual of wX + b."""
    along, across = _line_residual_sums(X, y, w, b)
    return 2 * along / len(y), 2 * across / len(y)


def line_half_sse_gradient(X: Vector, y: Vector, m: float, b: float) -> tuple[float, float]:
    """(dm, db) of half the sum of squared residuals of mX + b."""
    return _line_residual_sums(X, y, m, b)


def _weighted_sum(x: Vector, w: Vector, b: float) -> float:
    total = b
    for j in range(len(w)):
        total += x[j] * w[j]
    return total


def plane_gradient(X: Matrix, y: Vector, w: Vector, b: float) -> tuple[Vector, float]:
    """(dw, db) of half the sum of squared residuals of Xw + b."""
    dw, db = [0.0] * len(w), 0.0
    for i in range(len(y)):
        residual = _weighted_sum(X[i], w, b) - y[i]
        db += residual
        for j in range(len(w)):
            dw[j] += X[i][j] * residual
    return dw, db


def multilinear_gradient(X: Matrix, y: Vector, w: Vector, b: float) -> tuple[Vector, float]:
    """(dw, db) of the mean squared residual of Xw + b."""
    dw, db = plane_gradient(X, y, w, b)
    return [2 * entry / len(y) for entry in dw], 2 * db / len(y)


def linear_system_gradient(A: Matrix, y: Vector, x: Vector) -> Vector:
    """dx of the mean over the equations of the squared residual of Ax."""
    dx = [0.0] * len(x)
    for i in range(len(y)):
        residual = _weighted_sum(A[i], x, 0.0) - y[i]
        for j in range(len(x)):
            dx[j] += 2 * A[i][j] * residual / len(y)
    return dx


def sigmoid_unit_gradient(X: Matrix, y: Vector, w: Vector, b: float) -> tuple[Vector, float]:
    """(dw, db) of half the sum of squared residuals of σ(Xw + b)."""
    dw, db = [0.0] * len(w), 0.0
    for i in range(len(y)):
        z = _weighted_sum(X[i], w, b)
        dz = (sigmoid(z) - y[i]) * sigmoid(z) * sigmoid(-z)
        db += dz
        for j in range(len(w)):
            dw[j] += X[i][j] * dz
    return dw, db


def neuron_gradient(X: Matrix, y: Vector, w: Vector) -> Vector:
    """dw of the mean squared residual of σ(Xw)."""
    dw, _ = sigmoid_unit_gradient(X, y, w, 0.0)
    return [2 * entry / len(y) for entry in dw]


def binary_cross_entropy_gradient(y: Vector, p: Vector) -> Vector:
    """dp of the mean of −y ln p − (1−y) ln(1−p)."""
    return [((1 - y[i]) / (1 - p[i]) - y[i] / p[i]) / len(y) for i in range(len(y))]


def sigmoid_cross_entropy_gradient(y: Vector, z: Vector) -> Vector:
    """dz of the mean cross-entropy of σ(z): prediction − target, divided by N."""
    return [(sigmoid(z[i]) - y[i]) / len(y) for i in range(len(y))]


def hill_gradient(x: float, y: float) -> tuple[float, float]:
    """(dx, dy) of sin x · sin y."""
    return math.cos(x) * math.sin(y), math.sin(x) * math.cos(y)


def parabola_gradient(x: float) -> float:
    """dx of x²."""
    return 2 * x


def sextic_gradient(x: float) -> float:
    """dx of x⁶ − 5x⁴ + 6x²."""
    return 6 * x**5 - 20 * x**3 + 12 * x


def bowl_gradient(x: float, y: float) -> tuple[float, float]:
    """(dx, dy) of (5x² + y²)/2."""
    return 5 * x, y


def _descended(parameter: Nested, gradient: Nested, learning_rate: float) -> Nested:
    """parameter − learning_rate · gradient, entry by entry at any rank."""
    if isinstance(parameter, list):
        return [_descended(parameter[i], gradient[i], learning_rate) for i in range(len(parameter))]
    return parameter - learning_rate * gradient


def _lists(arguments: Mapping[str, ArrayLike]) -> dict[str, Nested]:
    return {name: np.asarray(value).tolist() for name, value in arguments.items()}


def _array(value: Nested) -> float | Array:
    return np.array(value) if isinstance(value, list) else value


Answer = float | Array | tuple[float | Array, ...]


def _answer(gradient: Callable[..., Nested], **arguments: ArrayLike) -> Answer:
    result = gradient(**_lists(arguments))
    return tuple(map(_array, result)) if isinstance(result, tuple) else _array(result)


def _update(
    gradient: Callable[..., Nested], names: tuple[str, ...], **arguments: ArrayLike
) -> Answer:
    lists = _lists(arguments)
    learning_rate = lists.pop(LEARNING_RATE)
    result = gradient(**lists)
    parts = result if isinstance(result, tuple) else (result,)
    moved = tuple(
        _array(_descended(lists[name], part, learning_rate))
        for name, part in zip(names, parts, strict=True)
    )
    return moved if len(moved) > 1 else moved[0]


_MLP = ("W1", "b1", "W2", "b2", "W3", "b3")
_LAYERS: tuple[tuple[str, Callable[..., Nested]], ...] = (
    ("dense", dense_backward),
    ("sigmoid", sigmoid_backward),
)
_MODELS: tuple[tuple[str, Callable[..., Nested], tuple[str, ...]], ...] = (
    ("slope", slope_gradient, ("w",)),
    ("neuron", neuron_gradient, ("w",)),
    ("linear_system", linear_system_gradient, ("x",)),
    ("binary_cross_entropy", binary_cross_entropy_gradient, ("p",)),
    ("sigmoid_cross_entropy", sigmoid_cross_entropy_gradient, ("z",)),
    ("mlp", mlp_gradient, _MLP),
    ("line_half_sse", line_half_sse_gradient, ("m", "b")),
    ("plane", plane_gradient, ("w", "b")),
    ("sigmoid_unit", sigmoid_unit_gradient, ("w", "b")),
    ("network", network_gradient, ("W1", "W2")),
    ("network_biased", network_biased_gradient, ("W1", "b1", "W2", "b2")),
    ("hill", hill_gradient, ("x", "y")),
    ("parabola", parabola_gradient, ("x",)),
    ("sextic", sextic_gradient, ("x",)),
    ("bowl", bowl_gradient, ("x", "y")),
    ("line", line_gradient, ("w", "b")),
    ("multilinear", multilinear_gradient, ("w", "b")),
)

# Model name → gradient (a layer's backward), called with the contract's keyword arguments;
# a single parameter's gradient comes bare, several as a tuple in the documented order.
GRADIENTS: Mapping[str, Callable[..., Answer]] = {
    **{name: partial(_answer, gradient) for name, gradient, _ in _MODELS},
    **{name: partial(_answer, backward) for name, backward in _LAYERS},
}

# Model name → update (a layer's backward), called in the same way.
LOOPS: Mapping[str, Callable[..., Answer]] = {
    **{name: partial(_update, gradient, names) for name, gradient, names in _MODELS},
    **{name: partial(_answer, backward) for name, backward in _LAYERS},
}
