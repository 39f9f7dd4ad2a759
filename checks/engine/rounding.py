"""How much rounding an analytic gradient must be expected to carry."""

from __future__ import annotations

import numpy as np

from checks.engine.place import Places
from checks.engine.scale import EPS, Array

ROUNDING_MARGIN = 32.0  # multiples of the expected rounding that are allowed


def rounding_scale(
    places: Places,
    slope_size: Array,
    curvature: Array,
    reach: Array,
    eps: float = EPS,
) -> Array:
    """Expected rounding error of analytic slopes, shape (L,): eps · (c · (spread + c · r) + |g·v|).

    c = √|vᵀHv| from the curvature along v.  A backward error of one eps in what the gradient sums
    up (see `Places.spread`), one in the parameters themselves, which are r steps large (the reach
    of v), one in terms as large as drop / r, and one
    in the sum; in single precision also one in the parameters, |loss| / r.
    places: one or L of them.  eps: of the gradient; the loss's counts where it is larger.
    """
    precision = np.maximum(places.eps, eps)
    bend = np.abs(curvature)
    scale = np.sqrt(bend) * places.spread + bend * reach + slope_size
    scale = scale + (places.drop + np.where(precision > EPS, np.abs(places.loss), 0.0)) / reach
    return np.asarray(precision * scale + np.finfo(np.float64).tiny)
