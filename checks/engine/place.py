"""What has to be known of a loss at a point before its slopes can be measured there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from checks.engine.noise import OTHERS, SPACING, noise_of, sample_offsets
from checks.engine.scale import EPS, EPS_SINGLE, Array, typical_size

Losses: TypeAlias = Callable[[Array], Array]

CURVE_STEP = 2.0**-10  # of the parameters' size: wide enough to see curvature above the noise


@dataclass(frozen=True)
class Place:
    """A point and the loss around it.

    at, size: (P,), the parameters and their typical sizes.  loss: the value there.
    noise: the loss's rounding noise, one standard deviation, never below ½ · eps · |loss|
    and ½ · eps · drop.
    eps: the loss's unit roundoff, that of float32 where every value fits into float32.
    spread: √(2|loss|) + √|xᵀHx|, the size of what is summed up in a loss that is half a sum of
    squares; a gradient Jᵀr then carries a rounding error of about eps · spread · √(vᵀHv) along v.
    drop: how much the parameters contribute: the largest distance of the loss here from its value
    at the origin and at −at.  Where they saturate, the loss and its gradient are small differences
    of larger numbers (log-sum-exp minus a logit, σ(z) − y): of drop, and of drop / size.
    """

    at: Array
    size: Array
    loss: float
    noise: float
    eps: float
    spread: float
    drop: float

    @property
    def finite(self) -> bool:
        """Whether the loss is finite at the point itself."""
        return bool(np.isfinite(self.loss))


def prepare(losses: Losses, places: Sequence[Array], rng: np.random.Generator) -> list[Place]:
    """A Place for each of some points, each of shape (P,), from two batches of losses at most.

    Nothing is raised where the loss is not finite: `Place.finite` says so.
    """
    ats = np.array(places, dtype=np.float64)
    size = np.array([typical_size(at) for at in ats])
    signs = rng.choice([-1.0, 1.0], ats.shape)
    samples = _along(ats, size * signs, sample_offsets([SPACING]))
    curve = _along(ats, size * signs, np.array([CURVE_STEP, -CURVE_STEP]))
    mirror = _along(ats, ats, np.array([-1.0, -2.0]))
    values = _ask(losses, np.concatenate([ats[:, None], samples, curve, mirror], axis=1))
    loss, samples, curve = values[:, 0], values[:, 1:-4], values[:, -4:-2]
    contrast = np.abs(values[:, -2:] - loss[:, None])
    drop = np.max(np.where(np.isfinite(contrast), contrast, 0.0), axis=1)
    eps = np.where(_single(values), EPS_SINGLE, EPS)
    bend = np.abs(curve[:, 0] - 2 * loss + curve[:, 1]) / CURVE_STEP**2
    spread = np.sqrt(2 * np.abs(loss)) + np.sqrt(np.where(np.isfinite(bend), bend, 0.0))
    # A saturated loss stands still and shows no noise, but is a difference of larger numbers
    # (log-sum-exp minus its own logit): as large as it is on the other side of the origin.
    floor = 0.5 * eps * np.maximum(np.abs(loss), drop)
    noise = np.fmax(_noise(losses, ats, size * signs, loss, samples), floor)
    columns = (loss, noise, eps, spread, drop)
    return [
        Place(at, size[k], *(float(column[k]) for column in columns)) for k, at in enumerate(ats)
    ]


def _along(ats: Array, directions: Array, offsets: Array) -> Array:
    """Points at + offset · direction, shape (k, offsets, P)."""
    points: Array = ats[:, None, :] + offsets[None, :, None] * directions[:, None, :]
    return points


def _ask(losses: Losses, points: Array) -> Array:
    """Losses at a block of points (k, n, P), as (k, n)."""
    return losses(points.reshape(-1, points.shape[-1])).reshape(points.shape[:-1])


def _noise(losses: Losses, ats: Array, directions: Array, loss: Array, samples: Array) -> Array:
    """The noise by the usual spacing, or by others where it does not tell, (k,)."""
    noise = noise_of(loss, samples)
    silent = np.flatnonzero(np.isnan(noise) & np.isfinite(loss))
    if silent.size:
        points = _along(ats[silent], directions[silent], sample_offsets(OTHERS))
        noise[silent] = noise_of(loss[silent], _ask(losses, points))
    return noise


def _single(values: Array) -> NDArray[np.bool_]:
    """Whether every value fits into float32 exactly, as float64 results do not by chance, (k,)."""
    lost = ~np.isfinite(values)
    fits = values.astype(np.float32).astype(np.float64) == values
    return np.asarray(np.all(fits | lost, axis=1) & np.any(values != 0, axis=1))
