"""Gradients that are right up to a factor: signs, twos, numbers of samples, sizes, rates."""

from __future__ import annotations

from checks.selftest.mutants.changes import factor, samples
from checks.selftest.mutants.mutant import BOTH_GRADIENTS, Mutant, wrong_gradients

MEANS = ("slope", "neuron", "linear_system", "binary_cross_entropy", "sigmoid_cross_entropy",
         "mlp", "line", "multilinear")  # fmt: skip
SUMS = ("line_half_sse", "plane", "sigmoid_unit", "network", "network_biased")
SURFACES = ("hill", "parabola", "sextic", "bowl")
LAYERS = ("dense", "sigmoid")
WITH_VECTORISED = BOTH_GRADIENTS | {"vectorised"}
RATE_INSIDE = 0.015  # a rate written into the gradient is not the one that the battery passes

FACTORS: tuple[Mutant, ...] = (
    *wrong_gradients("sign flipped", factor(-1), *MEANS, *SUMS, *SURFACES, *LAYERS),
    *wrong_gradients("factor 2 missing", factor(1 / 2), *MEANS, "parabola", "bowl"),
    *wrong_gradients("factor 2 extra", factor(2), "neuron", "multilinear", *SUMS, "sextic"),
    *wrong_gradients("factor 4", factor(4), "slope", "line"),
    *wrong_gradients("a quarter", factor(1 / 4), "line", "linear_system"),
    *wrong_gradients("sum instead of mean", factor(samples), *MEANS, caught_by=WITH_VECTORISED),
    *wrong_gradients(
        "mean instead of sum",
        factor(lambda at: 1 / samples(at)),
        *SUMS,
        "dense",
        caught_by=WITH_VECTORISED,
    ),
    *wrong_gradients("divided by n twice", factor(lambda at: 1 / samples(at)), "line", "mlp"),
    *wrong_gradients("multiplied by n", factor(samples), "plane", "network"),
    *wrong_gradients(
        "divided by n − 1",
        factor(lambda at: samples(at) / max(1, samples(at) - 1)),
        "line",
        "multilinear",
        "linear_system",
    ),
    *wrong_gradients(
        "divided by 2n", factor(lambda at: 1 / (2 * samples(at))), "line_half_sse", "plane"
    ),
    *wrong_gradients(
        "mean of squares instead of half their sum",
        factor(lambda at: 2 / samples(at)),
        "line_half_sse",
        "plane",
        "network_biased",
    ),
    *wrong_gradients(
        "half the sum instead of the mean", factor(lambda at: samples(at) / 2), "line", "neuron"
    ),
    *wrong_gradients(
        "multiplied by n instead of divided",
        factor(lambda at: samples(at) ** 2 / 2),
        "line",
        "multilinear",
    ),
    *wrong_gradients(
        "wrong divisor",
        factor(lambda at: samples(at) / at["A"].shape[1]),
        "linear_system",
        what="divided by the number of unknowns",
    ),
    *wrong_gradients(
        "wrong divisor",
        factor(lambda at: samples(at) / at["X"].shape[1]),
        "multilinear",
        what="divided by the number of inputs",
    ),
    *wrong_gradients(
        "divided by another size",
        factor(lambda at: 1 / at["X"].shape[1], "b"),
        "multilinear",
        "sigmoid_unit",
        what="the bias divided by the number of inputs",
    ),
    *wrong_gradients(
        "mean over every entry",
        factor(lambda at: 1 / at["y"].size),
        "network",
        what="np.mean over samples and outputs",
    ),
    *wrong_gradients(
        "sum instead of mean",
        factor(samples, "b"),
        "line",
        "multilinear",
        what="only the bias is not divided by n",
    ),
    *wrong_gradients(
        "sum instead of mean",
        factor(samples, "w"),
        "line",
        "multilinear",
        what="only the weights are not divided by n",
    ),
    *wrong_gradients(
        "sum instead of mean",
        factor(samples, "b1", "b2", "b3"),
        "mlp",
        what="only the biases are not divided by n",
    ),
    *wrong_gradients(
        "sign flipped", factor(-1, "b"), "line", "plane", what="only the bias has the wrong sign"
    ),
    *wrong_gradients("sign flipped", factor(-1, "X"), "dense", what="only dX is negative"),
    *wrong_gradients("sign flipped and factor 2 missing", factor(-1 / 2), "line", "neuron"),
    *wrong_gradients(
        "constant factor", factor(RATE_INSIDE), "multilinear", "network", what="a rate inside"
    ),
    *wrong_gradients("constant factor", factor(1.001), "linear_system", "mlp", "dense"),
    *wrong_gradients("constant factor", factor(1 / 255), "sigmoid_unit", what="divided by 255"),
)
