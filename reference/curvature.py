"""The curvature of a reference loss at a point, and the learning rates that follow from it.

Second derivatives are central differences of the reference gradient: good to about ε^(2/3), far
better than the choice of a rate needs.
"""

from __future__ import annotations

import numpy as np

from reference.contract import Array
from reference.drawing import Drawn, Signature

# Near enough to 1/λmax that a step is large, far enough that no component lands on its minimum.
SHARE_OF_STABLE = 0.8


def gradient_at(signature: Signature, drawn: Drawn, flat: Array) -> Array:
    """The reference gradient at the parameters `flat`, both flattened in parameter order, (P,)."""
    sizes = [value.size for value in drawn.parameters.values()]
    pieces = np.split(flat, np.cumsum(sizes)[:-1])
    named = {
        name: piece.reshape(value.shape)
        for (name, value), piece in zip(drawn.parameters.items(), pieces, strict=True)
    }
    gradient = signature.module.gradient(**drawn.data, **named)
    parts = gradient if isinstance(gradient, tuple) else (gradient,)
    return np.concatenate([np.ravel(part) for part in parts])


def flattened(drawn: Drawn) -> Array:
    """The parameters in one array, shape (P,)."""
    return np.concatenate([np.ravel(value) for value in drawn.parameters.values()])


def along(signature: Signature, drawn: Drawn, direction: Array) -> Array:
    """The Hessian times a direction, both (P,)."""
    at = flattened(drawn)
    step = np.cbrt(np.finfo(np.float64).eps) * max(1.0, float(np.linalg.norm(at)))
    step /= float(np.linalg.norm(direction)) * np.sqrt(at.size)
    ahead = gradient_at(signature, drawn, at + step * direction)
    behind = gradient_at(signature, drawn, at - step * direction)
    return np.asarray((ahead - behind) / (2 * step))


def hessian(signature: Signature, drawn: Drawn) -> Array:
    """The Hessian of the loss, shape (P, P), symmetric."""
    rows = [along(signature, drawn, axis) for axis in np.eye(flattened(drawn).size)]
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2)


def largest_curvature(signature: Signature, drawn: Drawn, *, iterations: int = 30) -> float:
    """The largest |eigenvalue| of the Hessian by power iteration, never more than the true one."""
    direction = np.random.default_rng(0).standard_normal(flattened(drawn).size)
    largest = 0.0
    for _ in range(iterations):
        direction = direction / np.linalg.norm(direction)
        image = along(signature, drawn, direction)
        before, largest = largest, float(np.linalg.norm(image))
        if largest == 0 or abs(largest - before) < 0.01 * largest:
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
