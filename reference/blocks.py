"""Sums over samples, one cache-sized block of rows at a time, so that X is read from memory once.

Both passes over X, the residuals and then their products with X, find a block still in the cache,
and so do those over a network's activations. No array as long as the samples is ever made: X may be
a `numpy.memmap` larger than memory, and nothing large is asked of the system and given back.
The models write X.dot(w), not X @ w: with a single column `dot` is some seven times as fast.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np

from reference.contract import Array

# Half of a second-level cache of one megabyte: smaller blocks pay for more calls, larger ones are
# no longer in that cache when they are read again.
BLOCK_BYTES = 512 * 1024

# (rows of X, the same rows of y) -> one number for each of these samples.
Residual = Callable[[Array, Array], Array]
# One array for each of the sums.
Terms = TypeVar("Terms", bound=tuple[Array, ...])


def row_blocks(X: Array, y: Array, width: int = 0) -> Iterator[tuple[Array, Array]]:
    """X (N, …) and y (N, …) in matching blocks of rows, as views, in order; whole if small.

    width: how many numbers a sample needs in the cache; by default those of its row of X.
    A block needs at most BLOCK_BYTES, or is one row; all but the last have as many rows.
    """
    taken = 8 * width * len(X) if width else X.nbytes
    if taken <= BLOCK_BYTES:
        yield X, y
        return
    X, y = np.asarray(X), np.asarray(y)  # the slices of a memmap would be memmaps: slower
    most = max(1, BLOCK_BYTES * len(X) // taken)
    rows = math.ceil(len(X) / math.ceil(len(X) / most))
    for start in range(0, len(X), rows):
        yield X[start : start + rows], y[start : start + rows]


def weighted_sum(X: Array, y: Array, residual: Residual) -> Array:
    """Σ X·r over the N samples, r = residual(X, y): a scalar for X (N,), shape (d,) for (N, d)."""
    weighted = np.zeros(X.shape[1:])
    for rows, targets in row_blocks(X, y):
        weighted = weighted + residual(rows, targets).dot(rows)
    return weighted


def weighted_and_plain_sum(X: Array, y: Array, residual: Residual) -> tuple[Array, float]:
    """(Σ X·r, Σ r) over the N samples, r = residual(X, y); the first as in `weighted_sum`."""
    weighted, plain = np.zeros(X.shape[1:]), 0.0
    for rows, targets in row_blocks(X, y):
        r = residual(rows, targets)
        weighted = weighted + r.dot(rows)
        plain += float(np.add.reduce(r))
        del r  # the next block's residuals take its place, which is in the cache
    return weighted, plain


def sum_of_squares(X: Array, y: Array, residual: Residual) -> float:
    """Σ r² over the N samples, r = residual(X, y)."""
    total = 0.0
    for rows, targets in row_blocks(X, y):
        r = residual(rows, targets)
        total += float(r.dot(r))
        del r
    return total


def summed(X: Array, y: Array, width: int, terms: Callable[[Array, Array], Terms]) -> Terms:
    """Σ over the N samples of each of several arrays, in the shapes that `terms` gives them.

    terms: (rows of X, the same rows of y) -> the sums over these samples, each a new array.
    width: as for `row_blocks`; for a network, the activations of its widest layer and their deltas.
    """
    blocks = row_blocks(X, y, width)
    sums = terms(*next(blocks))
    for rows, targets in blocks:
        for total, part in zip(sums, terms(rows, targets), strict=True):
            total += part
    return sums
