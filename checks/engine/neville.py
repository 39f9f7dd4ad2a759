"""Richardson extrapolation by Neville's scheme, for many lines at once, with its own error bar.

A central difference at step h has the error c₁h² + c₂h⁴ + …; steps that shrink by RATIO remove one
power per column: T[i, m] = T[i, m−1] + (T[i, m−1] − T[i−1, m−1]) / (RATIO^2m − 1).
(Richardson 1911; Neville's scheme as in Stoer and Bulirsch, Numerical Analysis, section 3.5.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    row: np.ndarray[tuple[int], np.dtype[np.intp]]

    @property
    def error(self) -> Array:
        """The error bar: TRUNCATION_MARGIN · truncation + NOISE_MARGIN · noise."""
        return error_bar(self.truncation, self.noise)


def error_bar(truncation: Array, noise: Array) -> Array:
    """TRUNCATION_MARGIN · truncation + NOISE_MARGIN · noise."""
    return TRUNCATION_MARGIN * truncation + NOISE_MARGIN * noise


def extrapolate(values: Array, noise: Array) -> Estimate:
    """The entry with the smallest error bar of each line's table.

    values, noise: (L, R), the step shrinking by RATIO from column to column; nan where a value is
    missing.  An entry's truncation error is its distance from the entries it was made of, and not
    less than the same distance one row up divided by RATIO²: two values that happen to coincide
    are no convergence.  Nor is it one where steps finer still contradict it: far out, a saturated
    or an oscillating loss looks flatter and flatter.
    """
    lines, rungs = values.shape
    entries, truncations, rows = [], [], []
    column = values
    for m in range(min(ORDER + 1, rungs - 1)):
        coarse, fine = column[:, :-1], column[:, 1:]
        if m == 0:
            distance = np.abs(fine - coarse)
            entry = fine
        else:
            entry = fine + (fine - coarse) / (RATIO ** (2 * m) - 1)
            distance = np.maximum(np.abs(entry - fine), np.abs(entry - coarse))
            column = entry
        entries.append(entry[:, 1:])
        truncations.append(np.maximum(distance[:, 1:], distance[:, :-1] / RATIO**2))
        rows.append(np.arange(rungs - entries[-1].shape[1], rungs))
    if not entries or not (row := np.concatenate(rows)).size:
        nothing = np.full(lines, np.inf)
        return Estimate(nothing * np.nan, nothing, nothing, np.zeros(lines, dtype=np.intp))
    entry, truncation = np.concatenate(entries, axis=1), np.concatenate(truncations, axis=1)
    sigma = AMPLIFICATION * noise[:, row]
    error = error_bar(truncation, sigma)
    lowest, highest = _finer(values, CONTRADICTION * noise)
    within = truncation + CONTRADICTION * sigma
    contradicted = (entry + within < lowest[:, row]) | (entry - within > highest[:, row])
    error[contradicted | ~np.isfinite(error)] = np.inf
    best = np.argmin(error, axis=1)
    line = np.arange(lines)
    found = np.isfinite(error[line, best])
    return Estimate(
        np.where(found, entry[line, best], np.nan),
        np.where(found, truncation[line, best], np.inf),
        np.where(found, sigma[line, best], np.inf),
        row[best],
    )


def _finer(values: Array, noise: Array) -> tuple[Array, Array]:
    """The largest lower end and the smallest upper end of value ± noise at finer steps, (L, R)."""
    low, high = np.full(values.shape, -np.inf), np.full(values.shape, np.inf)
    down, up = (values - noise)[:, :0:-1], (values + noise)[:, :0:-1]
    low[:, :-1] = np.fmax.accumulate(down, axis=1)[:, ::-1]
    high[:, :-1] = np.fmin.accumulate(up, axis=1)[:, ::-1]
    return low, high
