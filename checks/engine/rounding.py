"""How much rounding an analytic gradient must be expected to carry."""

from __future__ import annotations

import numpy as np

from checks.engine.lines import Index
from checks.engine.place import Places
from checks.engine.scale import EPS, Array

ROUNDING_MARGIN = 32.0  # multiples of the expected rounding that are allowed


def rounding_scale(
    places: Places,
    of: Index,
    slope_size: Array,
    curvature: Array,
    reach: Array,
    eps: float = EPS,
) -> Array:
    """Expected rounding error of analytic slopes, shape (L,): eps · (c · (spread + c · r) + |g·v|).

    c = √|vᵀHv| from the curvature along v.  A backward error of one eps in what the gradient sums
    up (see `Places.spread`), one in the parameters themselves, which are r steps large (the reach
    of v), one in terms as large as drop / r, and one in the sum; in single precision also one in
    the parameters, |loss| / r.
    of: the place of each line, (L,).  eps: of the gradient; the loss's counts where it is larger.
    """
    precision = np.maximum(places.eps, eps)
    terms = places.drop + np.where(precision > EPS, np.abs(places.loss), 0.0)
    bend = np.abs(curvature)
    scale = np.sqrt(bend) * places.spread[of] + bend * reach + slope_size + terms[of] / reach
    return np.asarray(precision[of] * scale + np.finfo(np.float64).tiny)
