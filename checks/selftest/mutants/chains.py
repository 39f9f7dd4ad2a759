"""Chain rules written out with a mistake in them, as tutorials and students write them.

D1.2, D2.6, D3.4 and D3.6 are the defects of the documents' own code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from checks.selftest.mutants.mutant import Mutant, reference_functions, written_gradient
from reference.contract import Array

Slope = Callable[[Array, Array], Array]


def sigmoid(z: Array) -> Array:
    """1/(1 + e^(−z)), with nothing done about overflow."""
    value: Array = 1 / (1 + np.exp(-z))
    return value


def right(z: Array, a: Array) -> Array:
    """σ'(z) from the activation a = σ(z)."""
    return a * (1 - a)


def at_activation(z: Array, a: Array) -> Array:
    """σ'(σ(z)): the derivative's function given the activation (D1.2)."""
    s = sigmoid(a)
    return s * (1 - s)


def missing(z: Array, a: Array) -> Array:
    """No derivative at all."""
    return np.ones_like(a)


def without_one_minus(z: Array, a: Array) -> Array:
    """a in place of a (1 − a)."""
    return a


def neuron(slope: Slope, activation: Callable[[Array], Array] = sigmoid) -> Callable[..., Any]:
    """2/N Σ (prediction − y) · slope · x."""

    def gradient(X: Array, y: Array, w: Array) -> Array:
        z = X @ w
        a = activation(z)
        return np.asarray(X.T @ (2 * (a - y) * slope(z, a)) / len(y))

    return gradient


