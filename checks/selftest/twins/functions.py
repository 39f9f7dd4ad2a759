"""Other ways to the same function: sigmoids, logarithms with a guard, surfaces, updates."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.special import expit, log_expit, xlog1py, xlogy

from checks.selftest.mutants.mutant import ENTRIES, Function, named, reference_functions, returned
from checks.selftest.twins.twin import Twin, written
from reference.contract import LEARNING_RATE, Array

Sigmoid = Callable[[Array], Array]
GUARD = 1e-12


def by_tanh(z: Array) -> Array:
    """½ (1 + tanh(z/2))."""
    return np.asarray(0.5 * (1 + np.tanh(z / 2)))


def by_cases(z: Array) -> Array:
    """Two formulas behind a mask."""
    a = np.empty_like(z)
    positive = z >= 0
    a[positive] = 1 / (1 + np.exp(-z[positive]))
    grown = np.exp(z[~positive])
    a[~positive] = grown / (1 + grown)
    return a


def by_logarithm(z: Array) -> Array:
    """exp(−ln(1 + e^(−z)))."""
    return np.asarray(np.exp(-np.logaddexp(0, -z)))


def clipped(z: Array) -> Array:
    """e^(−z) of a logit kept within ±700."""
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -700, 700))))


def by_scipy(z: Array) -> Array:
    """SciPy's own."""
    return np.asarray(expit(z))


def neuron_gradient(sigmoid: Sigmoid) -> Function:
    """The chain rule with this sigmoid."""

    def gradient(X: Array, y: Array, w: Array) -> Array:
        a = sigmoid(X @ w)
        return np.asarray(2 * X.T @ ((a - y) * a * (1 - a)) / len(y))

    return gradient


def unit_gradient(sigmoid: Sigmoid) -> Function:
    """The same with a bias, summed."""

    def gradient(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
        a = sigmoid(X @ w + b)
        delta = (a - y) * a * (1 - a)
        return X.T @ delta, float(delta.sum())

    return gradient


def layer_gradient(sigmoid: Sigmoid) -> Function:
    """upstream · a (1 − a)."""
    return lambda z, upstream: upstream * (sigmoid(z) - sigmoid(z) ** 2)


def biased_gradient(sigmoid: Sigmoid) -> Function:
    """One hidden layer, the biases as weights of a constant input."""

    def gradient(
        X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array
    ) -> tuple[Array, Array, Array, Array]:
        ones = np.ones((len(X), 1))
        inputs = np.hstack([X, ones])
        a = sigmoid(inputs @ np.vstack([W1, b1]))
        hidden = np.hstack([a, ones])
        error = hidden @ np.vstack([W2, b2]) - y
        second = hidden.T @ error
        first = inputs.T @ (error @ W2.T * a * (1 - a))
        return first[:-1], first[-1], second[:-1], second[-1]

    return gradient


def mlp_layer_by_layer(
    X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array
) -> tuple[Array, ...]:
    """Lists of layers, the derivative of the cross-entropy and of σ multiplied out at the end."""
    activations = [X]
    for W, b in ((W1, b1), (W2, b2), (W3, b3)):
        activations.append(expit(activations[-1] @ W + b))
    delta = (activations[-1] - y) / len(X)
    slopes: list[Array] = []
    for at, W in ((2, W3), (1, W2), (0, W1)):
        slopes = [activations[at].T @ delta, delta.sum(axis=0), *slopes]
        delta = delta @ W.T * activations[at] * (1 - activations[at])
    return tuple(slopes)


def guarded_loss(y: Array, p: Array) -> float:
    """ln(p + 1e-12)."""
    return float(-np.mean(y * np.log(p + GUARD) + (1 - y) * np.log(1 - p + GUARD)))


def clipped_loss(y: Array, p: Array) -> float:
    """p kept within [1e-12, 1 − 1e-12]."""
    p = np.clip(p, GUARD, 1 - GUARD)
    return float(np.mean(np.where(y == 1, -np.log(p), 0) + np.where(y == 0, -np.log1p(-p), 0)))


def guarded_gradient(y: Array, p: Array) -> Array:
    """1/(p + 1e-12)."""
    return np.asarray(((1 - y) / (1 - p + GUARD) - y / (p + GUARD)) / len(y))


def scipy_loss(y: Array, p: Array) -> float:
    """SciPy's x ln y."""
    return -float(np.mean(xlogy(y, p) + xlog1py(1 - y, -p)))


def one_fraction(y: Array, p: Array) -> Array:
    """(p − y)/(p (1 − p)), over N."""
    return np.asarray((p - y) / (p * (1 - p)) / y.size)


def logits_by_scipy(y: Array, z: Array) -> float:
    """ln σ from SciPy."""
    return -float(np.mean(y * log_expit(z) + (1 - y) * log_expit(-z)))


def logits_in_a_loop(y: Array, z: Array) -> float:
    """max(z, 0) − z y + ln(1 + e^(−|z|)), sample by sample."""
    terms = [
        max(v, 0.0) - v * t + math.log1p(math.exp(-abs(v)))
        for v, t in zip(z.tolist(), y.tolist(), strict=True)
    ]
    return math.fsum(terms) / len(terms)


class Bowl:
    """Methods of an object, handed over as functions."""

    def __init__(self, first: float, second: float) -> None:
        self.first, self.second = first, second

    def loss(self, x: float, y: float) -> float:
        """(5x² + y²)/2."""
        return (self.first * x * x + self.second * y * y) / 2

    def gradient(self, x: float, y: float) -> tuple[float, float]:
        """(5x, y)."""
        return self.first * x, self.second * y


def by_shifts(x: float, y: float) -> tuple[float, float]:
    """Cosines as the derivative of a complex exponential."""
    turned = np.exp(1j * np.array([x, y]))
    return float(turned[0].real * turned[1].imag), float(turned[0].imag * turned[1].real)


def horner(x: float) -> float:
    """x² (x² (x² − 5) + 6)."""
    square = x * x
    return square * (square * (square - 5) + 6)


def in_place_on_copies(of: str) -> Function:
    """-= on copies of the parameters."""
    entry = ENTRIES[of]

    def update(**given: Any) -> Any:
        rate = given.pop(LEARNING_RATE)
        new = {name: np.array(given[name], dtype=float) for name in entry.parameter_names}
        for name, slope in named(entry, entry.module.gradient(**given)).items():
            new[name] -= rate * slope
        return returned(entry, new)

    return update


def flattened(of: str) -> Function:
    """All parameters in one vector, moved at once and taken apart again."""
    entry = ENTRIES[of]

    def update(**given: Any) -> Any:
        rate = given.pop(LEARNING_RATE)
        shapes = {name: np.shape(given[name]) for name in entry.parameter_names}
        at = np.concatenate([np.ravel(given[name]) for name in shapes])
        slopes = named(entry, entry.module.gradient(**given)).values()
        at = at + (-rate) * np.concatenate([np.ravel(slope) for slope in slopes])
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])[:-1]
        parts = zip(np.split(at, ends), shapes.values(), strict=True)
        return returned(
            entry, dict(zip(shapes, [part.reshape(s) for part, s in parts], strict=True))
        )

    return update


