"""How large parameters are, and how far a line may reach."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

EPS = float(np.finfo(np.float64).eps)
EPS_SINGLE = float(np.finfo(np.float32).eps)


def typical_size(at: Array) -> Array:
    """The size |at| of every parameter, shape (K, P), nowhere below the median of its point.

    The median is that of the parameters that are not zero: zeros say nothing about scale.  Where
    all are zero the size is 1.
    """
    size = np.abs(at)
    ascending, count = np.sort(size, axis=-1), size.shape[-1]
    # np.median costs more than everything else here.
    middle = 0.5 * (ascending[:, (count - 1) // 2] + ascending[:, count // 2])
    for k in np.flatnonzero(ascending[:, 0] == 0):
        known = ascending[k, np.count_nonzero(ascending[k] == 0) :]
        middle[k] = np.median(known) if len(known) else 1.0
    return np.asarray(np.maximum(size, middle[:, None]))


def reach(size: Array, directions: Array) -> Array:
    """The step along each direction at which the parameters have moved by their own size.

    By the root mean square over those that move at all: √(n / Σ (v/size)²) with n of them.
    size (P,) or (L, P); directions (L, P); the result (L,).
    """
    relative = directions / size
    moving: Array | int = directions.shape[-1]
    if not directions.all():
        moving = np.count_nonzero(directions, axis=-1).astype(np.float64)
    return np.asarray(np.sqrt(moving / np.vecdot(relative, relative)))
