"""Sums over samples, one cache-sized block of rows at a time, so that X is read from memory once.

Both passes over X, the residuals and then their products with X, find a block still in the cache,
and no array as long as the samples is ever made: X may be a `numpy.memmap` larger than memory.
The models write X.dot(w), not X @ w: with a single column `dot` is some seven times as fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from reference.contract import Array

# Half of a second-level cache of one megabyte: smaller blocks pay for more calls, larger ones are
# no longer in that cache when they are read again.
BLOCK_BYTES = 512 * 1024

# (rows of X, the same rows of y) -> one number for each of these samples.
Residual = Callable[[Array, Array], Array]


def row_blocks(X: Array, y: Array) -> Iterator[tuple[Array, Array]]:
    """X (N, …) and y (N,) in matching blocks of rows, as views, in order; whole if X is small.

    A block of X has at most BLOCK_BYTES, and at least one row.
    """
    if X.nbytes <= BLOCK_BYTES:
        yield X, y
        return
    X, y = np.asarray(X), np.asarray(y)  # the slices of a memmap would be memmaps: slower
    rows = max(1, BLOCK_BYTES * len(X) // X.nbytes)
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
