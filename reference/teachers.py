"""Well-conditioned teachers: problems whose minimum plain descent reaches in a few hundred steps.

A network's Hessian usually has eigenvalues over many orders of magnitude, and then descent only
creeps.  Inputs spread evenly and orthogonal weights keep the ratio λmax/λmin below about 60; only
random turns differ between seeds, so that holds for every seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import pi, sqrt

import numpy as np

from reference.contract import Array
from reference.drawing import Drawn, Signature

NOISE = 0.02
PERTURBATION = 0.2


def orthonormal(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Random orthonormal rows or columns, whichever there are fewer of, (rows, columns)."""
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    factor = np.asarray(np.linalg.qr(tall)[0])
    return factor if rows >= columns else factor.T


def disc(rng: np.random.Generator, count: int, radius: float) -> Array:
    """Points spread evenly over a disc and turned at random, (count, 2): a sunflower's spiral."""
    number = np.arange(count)
    angle = number * pi * (3 - sqrt(5))
    spokes = np.column_stack([np.cos(angle), np.sin(angle)])
    distance = radius * np.sqrt((number + 0.5) / count)
    return np.asarray((distance[:, None] * spokes) @ orthonormal(rng, 2, 2))


def near(rng: np.random.Generator, teacher: Mapping[str, Array]) -> dict[str, Array]:
    """A start: every parameter of the teacher off by PERTURBATION times a standard normal."""
    return {
        name: np.asarray(value + PERTURBATION * rng.standard_normal(value.shape))
        for name, value in teacher.items()
    }


def two_wide(
    signature: Signature, rng: np.random.Generator, radius: float, sizes: Mapping[str, float]
) -> tuple[Drawn, Mapping[str, Array]]:
    """The start and the teacher of a model with d = 2 inputs (and h = o = 2), N = 30.

    radius: of the disc of inputs.  sizes: how large each parameter of the teacher is.
    The targets have a little noise: the minimum is near the teacher, and its loss is not 0.
    """
    X = disc(rng, 30, radius)
    teacher = {}
    for variable in signature.parameters:
        turned = orthonormal(rng, 2, 2)
        shape = {0: np.ones(()), 1: turned[0], 2: turned}[len(variable.shape)]
        teacher[variable.name] = np.asarray(sizes[variable.name] * shape)
    y = np.asarray(signature.module.predict(X, **teacher))
    y = np.asarray(y + NOISE * rng.standard_normal(y.shape))
    return Drawn({"X": X, "y": y}, near(rng, teacher)), teacher


def three_samples(
    signature: Signature, rng: np.random.Generator
) -> tuple[Drawn, Mapping[str, Array]]:
    """The start and the teacher of the mlp: N = 3, d = 4, h1 = 5, h2 = 6 and soft targets.

    With more parameters than samples the targets are met exactly, and the Hessian has 3
    eigenvalues besides 0; with as many samples as parameters it would have ones 1e5 apart.
    """
    X = orthonormal(rng, 3, 4)
    W1, W2, W3 = 4 * orthonormal(rng, 4, 5), 9 * orthonormal(rng, 5, 6), 2 * orthonormal(rng, 6, 1)
    teacher = {
        "W1": W1, "b1": 0.3 * rng.standard_normal(5),
        "W2": W2, "b2": np.zeros(6),
        "W3": W3, "b3": np.zeros(1),
    }  # fmt: skip
    # Each layer's bias centres its logits over the samples, a little off 0.
    a1 = signature.module.forward(X, **teacher)[0]
    teacher["b2"] = 0.3 * rng.standard_normal(6) - np.mean(a1 @ W2, axis=0)
    z3 = signature.module.forward(X, **teacher)[2]
    teacher["b3"] = 0.3 - np.mean(z3, axis=0)
    y = np.asarray(signature.module.predict(X, **teacher))
    return Drawn({"X": X, "y": y}, near(rng, teacher)), teacher
