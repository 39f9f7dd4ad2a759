"""The logistic function and its derivative, written so that no logit overflows.

Both use e^(−|z|), which lies in (0, 1]: for |z| above about 745 it underflows to 0, and that is
the right limit.
"""

from __future__ import annotations

import numpy as np

from reference.contract import Array


def sigmoid(z: Array) -> Array:
    """σ(z) = 1/(1 + e^(−z)) of every entry, same shape as z; relative error of a few ε."""
    decay: Array = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, decay) / (1 + decay)


def sigmoid_derivative(z: Array) -> Array:
    """σ'(z) = σ(z)·(1 − σ(z)) of every entry, same shape as z; relative error of a few ε.

    Taken at the logit z, never at the activation: 1 − σ(z) would lose all its digits near 1.
    """
    decay: Array = np.exp(-np.abs(z))
    return decay / (1 + decay) ** 2
