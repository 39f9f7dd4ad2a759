"""Richardson extrapolation by Neville's scheme, for many lines at once, with its own error bar.

A central difference at step h has the error c₁h² + c₂h⁴ + …; steps that shrink by RATIO remove one
power per column: T[i, m] = T[i, m−1] + (T[i, m−1] − T[i−1, m−1]) / (RATIO^2m − 1).
(Richardson 1911; Neville's scheme as in Stoer and Bulirsch, Numerical Analysis, section 3.5.)
Every entry is linear in the differences, so that a table is a product with a constant matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from checks.engine.scale import Array

RATIO = 4.0  # between neighbouring steps
ORDER = 5  # powers of h² removed at most: beyond, noise is all that is left to remove
TRUNCATION_MARGIN = 4.0  # multiples of the estimated truncation error in an error bar
NOISE_MARGIN = 16.0  # multiples of the estimated rounding noise (a standard deviation)
CONTRADICTION = 4.0  # standard deviations from which a value at a finer step contradicts an entry
# Noise of an entry over that of its finest value: the product of 1 + 1/(RATIO^2m − 1) is 1.07,
# and the coarser values enter with less than 0.07 of a noise that is 4 times smaller.
AMPLIFICATION = 1.2


@dataclass(frozen=True)
class Estimate:
    """Limits for h → 0 along L lines; every array has shape (L,).

    truncation: estimated error of the extrapolation.  noise: estimated rounding noise (one
    standard deviation).  row: the index of the finest step used.  A line without an entry has
    value nan and infinite errors.
    """

    value: Array
    truncation: Array
    noise: Array
    row: NDArray[np.intp]

    @property
    def error(self) -> Array:
        """The error bar: TRUNCATION_MARGIN · truncation + NOISE_MARGIN · noise."""
        return error_bar(self.truncation, self.noise)


def error_bar(truncation: Array, noise: Array) -> Array:
    """TRUNCATION_MARGIN · truncation + NOISE_MARGIN · noise."""
    return TRUNCATION_MARGIN * truncation + NOISE_MARGIN * noise


@dataclass(frozen=True)
class Scheme:
    """The n entries of a table of R differences that have a row above them.

    entry, own, above: (R, n), an entry, its distance from those it was made of, and the same one
    row up divided by RATIO².  uses: (R, n), 1 where a difference enters into any of these.
    row: (n,), the finest.  last: (R, 3), entry, own and above of the highest order at the finest.
    """

    entry: Array
    own: Array
    above: Array
    uses: Array
    row: NDArray[np.intp]
    last: Array


@lru_cache
def scheme(rungs: int) -> Scheme:
    """The scheme for this many differences."""
    column = np.eye(rungs)  # T[i, m − 1] in row i
    entry, own, above, uses, rows = [], [], [], [], []
    for m in range(min(ORDER + 1, rungs - 1)):
        step = column - np.roll(column, 1, axis=0)
        if m:
            column = column + step / (RATIO ** (2 * m) - 1)
            step = step * (1 + 1 / (RATIO ** (2 * m) - 1))
        for i in range(max(m, 1) + 1, rungs):
            entry.append(column[i])
            own.append(step[i])
            above.append(step[i - 1] / RATIO**2)
            first = i - max(m, 1) - 1
            uses.append(np.where((np.arange(rungs) >= first) & (np.arange(rungs) <= i), 1.0, 0.0))
            rows.append(i)
    entry_, own_, above_, uses_ = (
        np.reshape(each, (-1, rungs)).T.copy() for each in (entry, own, above, uses)
    )
    last = np.stack([each[:, -1:] for each in (entry_, own_, above_)], axis=1)[:, :, 0]
    return Scheme(entry_, own_, above_, uses_, np.array(rows, dtype=np.intp), last)


def extrapolate(values: Array, noise: Array) -> Estimate:
    """The entry with the smallest error bar of each line's table.

    values, noise: (L, R), the step shrinking by RATIO from column to column; nan where a value is
    missing.  An entry's truncation error is its distance from the entries it was made of, and not
    less than the same distance one row up divided by RATIO²: two values that happen to coincide
    are no convergence.  Nor is it one where steps finer still contradict it: far out, a saturated
    or an oscillating loss looks flatter and flatter.
    """
    table = scheme(values.shape[1])
    if not table.row.size:
        nothing = np.full(len(values), np.inf)
        return Estimate(nothing * np.nan, nothing, nothing, np.zeros(len(values), dtype=np.intp))
    known = np.isfinite(values)
    whole = known.all()
    filled = values if whole else np.where(known, values, 0.0)
    entry = filled @ table.entry
    truncation = np.maximum(np.abs(filled @ table.own), np.abs(filled @ table.above))
    sigma = AMPLIFICATION * noise[:, table.row]
    error = error_bar(truncation, sigma)
    lowest, highest = _finer(values, CONTRADICTION * noise)
    within = truncation + CONTRADICTION * sigma
    useless = (entry + within < lowest[:, table.row]) | (entry - within > highest[:, table.row])
    if not whole:
        useless |= ~known @ table.uses > 0
    error[useless | ~np.isfinite(error)] = np.inf
    best = error.argmin(axis=1)
    line = np.arange(len(values))
    value, error_kept, noise_kept = entry[line, best], truncation[line, best], sigma[line, best]
    lost = np.isinf(error[line, best])
    if lost.any():
        value[lost], error_kept[lost], noise_kept[lost] = np.nan, np.inf, np.inf
    return Estimate(value, error_kept, noise_kept, table.row[best])


def last_entry(values: Array, noise: Array) -> Estimate:
    """The entry of the highest order at the finest step: no search, and nan where one is missing.

    values, noise: (L, R) as in `extrapolate`, R ≥ 3.
    """
    table = scheme(values.shape[1])
    value, own, above = (values @ table.last).T
    row = np.full(len(values), table.row[-1])
    return Estimate(value, np.fmax(np.abs(own), np.abs(above)), AMPLIFICATION * noise[:, -1], row)


def _finer(values: Array, noise: Array) -> tuple[Array, Array]:
    """The largest lower end and the smallest upper end of value ± noise at finer steps, (L, R)."""
    low, high = np.empty(values.shape), np.empty(values.shape)
    low[:, -1], high[:, -1] = -np.inf, np.inf
    np.fmax.accumulate((values - noise)[:, :0:-1], axis=1, out=low[:, -2::-1])
    np.fmin.accumulate((values + noise)[:, :0:-1], axis=1, out=high[:, -2::-1])
    return low, high
