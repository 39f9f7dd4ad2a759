"""The binary cross-entropy of given probabilities (D2).

loss = mean over the N samples of −y ln p − (1 − y) ln(1 − p).

Shapes: y (N,) and p (N,) in (0, 1); p is the parameter, so there is nothing to predict.
On the edge the limits hold, 0·ln 0 = 0: p = 0 is right for y = 0 and infinitely wrong for y > 0.
"""

from __future__ import annotations

import numpy as np

from reference.contract import Array


def loss(y: Array, p: Array) -> float:
    """The mean over N of −y ln p − (1 − y) ln(1 − p); infinite where p is wrong with certainty.

    Any shape of y and p counts as N = their number of entries.
    """
    # A term of weight 0 takes ln 1 instead of a possible ln 0.
    with np.errstate(divide="ignore"):
        of_one = np.log(np.where(y > 0, p, 1.0))
        of_zero = np.log1p(-np.where(y < 1, p, 0.0))
    return float(np.mean(-y * of_one - (1 - y) * of_zero))


def gradient(y: Array, p: Array) -> Array:
    """dp (N,) = ((1 − y)/(1 − p) − y/p)/N; infinite where p is wrong with certainty."""
    if np.min(p, initial=1) > 0 and np.max(p, initial=0) < 1:
        dp = p - y  # the same over one denominator, (p − y)/(p(1 − p)N): half the divisions
        dp /= p
        rest = 1 - p
        rest *= y.size
        dp /= rest
        return dp
    # A term of weight 0 has slope 0, also where its probability would make that 0/0.
    with np.errstate(divide="ignore"):
        of_zero = (1 - y) / (1 - np.where(y < 1, p, 0.0))
        of_one = y / np.where(y > 0, p, 1.0)
    slope: Array = (of_zero - of_one) / y.size
    return slope


def update(y: Array, learning_rate: float, p: Array) -> Array:
    """One step of gradient descent: p − learning_rate · dp (nothing keeps it inside (0, 1))."""
    return p - learning_rate * gradient(y, p)
