"""Arrays by name as one vector, and back."""

from __future__ import annotations

import numpy as np

from reference.contract import Array, Arrays


def flat(arrays: Arrays) -> Array:
    """Arrays by name as one vector (P,), in order."""
    return np.concatenate([np.ravel(value) for value in arrays.values()])


def unflat(vector: Array, like: Arrays) -> dict[str, Array]:
    """A vector (P,) as arrays of the names, order and shapes of `like`."""
    arrays, start = {}, 0
    for name, value in like.items():
        arrays[name] = vector[start : start + value.size].reshape(value.shape)
        start += value.size
    return arrays