def sigmoid_unit(
    slope: Slope, activation: Callable[[Array], Array] = sigmoid
) -> Callable[..., Any]:
    """Σ (prediction − y) · slope · x, and the same without x."""

    def gradient(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
        z = X @ w + b
        a = activation(z)
        delta = (a - y) * slope(z, a)
        return X.T @ delta, float(np.sum(delta))

    return gradient


def network(slope: Slope, activation: Callable[[Array], Array] = sigmoid) -> Callable[..., Any]:
    """Backpropagation through one hidden layer without biases."""

    def gradient(X: Array, y: Array, W1: Array, W2: Array) -> tuple[Array, Array]:
        z = X @ W1
        a = activation(z)
        delta = a @ W2 - y
        return X.T @ (delta @ W2.T * slope(z, a)), a.T @ delta

    return gradient


def network_biased(slope: Slope) -> Callable[..., Any]:
    """The same with biases."""

    def gradient(
        X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array
    ) -> tuple[Array, Array, Array, Array]:
        z = X @ W1 + b1
        a = sigmoid(z)
        delta = a @ W2 + b2 - y
        hidden = delta @ W2.T * slope(z, a)
        return X.T @ hidden, hidden.sum(axis=0), a.T @ delta, delta.sum(axis=0)

    return gradient


def mlp(
    slope: Slope, *, layer: int = 0, output_slope: bool = False, square: bool = False
) -> Callable[..., Any]:
    """Two hidden layers; output_slope: σ' of the last layer, which cross-entropy cancels.

    layer: the only one whose slope is replaced, 0 for both.
    """
    second, first = (slope if layer in (0, k) else right for k in (2, 1))

    def gradient(
        X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array
    ) -> tuple[Array, ...]:
        z1 = X @ W1 + b1
        a1 = sigmoid(z1)
        z2 = a1 @ W2 + b2
        a2 = sigmoid(z2)
        p = sigmoid(a2 @ W3 + b3)
        d3 = (p - y) / len(y)
        if output_slope or square:
            d3 = d3 * p * (1 - p) * (2 if square else 1)
        d2 = d3 @ W3.T * second(z2, a2)
        d1 = d2 @ W2.T * first(z1, a1)
        return (X.T @ d1, d1.sum(axis=0), a1.T @ d2, d2.sum(axis=0), a2.T @ d3, d3.sum(axis=0))

    return gradient


def rounded_e(e: float) -> Callable[[Array], Array]:
    """The sigmoid with a rounded e."""
    return lambda z: 1 / (1 + e ** (-z))


def layer(slope: Slope) -> Callable[..., Any]:
    """The sigmoid layer's backward."""
    return lambda z, upstream: upstream * slope(z, sigmoid(z))


SLOPES: tuple[Mutant, ...] = tuple(
    written_gradient(pattern, of, make(slope))
    for pattern, slope, models in (
        (
            "sigma prime at activation",
            at_activation,
            (
                ("neuron", neuron),  # D1.2
                ("sigmoid_unit", sigmoid_unit),
                ("network", network),
                ("network_biased", network_biased),
                ("mlp", mlp),
                ("sigmoid", layer),
            ),
        ),
        (
            "sigma prime missing",
            missing,
            (
                ("neuron", neuron),
                ("sigmoid_unit", sigmoid_unit),
                ("network", network),
                ("network_biased", network_biased),
                ("mlp", mlp),
                ("sigmoid", layer),
            ),
        ),
        (
            "activation without one minus",
            without_one_minus,
            (("neuron", neuron), ("network", network), ("mlp", mlp), ("sigmoid", layer)),
        ),
    )
    for of, make in models
)


SLOPES_OF_ONE_LAYER: tuple[Mutant, ...] = tuple(
    written_gradient(pattern, "mlp", mlp(slope, layer=k), what=f"{pattern} at hidden layer {k}")
    for pattern, slope in (
        ("sigma prime at activation", at_activation),
        ("sigma prime missing", missing),
        ("activation without one minus", without_one_minus),
    )
    for k in (1, 2)
)


def residual_minus_bias(X: Array, y: Array, m: float, b: float) -> tuple[float, float]:
    """m X − b − y in place of m X + b − y."""
    residual = m * X - b - y
    return float(X @ residual), float(np.sum(residual))


def network_ignoring(bias: str) -> Callable[..., Any]:
    """network_biased with one of the biases left out of the forward pass."""
    right = reference_functions("network_biased")["gradient"]
    return lambda **given: right(**{**given, bias: 0 * given[bias]})


def regression_ignoring(targets: bool, bias: bool) -> Callable[..., Any]:
    """The gradient of multilinear with the targets or the bias left out of the residual."""

    def gradient(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
        residual = X @ w + (0 if bias else b) - (0 if targets else y)
        return 2 * X.T @ residual / len(y), 2 * float(residual.mean())

    return gradient


def line_of_pairs(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
    """Predictions (1, N) minus targets (N, 1): every prediction meets every target (D3.4)."""
    residual = (w * X + b).reshape(1, -1) - y.reshape(-1, 1)
    return float(2 * np.mean(residual * X)), float(2 * np.mean(residual))


def plane_of_pairs(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """The same for the plane, summed."""
    residual = ((X @ w + b).reshape(-1, 1) - y).sum(axis=1)
    return X.T @ residual, float(residual.sum())


def absolute_error(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """The gradient of the mean absolute error, with a 2 in front."""
    sign = np.sign(X @ w + b - y)
    return 2 * X.T @ sign / len(y), 2 * float(sign.mean())


def half_cross_entropy(y: Array, p: Array) -> Array:
    """The part of the cross-entropy with y = 1 only."""
    return np.asarray(-y / p / len(y))


def untransposed(X: Array, W: Array, b: Array, upstream: Array) -> tuple[Array, Array, Array]:
    """W in place of its transpose, made to fit by a reshape."""
    return upstream @ W.reshape(W.shape[::-1]), X.T @ upstream, upstream.sum(axis=0)


def bias_over_outputs(X: Array, W: Array, b: Array, upstream: Array) -> tuple[Array, Array, Array]:
    """The bias gradient summed over the outputs instead of the samples (D2.6)."""
    return upstream @ W.T, X.T @ upstream, upstream.sum(axis=1)


def state_left_perturbed(X: Array, y: Array, W1: Array, W2: Array) -> tuple[Array, Array]:
    """Forward differences; W1's last weight is still perturbed while W2 is differenced (D3.6)."""
    step = 1e-8
    loss = reference_functions("network")["loss"]
    weights = [W1.copy(), W2.copy()]
    start = loss(X, y, *weights)
    slopes = []
    for weight in weights:
        slope = np.empty_like(weight)
        index: tuple[int, ...] | None = None
        for following in np.ndindex(weight.shape):
            if index is not None:
                weight[index] -= step
            index = following
            weight[index] += step
            slope[index] = (loss(X, y, *weights) - start) / step
        slopes.append(slope)
    return slopes[0], slopes[1]


WRITTEN: tuple[Mutant, ...] = (
    written_gradient(
        "sigma prime extra",
        "sigmoid_cross_entropy",
        lambda y, z: (sigmoid(z) - y) * right(z, sigmoid(z)) / len(y),
    ),
    written_gradient(
        "square error instead of cross entropy",
        "sigmoid_cross_entropy",
        lambda y, z: 2 * (sigmoid(z) - y) * right(z, sigmoid(z)) / len(y),
    ),
    written_gradient(
        "half of cross entropy",
        "sigmoid_cross_entropy",
        lambda y, z: -y * (1 - sigmoid(z)) / len(y),
    ),
    written_gradient("sigma prime extra", "mlp", mlp(right, output_slope=True)),
    written_gradient("square error instead of cross entropy", "mlp", mlp(right, square=True)),
    written_gradient("e as 2.71", "neuron", neuron(right, rounded_e(2.71))),
    written_gradient("e as 2.718", "sigmoid_unit", sigmoid_unit(right, rounded_e(2.718))),
    written_gradient("e as 2.71", "network", network(right, rounded_e(2.71))),
    written_gradient("targets ignored", "multilinear", regression_ignoring(True, False)),
    written_gradient("bias ignored", "multilinear", regression_ignoring(False, True)),
    written_gradient("bias subtracted", "line_half_sse", residual_minus_bias),
    written_gradient("bias ignored", "network_biased", network_ignoring("b1"), "b1 ignored"),
    written_gradient("bias ignored", "network_biased", network_ignoring("b2"), "b2 ignored"),
    written_gradient("predictions minus targets broadcast", "line", line_of_pairs),
    written_gradient("predictions minus targets broadcast", "plane", plane_of_pairs),
    written_gradient("absolute error", "multilinear", absolute_error),
    written_gradient("half of cross entropy", "binary_cross_entropy", half_cross_entropy),
    written_gradient("upstream ignored", "sigmoid",
                     lambda z, upstream: right(z, sigmoid(z))),
    written_gradient("upstream ignored", "dense",
                     lambda X, W, b, upstream: reference_functions("dense")["backward"](
                         X, W, b, np.ones_like(upstream))),
    written_gradient("one component wrong", "dense", untransposed, "W not transposed"),
    written_gradient("state left perturbed", "network", state_left_perturbed, "D3.6"),
    Mutant("dense: D2.6, bias gradient over the wrong axis", "dense",
           {**reference_functions("dense"), "backward": bias_over_outputs},
           frozenset({"contract"}), "wrong shape", frozenset({"predict"})),
)  # fmt: skip

CHAINS: tuple[Mutant, ...] = (*SLOPES, *SLOPES_OF_ONE_LAYER, *WRITTEN)
