"""How much rounding an analytic gradient must be expected to carry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.engine.place import Place
from checks.engine.scale import EPS, Array

ROUNDING_MARGIN = 32.0  # multiples of the expected rounding that are allowed


def rounding_scale(
    places: Sequence[Place],
    slope_size: Array,
    curvature: Array,
    widest: Array | None = None,
    eps: float = EPS,
) -> Array:
    """Expected rounding error of analytic slopes: eps · (√|vᵀHv| · spread + |g·v|), shape (L,).

    A backward error of one eps in what the gradient sums up (see `Place.spread`), and one in the
    sum itself; in single precision also one in the parameters, |loss| · widest, where widest is
    the largest component of v relative to the size of its parameter.
    places: one or L of them.  eps: of the gradient; the loss's counts where it is larger.
    """
    precision = np.array([max(place.eps, eps) for place in places])
    spread = np.array([place.spread for place in places])
    scale = np.sqrt(np.abs(curvature)) * spread + slope_size
    if widest is not None:
        loss = np.array([abs(place.loss) for place in places])
        scale = scale + np.where(precision > EPS, loss * widest, 0.0)
    return np.asarray(precision * scale + np.finfo(np.float64).tiny)
