"""Slopes by one complex step: exact to rounding, where the loss accepts complex parameters.

f'(x) = Im f(x + ih) / h with an h so small that h² vanishes (Squire and Trapp 1998).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from checks.engine.scale import Array

ComplexLosses: TypeAlias = Callable[[NDArray[np.complex128]], NDArray[np.complex128]]

STEP = 1e-20  # its square is far below the unit roundoff; there is no difference to round


def complex_slopes(losses: ComplexLosses, at: Array, directions: Array) -> Array | None:
    """Slopes along L directions at (L, P) or (P,) points, shape (L,); None if they cannot be had.

    None where the loss raises, returns real numbers or returns numbers that are not finite.
    A loss that takes complex numbers may still lose the imaginary part inside (abs, real, a cast):
    the caller must compare with real differences before trusting the result.
    """
    points = at + 1j * STEP * directions
    try:
        with np.errstate(all="ignore"):
            values = losses(points)
    except Exception:
        return None
    if not np.iscomplexobj(values) or not np.all(np.isfinite(values)):
        return None
    return np.asarray(values.imag / STEP, dtype=np.float64)
