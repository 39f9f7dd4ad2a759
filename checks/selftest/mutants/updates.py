"""Update rules with a mistake in them: order, sign, rate, forgotten parameters (D3.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from checks.battery.convergence import ELSEWHERE
from checks.selftest.mutants.changes import samples
from checks.selftest.mutants.mutant import (
    ENTRIES,
    Function,
    Given,
    Gradient,
    Mutant,
    named,
    returned,
    wrong_updates,
)
from reference.contract import LEARNING_RATE, Array

Step = Callable[[Gradient, float, Given], Gradient]


def stepping(step: Step) -> Callable[[str], Function]:
    """An update of θ − step(gradient, rate, arguments)."""

    def make(of: str) -> Function:
        entry = ENTRIES[of]

        def update(**given: Any) -> Any:
            rate = given.pop(LEARNING_RATE)
            steps = step(named(entry, entry.module.gradient(**given)), rate, given)
            return returned(entry, {name: given[name] - steps[name] for name in steps})

        return update

    return make


def scaled(ratio: Callable[[float, Given], float], *only: str) -> Callable[[str], Function]:
    """The step rate · gradient of all parameters, or of the named ones, times a ratio."""

    def step(gradient: Gradient, rate: float, given: Given) -> Gradient:
        times = ratio(rate, given)
        return {
            name: (times if not only or name in only else 1) * rate * value
            for name, value in gradient.items()
        }

    return stepping(step)


def sequential(*order: str) -> Callable[[str], Function]:
    """One parameter after the other, each from a gradient that sees the new values (D3.3)."""

    def make(of: str) -> Function:
        entry = ENTRIES[of]

        def update(**given: Any) -> Any:
            rate = given.pop(LEARNING_RATE)
            for name in order or entry.parameter_names:
                slope = named(entry, entry.module.gradient(**given))[name]
                given[name] = given[name] - rate * slope
            return returned(entry, given)

        return update

    return make


def weights_before_handing_back(of: str) -> Function:
    """Each layer's weights move before the gradient is handed back through them (D2.6)."""
    module = ENTRIES[of].module

    def update(
        X: Array, y: Array, learning_rate: float,
        W1: Array, b1: Array, W2: Array, b2: Array, W3: Array, b3: Array,
    ) -> tuple[Array, ...]:  # fmt: skip
        a1, a2, z3 = module.forward(X, W1, b1, W2, b2, W3, b3)
        delta = (1 / (1 + np.exp(-z3)) - y) / len(y)
        new: list[Array] = []
        for weight, bias, inputs in ((W3, b3, a2), (W2, b2, a1), (W1, b1, X)):
            moved = weight - learning_rate * inputs.T @ delta
            new = [moved, bias - learning_rate * delta.sum(axis=0), *new]
            delta = delta @ moved.T * inputs * (1 - inputs)
        return tuple(new)

    return update


def clipped_step(gradient: Gradient, rate: float, given: Given) -> Gradient:
    """Steps of at most 0.01 in any parameter."""
    return {name: np.clip(rate * value, -0.01, 0.01) for name, value in gradient.items()}


def clipped_at_1(gradient: Gradient, rate: float, given: Given) -> Gradient:
    """Every slope between −1 and 1."""
    return {name: rate * np.clip(value, -1, 1) for name, value in gradient.items()}


def of_length_1(gradient: Gradient, rate: float, given: Given) -> Gradient:
    """Every parameter's slope divided by its own length."""
    return {name: rate * value / np.linalg.norm(value) for name, value in gradient.items()}


def own_rate(gradient: Gradient, rate: float, given: Given) -> Gradient:
    """A rate written into the code; the argument is ignored."""
    return {name: 0.01 * value for name, value in gradient.items()}


def stands_still(gradient: Gradient, rate: float, given: Given) -> Gradient:
    """No step any more where every slope is below a millionth."""
    near = max(float(np.max(np.abs(value))) for value in gradient.values()) < 1e-6
    return {name: (0 if near else 1) * rate * value for name, value in gradient.items()}


def only_step(of: str) -> Function:
    """The step is returned in place of the new parameters."""
    entry = ENTRIES[of]

    def update(**given: Any) -> Any:
        rate = given.pop(LEARNING_RATE)
        slopes = named(entry, entry.module.gradient(**given))
        return returned(entry, {name: -rate * slopes[name] for name in slopes})

    return update


