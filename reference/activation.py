"""The logistic function and its derivative, written so that no logit overflows.

σ(z) is 0 for z below −709.8, where e^(−z) overflows, and σ'(z) for |z| above 745.2: the truth is
smaller than the smallest normal number there, 2⁻¹⁰²².
"""

from __future__ import annotations

import numpy as np

from reference.contract import Array


def sigmoid(z: Array, out: Array | None = None) -> Array:
    """σ(z) = 1/(1 + e^(−z)) of every entry, same shape as z; off by a few ε σ(z) + 2⁻¹⁰²².

    out: the array to put it into, which may be z; a new one by default.
    """
    # One array, changed in place: much faster.
    value = np.negative(z, out=np.empty(np.shape(z)) if out is None else out)
    with np.errstate(over="ignore"):
        np.exp(value, out=value)
    value += 1
    np.divide(1, value, out=value)  # np.reciprocal takes twice as long
    return value


def sigmoid_derivative(z: Array) -> Array:
    """σ'(z) = σ(z)·(1 − σ(z)) of every entry, same shape as z; off by a few ε σ'(z) + 2⁻¹⁰⁷⁴.

    Taken at the logit z, never at the activation: 1 − σ(z) would lose all its digits near 1.
    """
    decay = np.abs(z, out=np.empty(np.shape(z)))
    np.negative(decay, out=decay)
    np.exp(decay, out=decay)
    bottom = decay + 1
    bottom *= bottom
    decay /= bottom
    return decay
