"""The documents' two squared losses, of given predictions: a mean without ½, and half a sum."""

from __future__ import annotations

import numpy as np

from reference.contract import Array


def mean_squared(prediction: Array, y: Array) -> float:
    """The mean over the N samples of (prediction − y)², no ½; prediction (N,) and y (N,)."""
    residual = prediction - y
    return float(residual @ residual) / len(y)


def half_sum_squared(prediction: Array, y: Array) -> float:
    """Half the sum, not the mean, of (prediction − y)²; prediction and y (N,) or (N, o)."""
    residual = prediction - y
    return 0.5 * float(np.vdot(residual, residual))
