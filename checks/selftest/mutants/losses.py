"""Losses and predictions with a mistake in them, and wrong losses whose gradient is their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from checks.selftest.mutants.changes import factor, regularised, samples
from checks.selftest.mutants.mutant import (
    ENTRIES,
    Change,
    Function,
    LossChange,
    Mutant,
    changed_gradient,
    reference_functions,
    with_gradient,
    written_loss,
    wrong_losses,
)
from reference.contract import Array, Arrays

PENALTY = 0.05
SLIGHT = 2e-4  # no more than a coarse difference quotient is off
ONLY_LOSS = "right gradient of another loss"  # what the gradient's question says then


def times(ratio: float | Callable[[Any], float]) -> LossChange:
    """The loss multiplied by a number or by ratio(arguments)."""
    return lambda loss, given: loss * (ratio(given) if callable(ratio) else ratio)


def with_penalty(*names: str, penalty: float = PENALTY) -> LossChange:
    """Half the squares of the named parameters added."""
    return lambda loss, given: (
        loss + penalty / 2 * sum(float(np.sum(np.square(given[name]))) for name in names)
    )


def of_pairs(X: Array, y: Array, W1: Array, W2: Array) -> float:
    """With one output, predictions (N, 1) minus targets (N,): N × N pairs (D3.4)."""
    prediction = reference_functions("network")["predict"](X, W1, W2)
    targets = y.ravel() if y.shape[1] == 1 else y
    return 0.5 * float(np.sum((prediction - targets) ** 2))


def mean_absolute(X: Array, y: Array, w: Array, b: float) -> float:
    """The mean absolute residual."""
    return float(np.mean(np.abs(X @ w + b - y)))


def without_last(X: Array, y: Array, w: float, b: float) -> float:
    """A loop that stops one sample early."""
    total = 0.0
    for i in range(len(y) - 1):
        total += (y[i] - w * X[i] - b) ** 2
    return float(total / len(y))


def one_class(y: Array, p: Array) -> float:
    """The cross-entropy of the samples with y = 1 only."""
    return float(np.mean(-y * np.log(p)))


def logarithm(base: int) -> LossChange:
    """np.log2 or np.log10 in place of np.log."""
    return lambda loss, given: loss / float(np.log(base))


def without_parentheses(X: Array, y: Array, w: float, b: float) -> float:
    """y − w X + b: the bias changes its sign."""
    return float(np.mean((y - w * X + b) ** 2))


def residual_without_parentheses(
    X: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array
) -> float:
    """The same with two biases, of which the last changes its sign."""
    prediction = reference_functions("network_biased")["predict"](X, W1, b1, W2, -b2)
    return 0.5 * float(np.sum((prediction - y) ** 2))


LOSSES: tuple[Mutant, ...] = (
    *wrong_losses("factor 2 missing", times(1 / 2), "line", "slope", "linear_system", "neuron"),
    *wrong_losses("factor 2 extra", times(2), "plane", "network", "line_half_sse", "sigmoid_unit"),
    *wrong_losses("sum instead of mean", times(samples), "line", "mlp", "multilinear",
                  "binary_cross_entropy", "sigmoid_cross_entropy"),
    *wrong_losses("mean instead of sum", times(lambda at: 1 / samples(at)), "plane",
                  "network_biased"),
    *wrong_losses("multiplied by n", times(samples), "line_half_sse", what="(1/2*n)"),
    *wrong_losses("multiplied by n instead of divided", times(lambda at: samples(at) ** 2 / 2),
                  "line", "linear_system", what="(1/2*n)"),
    *wrong_losses("mean of squares instead of half their sum", times(lambda at: 2 / samples(at)),
                  "plane", "network"),
    *wrong_losses("divided by n − 1", times(lambda at: samples(at) / max(1, samples(at) - 1)),
                  "multilinear"),
    *wrong_losses("sign flipped", times(-1), "mlp", "hill", "parabola"),
    *wrong_losses("factor 2 extra", times(2), "bowl", "parabola"),
    *wrong_losses("square root taken", lambda loss, at: float(np.sqrt(loss)), "line", "neuron"),
    *wrong_losses("mean over every entry", times(lambda at: 1 / at["y"].size), "network"),
    *wrong_losses("logarithm to base 2", logarithm(2), "sigmoid_cross_entropy", "mlp"),
    *wrong_losses("logarithm to base 10", logarithm(10), "binary_cross_entropy", "mlp"),
    *wrong_losses(ONLY_LOSS, with_penalty("w"), "multilinear", "plane", what="a penalty"),
    *wrong_losses(None, lambda loss, at: loss + 0.5, "sextic", "line",
                  what="a constant", caught_by=frozenset({"loss"})),
    *wrong_losses(ONLY_LOSS, lambda loss, at: loss**2, "hill", "slope", what="squared"),
    written_loss("predictions minus targets broadcast", "network", of_pairs, "D3.4"),
    written_loss("absolute error", "multilinear", mean_absolute),
    written_loss("without last sample", "line", without_last),
    written_loss("bias subtracted", "line", without_parentheses),
    written_loss("bias subtracted", "network_biased", residual_without_parentheses),
    written_loss("half of cross entropy", "binary_cross_entropy", one_class),
)  # fmt: skip


def self_consistent(
    what: str, of: str, diagnosis: str | None, loss: LossChange, gradient: Change
) -> Mutant:
    """Another loss than the documented one, with its own right gradient."""
    right: Function = ENTRIES[of].module.loss
    functions = with_gradient(of, changed_gradient(of, gradient))
    functions["loss"] = lambda **given: loss(right(**given), given)
    return Mutant(
        f"{of}, self-consistent: {what}",
        of,
        functions,
        frozenset({"loss", "gradient_reference"}),
        diagnosis,
        frozenset({"contract", "predict", "gradient_own", "update"}),
    )


def penalty_slope(*names: str) -> Change:
    """What the penalty adds to the gradient."""
    return regularised(PENALTY, *names)


CONSISTENT: tuple[Mutant, ...] = (
    self_consistent("half the mean", "line", "factor 2 missing", times(0.5), factor(0.5)),
    self_consistent("half the mean", "linear_system", "factor 2 missing", times(0.5), factor(0.5)),
    self_consistent("no half", "plane", "factor 2 extra", times(2), factor(2)),
    self_consistent("no half", "network", "factor 2 extra", times(2), factor(2)),
    self_consistent("sum for mean", "mlp", "sum instead of mean", times(samples), factor(samples)),
    self_consistent(
        "mean for sum", "sigmoid_unit", "mean instead of sum",
        times(lambda at: 1 / samples(at)), factor(lambda at: 1 / samples(at)),
    ),
    self_consistent(
        "regularised", "multilinear", "regularisation added",
        with_penalty("w"), penalty_slope("w"),
    ),
    self_consistent(
        "regularised", "network", "regularisation added",
        with_penalty("W1", "W2"), penalty_slope("W1", "W2"),
    ),
    self_consistent(
        "hardly regularised", "multilinear", "regularisation added",
        with_penalty("w", penalty=SLIGHT), regularised(SLIGHT, "w"),
    ),
    self_consistent("upside down", "hill", "sign flipped", times(-1), factor(-1)),
)  # fmt: skip


def wrong_prediction(
    what: str, of: str, change: Callable[[Array, Arrays], Array], diagnosis: str | None = None
) -> Mutant:
    """A wrong predict beside a loss and a gradient that are right (ruling 9)."""
    right: Function = ENTRIES[of].module.predict
    return Mutant(
        f"{of}, predict: {what}",
        of,
        {**reference_functions(of), "predict": lambda **given: change(right(**given), given)},
        frozenset({"predict"}),
        diagnosis,
        frozenset({"contract", "loss", "gradient_own", "gradient_reference", "update"}),
    )


PREDICTIONS: tuple[Mutant, ...] = (
    wrong_prediction("no bias", "line", lambda p, at: p - at["b"], "bias ignored"),
    wrong_prediction("no bias", "plane", lambda p, at: p - at["b"], "bias ignored"),
    wrong_prediction("no b2", "network_biased", lambda p, at: p - at["b2"], "bias ignored"),
    wrong_prediction("minus b", "multilinear", lambda p, at: p - 2 * at["b"], "bias subtracted"),
    wrong_prediction("squared outputs", "network_biased", lambda p, at: p * np.abs(p)),
    wrong_prediction("rounded", "mlp", lambda p, at: np.round(p, 1), "rounded"),
    *(
        wrong_prediction("the logit", model, lambda p, at: np.log(p / (1 - p)), "sigmoid missing")
        for model in ("neuron", "sigmoid_cross_entropy")
    ),
    wrong_prediction(
        "e as 2.71", "sigmoid_unit", lambda p, at: 1 / (1 + 2.71 ** np.log(1 / p - 1))
    ),
    wrong_prediction("in reverse order", "slope", lambda p, at: p[::-1], "rows reversed"),
    wrong_prediction(
        "one sample off", "multilinear", lambda p, at: np.roll(p, 1), "shifted by one"
    ),
    wrong_prediction(
        "off by 1e-9", "linear_system", lambda p, at: p * (1 + 1e-9), "constant factor"
    ),
    wrong_prediction("a sigmoid at the end", "network", lambda p, at: 1 / (1 + np.exp(-p))),
)


def unlike(what: str, gradient_follows: bool, caught: str, spared: str) -> Mutant:
    """A predict without bias, and the documented loss of it: ruling 9 accepts that loss.

    Whether the gradient follows the wrong predictions or the right ones decides which of the two
    gradient questions is left to see it.
    """
    module = ENTRIES["line"].module

    def gradient(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
        dw, db = module.gradient(X, y, w, 0.0 if gradient_follows else b)
        return dw, 0.0 if gradient_follows else db

    functions = with_gradient("line", gradient)
    functions["predict"] = lambda X, w, b: w * X
    functions["loss"] = lambda X, y, w, b: float(np.mean((y - w * X) ** 2))
    return Mutant(
        f"line, {what}",
        "line",
        functions,
        frozenset({"predict", caught}),
        "bias ignored",
        frozenset({"contract", "loss", "update", spared}),
    )


TWO_MODELS: tuple[Mutant, ...] = (
    unlike("the gradient of a wrong prediction", True, "gradient_reference", "gradient_own"),
    unlike("the gradient of another prediction", False, "gradient_own", "gradient_reference"),
)
