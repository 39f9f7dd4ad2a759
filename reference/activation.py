"""The logistic function and its derivative, written so that no logit overflows.

For |z| above about 745 they underflow: to 0, and that is the right limit.
"""

from __future__ import annotations

import numpy as np

from reference.contract import Array

LOWEST = -709.0  # e^709 is still finite


def sigmoid(z: Array) -> Array:
    """σ(z) = 1/(1 + e^(−z)) of every entry, same shape as z; relative error of a few ε."""
    value = np.negative(z, out=np.empty(np.shape(z)))  # one array, changed in place: much faster
    with np.errstate(over="ignore"):
        np.exp(value, out=value)
    value += 1
    np.divide(1, value, out=value)  # np.reciprocal takes twice as long
    if np.min(z, initial=0) < LOWEST:  # e^(−z) has overflowed: σ(z) is e^z there, to rounding
        value = np.where(z < LOWEST, np.exp(np.minimum(z, LOWEST)), value)
    return value


def sigmoid_derivative(z: Array) -> Array:
    """σ'(z) = σ(z)·(1 − σ(z)) of every entry, same shape as z; relative error of a few ε.

    Taken at the logit z, never at the activation: 1 − σ(z) would lose all its digits near 1.
    """
    decay = np.abs(z, out=np.empty(np.shape(z)))
    np.negative(decay, out=decay)
    np.exp(decay, out=decay)
    bottom = decay + 1
    bottom *= bottom
    decay /= bottom
    return decay
