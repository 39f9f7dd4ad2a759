"""The rounding noise of a loss, from a table of differences (Moré and Wild, ECNoise, 2011).

Over steps so small that the loss is smooth, its k-th differences are nothing but noise: their mean
square is σ² (2k)!/(k!)².
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import comb, isfinite, nan, sqrt

import numpy as np

from checks.engine.scale import Array

SAMPLES = 7  # equally spaced values
ORDERS = range(1, SAMPLES - 1)  # of differences that are looked at
SPACING = 1e-10  # of the samples, relative to the size of the parameters
OTHERS = (1e-12, 1e-14, 1e-8, 1e-6, 1e-4)  # where it does not tell: too steep, or standing still
AGREEMENT = 4.0  # three successive orders must agree to this factor (Moré and Wild)
TOO_STEEP = 0.1  # relative change over the samples beyond which they say nothing (Moré and Wild)


def spread_of(samples: Sequence[float]) -> float:
    """Standard deviation of the noise in SAMPLES equally spaced values.

    nan where they do not tell: half of them coincide, the loss itself changes too much, or no
    three successive orders of differences agree.  In plain numbers: for seven of them an array
    costs more than the arithmetic.
    """
    if not all(map(isfinite, samples)):
        return nan
    lowest, highest = min(samples), max(samples)
    step = [after - before for before, after in pairwise(samples)]
    still = step.count(0.0) >= SAMPLES // 2
    if still or highest - lowest > TOO_STEEP * max(-lowest, highest):
        return nan
    levels, mixed = [], []
    for k in ORDERS:
        levels.append(sqrt(sum(s * s for s in step) / len(step) / comb(2 * k, k)))
        mixed.append(min(step) < 0 < max(step))
        step = [after - before for before, after in pairwise(step)]
    for k in range(len(levels) - 2):
        three = levels[k : k + 3]
        if mixed[k] and max(three) <= AGREEMENT * min(three):
            return levels[k]
    return nan


def sample_offsets(spacing: float) -> Array:
    """Where the samples after the first lie, relative to the parameters' size, (SAMPLES − 1,)."""
    return spacing * np.arange(1.0, SAMPLES)
