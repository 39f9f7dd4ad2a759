"""Ratios of times that were taken in pairs: their median, and the interval that holds it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
# The order-statistic interval of a median exists from this number of pairs on: 2 · 0.5⁶ < 1 − 0.95.
FEWEST_PAIRS = 6


@dataclass(frozen=True)
class PairedRatio:
    """How many times as long the first of two computations takes as the second.

    ratio: the median over the pairs of (first block's time per call)/(second block's).
    low, high: the distribution-free interval of that median (order statistics, CONFIDENCE).
    pairs: the number of pairs of blocks.
    """

    ratio: float
    low: float
    high: float
    pairs: int

    def __str__(self) -> str:
        return f"{three_digits(self.ratio)} [{three_digits(self.low)}, {three_digits(self.high)}]"


def median_ratio(ratios: NDArray[np.float64]) -> PairedRatio:
    """The median of paired ratios, shape (pairs,), with its distribution-free interval.

    Raises ValueError for fewer than FEWEST_PAIRS.
    """
    if len(ratios) < FEWEST_PAIRS:
        raise ValueError(
            f"a median's interval needs at least {FEWEST_PAIRS} pairs, got {len(ratios)}"
        )
    from scipy import stats  # here, since the many processes of a comparison need none of it

    middle = float(np.median(ratios))
    below = int(stats.binom.ppf((1 - CONFIDENCE) / 2, len(ratios), 0.5))
    ordered = np.sort(ratios)
    return PairedRatio(middle, float(ordered[below - 1]), float(ordered[-below]), len(ratios))


def three_digits(value: float) -> str:
    """A figure with three digits, as people write it: 0.0104, 1.5, 1160."""
    return f"{float(f'{value:.3g}'):.10g}"