def unchanged(of: str) -> Function:
    """The parameters go back as they came."""
    return lambda **given: returned(ENTRIES[of], given)


def doubled_beyond(limit: float) -> Callable[[str], Function]:
    """Right where the step is small, twice as long where it is not."""

    def step(gradient: Gradient, rate: float, given: Given) -> Gradient:
        long = max(float(np.max(np.abs(value))) for value in gradient.values()) * rate > limit
        return {name: (2 if long else 1) * rate * value for name, value in gradient.items()}

    return stepping(step)


def momentum_on_the_way(of: str) -> Function:
    """A velocity that is kept while a call goes on where the last one ended, and else forgotten."""
    entry = ENTRIES[of]
    velocity: dict[str, Any] = {}
    end: dict[str, Any] = {}

    def update(**given: Any) -> Any:
        rate = given.pop(LEARNING_RATE)
        if not end or not all(np.array_equal(given[name], end[name]) for name in end):
            velocity.clear()
        for name, slope in named(entry, entry.module.gradient(**given)).items():
            velocity[name] = 0.9 * velocity.get(name, 0.0) + slope
            end[name] = given[name] - rate * velocity[name]
        return returned(entry, end)

    return update


UPDATES: tuple[Mutant, ...] = (
    *wrong_updates(
        "sequential update", sequential(),
        "line", "line_half_sse", "plane", "sigmoid_unit", "multilinear", "network",
        "network_biased", "mlp", "hill",
    ),  # plane: D3.3
    *wrong_updates("sequential update", sequential("W2", "W1"), "network", what="backwards"),
    *wrong_updates("weights already updated", weights_before_handing_back, "mlp", what="D2.6"),
    *wrong_updates(
        "sign flipped", scaled(lambda rate, at: -1), "slope", "line", "hill", "mlp",
        what="uphill",
    ),
    *wrong_updates("learning rate inside", scaled(lambda rate, at: rate), "line", "network",
                   "parabola", what="the rate twice"),
    *wrong_updates("learning rate missing", scaled(lambda rate, at: 1 / rate), "slope", "bowl"),
    *wrong_updates("divided by n twice", scaled(lambda rate, at: 1 / samples(at)), "line",
                   "multilinear"),
    *wrong_updates("mean instead of sum", scaled(lambda rate, at: 1 / samples(at)), "plane"),
    *wrong_updates("factor 2 extra", scaled(lambda rate, at: 2), "neuron", "sextic"),
    *wrong_updates("missing component", scaled(lambda rate, at: 0, "b"), "line", "sigmoid_unit",
                   what="the bias is forgotten"),
    *wrong_updates("missing component", scaled(lambda rate, at: 0, "W1"), "network"),
    *wrong_updates("missing component", unchanged, "linear_system", "sextic", what="no step"),
    *wrong_updates("sign flipped", scaled(lambda rate, at: -1, "b"), "plane",
                   what="the bias goes uphill"),
    *wrong_updates("the step instead of the new parameters", only_step, "network", "hill"),
    *wrong_updates("learning rate ignored", stepping(own_rate), "network", "multilinear",
                   what="a rate of its own"),
    *wrong_updates("learning rate ignored", scaled(lambda rate, at: min(rate, 0.5) / rate), "bowl",
                   what="a rate of at most 0.5"),
    *wrong_updates("learning rate ignored", scaled(lambda rate, at: max(rate, 1e-3) / rate), "bowl",
                   what="a rate of at least 0.001"),
    *wrong_updates("clipped", stepping(clipped_step), "network_biased", what="clipped steps"),
    *wrong_updates("clipped", stepping(clipped_at_1), "multilinear", what="clipped slopes"),
    *wrong_updates("normalised to unit length", stepping(of_length_1), "network", "neuron"),
    *wrong_updates("factor 2 extra", doubled_beyond(1e-3), "line", "binary_cross_entropy",
                   what="twice as far where the step is large"),
    *wrong_updates(ELSEWHERE, stepping(stands_still), "line", "multilinear",
                   what="content with a millionth", caught_by=frozenset({"convergence"})),
    *wrong_updates(None, momentum_on_the_way, "line", "bowl", "network",
                   what="momentum on the way"),
    *wrong_updates(None,
                   stepping(lambda g, rate, at: {k: rate * np.tanh(v) for k, v in g.items()}),
                   "network", what="squashed steps"),
)  # fmt: skip
