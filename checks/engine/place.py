"""What has to be known of a loss at a point before its slopes can be measured there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from checks.engine.noise import NARROWER, WIDER, sample_offsets, spread_of
from checks.engine.scale import EPS, EPS_SINGLE, Array, typical_size

Losses: TypeAlias = Callable[[Array], Array]

CURVE_STEP = 2.0**-10  # of the parameters' size: wide enough to see curvature above the noise


@dataclass(frozen=True)
class Place:
    """A point and the loss around it.

    at, size: (P,), the parameters and their typical sizes.  loss: the value there.
    noise: the loss's rounding noise, one standard deviation, never below ½ · eps · |loss|.
    eps: the loss's unit roundoff, that of float32 where every value fits into float32.
    spread: √(2|loss|) + √|xᵀHx|, the size of what is summed up in a loss that is half a sum of
    squares; a gradient Jᵀr then carries a rounding error of about eps · spread · √(vᵀHv) along v.
    """

    at: Array
    size: Array
    loss: float
    noise: float
    eps: float
    spread: float

    @property
    def finite(self) -> bool:
        """Whether the loss is finite at the point itself."""
        return bool(np.isfinite(self.loss))


def prepare(losses: Losses, points: Sequence[Array], rng: np.random.Generator) -> list[Place]:
    """A Place for each of the points, each of shape (P,), from two batches of losses at most.

    Nothing is raised where the loss is not finite: `Place.finite` says so.
    """
    ats = np.array(points, dtype=np.float64)
    size = np.array([typical_size(at) for at in ats])
    signs = rng.choice([-1.0, 1.0], ats.shape)
    samples = _along(ats, size * signs, sample_offsets())
    curve = _along(ats, np.where(ats == 0, size, ats) * signs, np.array([CURVE_STEP, -CURVE_STEP]))
    values = _ask(losses, np.concatenate([ats[:, None], samples, curve], axis=1))
    loss, samples, curve = values[:, 0], values[:, :-2], values[:, -2:]
    noise = _noise(losses, ats, size * signs, samples)
    places = []
    for k, at in enumerate(ats):
        eps = EPS_SINGLE if _is_single(values[k]) else EPS
        bend = (curve[k, 0] - 2 * loss[k] + curve[k, 1]) / CURVE_STEP**2
        spread = np.sqrt(2 * abs(loss[k])) + np.sqrt(abs(bend) if np.isfinite(bend) else 0.0)
        floor = 0.5 * EPS * abs(loss[k])
        places.append(
            Place(at, size[k], float(loss[k]), float(np.fmax(noise[k], floor)), eps, float(spread))
        )
    return places


def _along(ats: Array, directions: Array, offsets: Array) -> Array:
    """Points at + offset · direction, shape (k, offsets, P)."""
    points: Array = ats[:, None, :] + offsets[None, :, None] * directions[:, None, :]
    return points


def _ask(losses: Losses, points: Array) -> Array:
    """Losses at a block of points (k, n, P), as (k, n)."""
    return losses(points.reshape(-1, points.shape[-1])).reshape(points.shape[:-1])


def _noise(losses: Losses, ats: Array, directions: Array, samples: Array) -> Array:
    """Noise by the first spacing that tells, (k,); nan where none does."""
    noise, wider = spread_of(samples)
    loss = samples[:, 0]
    for again, spacings in ((wider, WIDER), (~wider, NARROWER)):
        open_ = np.flatnonzero(np.isnan(noise) & again & np.isfinite(loss))
        if not open_.size:
            continue
        offsets = np.concatenate([sample_offsets(spacing) for spacing in spacings])
        more = _ask(losses, _along(ats[open_], directions[open_], offsets))
        for part in np.split(more, len(spacings), axis=1):
            here = spread_of(np.concatenate([loss[open_, None], part], axis=1)).noise
            noise[open_] = np.where(np.isnan(noise[open_]), here, noise[open_])
    return noise


def _is_single(values: Array) -> bool:
    """Whether every value fits into float32 exactly, which float64 results do not by chance."""
    finite = values[np.isfinite(values)]
    with np.errstate(over="ignore"):
        fits = finite.astype(np.float32).astype(np.float64) == finite
    return bool(finite.size and np.all(fits) and np.ptp(finite) > 0)
