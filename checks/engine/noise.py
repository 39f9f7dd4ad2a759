"""The rounding noise of a loss, from a table of differences (Moré and Wild, ECNoise, 2011).

Over steps so small that the loss is smooth, its k-th differences are nothing but noise: their mean
square is σ² (2k)!/(k!)².
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from checks.engine.scale import Array

SAMPLES = 7  # equally spaced values, hence 6 orders of differences
SPACING = 1e-10  # of the samples, relative to the size of the parameters
WIDER = (1e-8, 1e-6, 1e-4)  # tried where half of the values coincide
NARROWER = (1e-12, 1e-14)  # tried where the loss itself changes too much
AGREEMENT = 4.0  # three successive orders must agree to this factor (Moré and Wild)
TOO_STEEP = 0.1  # relative change over the samples beyond which they say nothing (Moré and Wild)


class Spread(NamedTuple):
    """Noise of k sets of samples (k,), nan where undecided, and where a wider spacing is needed."""

    noise: Array
    wider: NDArray[np.bool_]


def spread_of(samples: Array) -> Spread:
    """Standard deviation of the noise in k sets of equally spaced values, samples (k, SAMPLES)."""
    step = np.diff(samples)
    wider = np.sum(step == 0, axis=1) >= samples.shape[1] // 2
    steep = np.ptp(samples, axis=1) > TOO_STEEP * np.max(np.abs(samples), axis=1)
    levels, mixed, factor = [], [], 1.0
    for k in range(1, samples.shape[1] - 1):
        factor *= 0.5 * k / (2 * k - 1)  # (k!)²/(2k)!
        levels.append(np.sqrt(factor * np.mean(step**2, axis=1)))
        mixed.append((np.min(step, axis=1) < 0) & (np.max(step, axis=1) > 0))
        step = np.diff(step)
    noise = np.full(len(samples), np.nan)
    for k in reversed(range(len(levels) - 2)):
        three = levels[k : k + 3]
        agrees = np.max(three, axis=0) <= AGREEMENT * np.min(three, axis=0)
        noise = np.where(mixed[k] & agrees, levels[k], noise)
    noise[wider | steep | ~np.all(np.isfinite(samples), axis=1)] = np.nan
    return Spread(noise, wider)


def sample_offsets(spacing: float = SPACING) -> Array:
    """Where the samples lie, relative to the parameters' size: spacing · (1 … SAMPLES − 1)."""
    return spacing * np.arange(1.0, SAMPLES)
