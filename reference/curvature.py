"""The curvature of a reference loss at a point, and the learning rates that follow from it.

Second derivatives are central differences of the reference gradient: good to about ε^(2/3), far
better than the choice of a rate needs.
"""

from __future__ import annotations

import numpy as np

from reference.contract import Array
from reference.drawing import Drawn, Signature
from reference.vectors import flat, unflat

# Near enough to 1/λmax that a step is large, far enough that no component lands on its minimum.
SHARE_OF_STABLE = 0.8
STEP = float(np.cbrt(np.finfo(np.float64).eps))
MOST_EXACT = 64
ITERATIONS = 10


def gradient_at(signature: Signature, drawn: Drawn, at: Array) -> Array:
    """The reference gradient at the parameters `at`, both one vector in parameter order, (P,)."""
    gradient = signature.module.gradient(**drawn.data, **unflat(at, drawn.parameters))
    parts = gradient if isinstance(gradient, tuple) else (gradient,)
    return np.concatenate([np.ravel(part) for part in parts])


def along(signature: Signature, drawn: Drawn, displacement: Array) -> Array:
    """The Hessian times a small displacement (P,), by a central difference; shape (P,)."""
    at = flat(drawn.parameters)
    ahead = gradient_at(signature, drawn, at + displacement)
    behind = gradient_at(signature, drawn, at - displacement)
    return np.asarray((ahead - behind) / 2)


def hessian(signature: Signature, drawn: Drawn) -> Array:
    """The Hessian of the loss, shape (P, P), symmetric.

    Each coordinate moves by ε^(1/3) of its own size, and of 1 where it is 0 or larger.
    """
    at = np.abs(flat(drawn.parameters))
    steps = STEP * np.where(at == 0, 1.0, np.minimum(at, 1.0))
    rows = [along(signature, drawn, row) / row.sum() for row in np.diag(steps)]
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2)


def largest_curvature(signature: Signature, drawn: Drawn) -> float:
    """The largest |eigenvalue| of the Hessian.

    Exact up to P = MOST_EXACT; beyond, where only speed is asked about, ITERATIONS of the power
    iteration, which come from below to within a few per cent.
    """
    size = flat(drawn.parameters).size
    if size <= MOST_EXACT:
        return float(np.max(np.abs(np.linalg.eigvalsh(hessian(signature, drawn)))))
    direction = np.random.default_rng(0).standard_normal(size)
    largest = 0.0
    for _ in range(ITERATIONS):
        step = STEP * direction / np.linalg.norm(direction)
        image = along(signature, drawn, step) / STEP
        largest = float(np.linalg.norm(image))
        if largest == 0:
            break
        direction = image
    return largest


def stable_rate(signature: Signature, drawn: Drawn) -> float:
    """A large learning rate that is still stable, 0.8/λmax; 0.1 where there is nothing to update
    (layers) or no curvature at all.
    """
    if not hasattr(signature.module, "update"):
        return 0.1
    curvature = largest_curvature(signature, drawn)
    return SHARE_OF_STABLE / curvature if curvature > 0 else 0.1