def powered(X: Array, y: Array, w: Array, b: float, power: int = 2) -> float:
    """The loss with an extra argument that has a default."""
    return float(np.sum(np.abs(X @ w + b - y) ** power)) / 2


BOWL = Bowl(5.0, 1.0)
SIGMOIDS: tuple[tuple[str, Sigmoid], ...] = (
    ("by tanh", by_tanh),
    ("by cases", by_cases),
    ("by logarithm", by_logarithm),
    ("of clipped logits", clipped),
    ("by SciPy", by_scipy),
)

FUNCTIONS: tuple[Twin, ...] = (
    *(written(f"sigmoid {how}", "neuron", gradient=neuron_gradient(s)) for how, s in SIGMOIDS),
    *(written(f"sigmoid {how}", "sigmoid_unit", gradient=unit_gradient(s)) for how, s in SIGMOIDS),
    *(
        written(f"sigmoid {how}", "network_biased", gradient=biased_gradient(s))
        for how, s in SIGMOIDS
    ),
    *(
        written(f"output {how}", "sigmoid", forward=s, backward=layer_gradient(s))
        for how, s in SIGMOIDS
        if s is not by_cases  # a mask cannot be set in a scalar
    ),
    written("layer by layer", "mlp", gradient=mlp_layer_by_layer),
    written("a guard of 1e-12", "binary_cross_entropy", loss=guarded_loss,
            gradient=guarded_gradient),
    written("a clip at 1e-12", "binary_cross_entropy", loss=clipped_loss),
    written("SciPy's xlogy", "binary_cross_entropy", loss=scipy_loss),
    written("one fraction", "binary_cross_entropy", gradient=one_fraction),
    written("SciPy's log_expit", "sigmoid_cross_entropy", loss=logits_by_scipy),
    written("a loop", "sigmoid_cross_entropy", loss=logits_in_a_loop),
    written("methods", "bowl", loss=BOWL.loss, gradient=BOWL.gradient),
    written("complex exponentials", "hill", gradient=by_shifts),
    written("Horner", "sextic", loss=horner),
    written("a product", "parabola", loss=lambda x: x * x, gradient=lambda x: x + x),
    written("in place on copies", "network", update=in_place_on_copies("network")),
    written("in place on copies", "line", update=in_place_on_copies("line")),
    written("one vector", "mlp", update=flattened("mlp")),
    written("one vector", "plane", update=flattened("plane")),
    written("an extra argument", "plane", loss=powered),
    written("a partial", "plane", loss=partial(powered, power=2)),
    written("NumPy's float", "line",
            loss=lambda **given: np.float64(reference_functions("line")["loss"](**given))),
    written("a 0-d array", "slope",
            loss=lambda **given: np.array(reference_functions("slope")["loss"](**given))),
)  # fmt: skip
