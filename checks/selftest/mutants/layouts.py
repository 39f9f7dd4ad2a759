"""The right numbers in the wrong places, missing numbers, and numbers changed one by one."""

from __future__ import annotations

import numpy as np

from checks.selftest.mutants.changes import (
    copied,
    difference,
    entrywise,
    normalised,
    of_rows,
    one_entry,
    regularised,
    swapped,
    transposed,
)
from checks.selftest.mutants.mutant import Mutant, written_gradient, wrong_gradients

PENALTY = 0.02
OFF = 1e-6  # relative

PLACES: tuple[Mutant, ...] = (
    *wrong_gradients("transposed", entrywise(transposed, "W1"), "network", "mlp"),
    *wrong_gradients("transposed", entrywise(transposed, "W2"), "network_biased"),
    *wrong_gradients("transposed", entrywise(transposed, "W"), "dense"),
    *wrong_gradients(
        "rows reversed", entrywise(lambda dw: dw[::-1], "w"), "plane", "neuron", "multilinear"
    ),
    *wrong_gradients("columns reversed", entrywise(np.fliplr, "W1"), "network", "network_biased"),
    *wrong_gradients("shifted by one", entrywise(lambda dw: np.roll(dw, 1), "w"), "sigmoid_unit"),
    *wrong_gradients("shifted by one", entrywise(lambda dx: np.roll(dx, -1)), "linear_system"),
    *wrong_gradients(
        "right numbers in another order",
        entrywise(lambda dz: np.sort(dz, axis=None).reshape(dz.shape)),
        "sigmoid_cross_entropy", "sigmoid",
        what="sorted",
    ),
    *wrong_gradients("parameters swapped", swapped("w", "b"), "line"),
    *wrong_gradients("parameters swapped", swapped("m", "b"), "line_half_sse"),
    *wrong_gradients("parameters swapped", swapped("x", "y"), "hill", "bowl"),
    *wrong_gradients("copied from another parameter", copied("w", "b"), "line"),
    *wrong_gradients("copied from another parameter", copied("b", "m"), "line_half_sse"),
    *wrong_gradients("copied from another parameter", copied("x", "y"), "hill", "bowl"),
    *wrong_gradients(
        "summed over an axis too many",
        entrywise(lambda dW: np.sum(dW, axis=0, keepdims=True) + 0 * dW, "W1"),
        "network", "network_biased",
    ),
    *wrong_gradients(
        "averaged over an axis too many",
        entrywise(lambda dW: np.mean(dW, axis=1, keepdims=True) + 0 * dW, "W1"),
        "mlp",
    ),
)  # fmt: skip

MISSING: tuple[Mutant, ...] = (
    *wrong_gradients(
        "missing component", entrywise(np.zeros_like, "b"),
        "line", "line_half_sse", "plane", "sigmoid_unit", "multilinear", "dense",
    ),
    *wrong_gradients("missing component", entrywise(np.zeros_like, "b1"), "network_biased", "mlp"),
    *wrong_gradients("missing component", entrywise(np.zeros_like, "W1"), "network"),
    *wrong_gradients("missing component", entrywise(np.zeros_like), "slope", "sextic"),
    *wrong_gradients(
        "one entry wrong", one_entry("w", OFF), "multilinear", "neuron", what="the last weight",
    ),
    *wrong_gradients("one entry wrong", one_entry("W1", OFF), "network"),
    *wrong_gradients("one entry wrong", one_entry("W2", OFF), "network_biased"),
    *wrong_gradients("one entry wrong", one_entry("X", OFF), "dense"),
    *wrong_gradients("one entry wrong", one_entry("x", OFF), "linear_system"),
    *wrong_gradients(
        "one component wrong", entrywise(lambda dW: dW**3, "W1"), "network", what="cubed"
    ),
    *wrong_gradients("one component wrong", entrywise(lambda db: db**2, "b1"), "mlp"),
    *wrong_gradients(None, entrywise(np.tanh), "linear_system", "network", what="squashed"),
)  # fmt: skip

SAMPLES: tuple[Mutant, ...] = tuple(
    written_gradient(pattern, of, of_rows(of, rows))
    for pattern, rows, models in (
        ("without last sample", slice(None, -1), ("slope", "line", "plane", "network", "mlp")),
        ("without first sample", slice(1, None), ("line_half_sse", "neuron", "linear_system")),
        ("only first sample", slice(0, 1), ("line", "sigmoid_unit", "network_biased")),
        ("only last sample", slice(-1, None), ("plane", "multilinear", "mlp")),
    )
    for of in models
)

VALUES: tuple[Mutant, ...] = (
    *wrong_gradients("absolute values", entrywise(np.abs), "multilinear", "network", "dense"),
    *wrong_gradients(
        "clipped", entrywise(lambda g: np.clip(g, -3, 3)), "network", "network_biased"
    ),
    *wrong_gradients(
        "clipped", entrywise(lambda g: np.clip(g, -0.02, 0.02)), "mlp"
    ),
    *wrong_gradients("signs only", entrywise(lambda g: 0.5 * np.sign(g)), "network", "neuron"),
    *wrong_gradients("normalised to unit length", normalised, "plane", "neuron", "network", "bowl"),
    *wrong_gradients("rounded", entrywise(lambda g: np.round(g, 4)), "line", "mlp", "sigmoid"),
    *wrong_gradients(
        "float32 precision",
        entrywise(lambda g: g.astype(np.float32).astype(np.float64)),
        "network", "plane", "linear_system", "dense",
    ),
    *wrong_gradients("regularisation added", regularised(PENALTY, "w"), "multilinear", "neuron"),
    *wrong_gradients("regularisation added", regularised(PENALTY, "w", "b"), "plane"),
    *wrong_gradients("regularisation added", regularised(PENALTY, "W1", "W2"), "network"),
    *wrong_gradients("regularisation added", regularised(PENALTY, "W1", "W2", "W3"), "mlp"),
    *wrong_gradients("block constant", entrywise(lambda dW: dW + 0.125, "W1"), "network_biased"),
    *wrong_gradients("block constant", entrywise(lambda dx: dx + 0.125), "linear_system"),
)  # fmt: skip

DIFFERENCES: tuple[Mutant, ...] = tuple(
    written_gradient("finite differences", of, difference(of, step), f"forward, step {step:g}")
    for of, step in (
        ("line", 1e-8),
        ("plane", 1e-7),
        ("neuron", 1e-8),
        ("network", 1e-8),
        ("linear_system", 1e-6),
        ("hill", 1e-6),
        ("sigmoid_unit", 1e-7),
        ("linear_system", 1e-3),
        ("network", 1e-2),
    )
) + tuple(
    written_gradient(
        "finite differences",
        of,
        difference(of, step, central=True),
        f"central, step {step:g}",
    )
    for of, step in (
        ("neuron", 1e-3),
        ("mlp", 1e-2),
        ("network_biased", 1e-3),
        # Within the error bars: of a quadratic only rounding is left.
        ("line", 1e-4),
        ("multilinear", 1e-5),
        ("plane", 1e-3),
        ("sextic", 1e-6),
    )
)

LAYOUTS: tuple[Mutant, ...] = (*PLACES, *MISSING, *SAMPLES, *VALUES, *DIFFERENCES)
