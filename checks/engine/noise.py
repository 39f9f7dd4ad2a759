"""The rounding noise of a loss, from a table of differences (Moré and Wild, ECNoise, 2011).

Over steps so small that the loss is smooth, its k-th differences are nothing but noise: their mean
square is σ² (2k)!/(k!)².
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checks.engine.scale import Array

SAMPLES = 7  # equally spaced values, hence 6 orders of differences
SPACING = 1e-10  # of the samples, relative to the size of the parameters
OTHERS = (1e-12, 1e-14, 1e-8, 1e-6, 1e-4)  # where it does not tell: too steep, or standing still
AGREEMENT = 4.0  # three successive orders must agree to this factor (Moré and Wild)
TOO_STEEP = 0.1  # relative change over the samples beyond which they say nothing (Moré and Wild)


def spread_of(samples: Array) -> Array:
    """Standard deviation of the noise in k sets of equally spaced values (k, SAMPLES), as (k,).

    nan where the samples do not tell: half of them coincide, the loss itself changes too much, or
    no three successive orders of differences agree.
    """
    step = np.diff(samples)
    still = np.sum(step == 0, axis=1) >= samples.shape[1] // 2
    steep = np.ptp(samples, axis=1) > TOO_STEEP * np.max(np.abs(samples), axis=1)
    levels, mixed, factor = [], [], 1.0
    for k in range(1, samples.shape[1] - 1):
        factor *= 0.5 * k / (2 * k - 1)  # (k!)²/(2k)!
        square = np.einsum("ij,ij->i", step, step) / step.shape[1]
        levels.append(np.sqrt(factor * square))
        mixed.append((step.min(axis=1) < 0) & (step.max(axis=1) > 0))
        step = step[:, 1:] - step[:, :-1]
    noise = np.full(len(samples), np.nan)
    for k in reversed(range(len(levels) - 2)):
        three = levels[k : k + 3]
        agrees = np.max(three, axis=0) <= AGREEMENT * np.min(three, axis=0)
        noise = np.where(mixed[k] & agrees, levels[k], noise)
    noise[still | steep | ~np.all(np.isfinite(samples), axis=1)] = np.nan
    return noise


def sample_offsets(spacings: Sequence[float]) -> Array:
    """Where the samples lie beside the point, relative to the parameters' size, spacing by spacing.

    spacing · (1 … SAMPLES − 1) for every spacing, in one row.
    """
    return np.outer(spacings, np.arange(1.0, SAMPLES)).ravel()


def noise_of(loss: Array, samples: Array) -> Array:
    """The noise by the first spacing of `sample_offsets` that tells, nan where none does.

    loss (k,); samples (k, spacings · (SAMPLES − 1)); the result (k,).
    """
    sets = samples.reshape(len(loss), -1, SAMPLES - 1)
    full = np.concatenate(
        [np.broadcast_to(loss[:, None, None], (*sets.shape[:2], 1)), sets], axis=2
    )
    noise = spread_of(full.reshape(-1, SAMPLES)).reshape(sets.shape[:2])
    first = np.argmax(~np.isnan(noise), axis=1)
    return np.asarray(noise[np.arange(len(loss)), first])
