"""How large parameters are, and how far a line may reach."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)
EPS_SINGLE = float(np.finfo(np.float32).eps)


def typical_size(at: Array) -> Array:
    """The size |at| of every parameter, shape (P,), nowhere below the median of the non-zero ones.

    Zeros say nothing about scale; where all are zero the size is 1.
    """
    size = np.abs(at)
    known = np.sort(size[size > 0])
    # The median; np.median costs more than everything else here.
    middle = 0.5 * (known[(len(known) - 1) // 2] + known[len(known) // 2]) if len(known) else 1.0
    return np.maximum(size, middle)


def reach(size: Array, directions: Array) -> Array:
    """The step along each direction at which the first parameter has moved by its own size.

    size (P,) or (L, P); directions (L, P); the result (L,).
    """
    with np.errstate(divide="ignore"):
        return np.asarray(np.min(size / np.abs(directions), axis=-1))
