"""What has to be known of a loss at a point before its slopes can be measured there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, isnan, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from checks.engine.noise import OTHERS, SAMPLES, SPACING, sample_offsets, spread_of
from checks.engine.scale import EPS, EPS_SINGLE, Array, typical_size

Losses: TypeAlias = Callable[[Array], Array]

CURVE_STEP = 2.0**-10  # of the parameters' size: wide enough to see curvature above the noise
# Of a survey's points along its direction; the last two are put elsewhere.
OFFSETS = np.array([[0.0, *sample_offsets(SPACING), CURVE_STEP, -CURVE_STEP, 0.0, 0.0]]).T


@dataclass(frozen=True)
class Places:
    """K points and the loss around them.

    at, size: (K, P), the parameters and their typical sizes.  All else has shape (K,).
    loss: the value there.
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
    loss: Array
    noise: Array
    eps: Array
    spread: Array
    drop: Array

    @property
    def finite(self) -> NDArray[np.bool_]:
        """Whether the loss is finite at the points themselves."""
        return np.isfinite(self.loss)

    def numbers(self, k: int) -> tuple[float, float, float, float, float]:
        """Loss, noise, eps, spread and drop of one of the places."""
        arrays = (self.loss, self.noise, self.eps, self.spread, self.drop)
        loss, noise, eps, spread, drop = (float(array[k]) for array in arrays)
        return loss, noise, eps, spread, drop

    def part(self, k: int) -> Places:
        """The k-th place alone, every array with a leading axis of 1."""
        only = slice(k, k + 1)
        arrays = (self.at, self.size, self.loss, self.noise, self.eps, self.spread, self.drop)
        return Places(*(array[only] for array in arrays))


class Survey:
    """The points to ask for around K points, and what the losses there say.

    points: (K, n, P).  They are asked by whoever holds the survey, so that other questions can
    be asked in the same call.
    """

    def __init__(self, at: Array, size: Array, rng: np.random.Generator) -> None:
        self.at, self.size = at, size
        self.direction = np.copysign(size, rng.uniform(-1, 1, at.shape))
        self.points = at[:, None, :] + OFFSETS * self.direction[:, None, :]
        self.points[:, -2] = 0.0
        self.points[:, -1] = -at

    def read(self, losses: Losses, values: Array) -> Places:
        """The places, from the losses (K, n) at the points.

        Asks for more only where the samples do not tell the noise.  Nothing is raised where the
        loss is not finite: `Places.finite` says so.
        """
        rows = [self._place(losses, k, around) for k, around in enumerate(values.tolist())]
        return Places(self.at, self.size, *np.array(rows).T)

    def _place(
        self, losses: Losses, k: int, values: list[float]
    ) -> tuple[float, float, float, float, float]:
        """(loss, noise, eps, spread, drop) of the k-th point, from the losses (n) around it."""
        loss, samples = values[0], values[1:SAMPLES]
        above, below, *mirrored = values[SAMPLES:]
        drop = max([abs(value - loss) for value in mirrored if isfinite(value - loss)], default=0.0)
        eps = EPS_SINGLE if single(values) else EPS
        bend = abs(above - 2 * loss + below) / CURVE_STEP**2
        spread = sqrt(2 * abs(loss)) + (sqrt(bend) if isfinite(bend) else 0.0)
        noise = spread_of([loss, *samples])
        for spacing in OTHERS if isfinite(loss) else ():
            if isnan(noise):
                points = self.at[k] + sample_offsets(spacing)[:, None] * self.direction[k]
                noise = spread_of([loss, *losses(points).tolist()])
        # A saturated loss stands still and shows no noise, but is a difference of larger numbers
        # (log-sum-exp minus its own logit): as large as it is on the other side of the origin.
        floor = 0.5 * eps * max(abs(loss), drop)
        return loss, floor if isnan(noise) else max(noise, floor), eps, spread, drop


def prepare(losses: Losses, ats: Array, rng: np.random.Generator) -> Places:
    """The places at K points (K, P), from one batch of losses, and more where noise hides."""
    survey = Survey(ats, typical_size(ats), rng)
    return survey.read(losses, ask(losses, survey.points))


def compared_with(known: Places, at: Array, size: Array, loss: Array) -> Places:
    """K places, of which one was surveyed and of all others nothing but the loss (K,) is known.

    Noise in proportion to what the loss is a sum of, curvature to the square of the parameters:
    enough for a claim that agrees there.  Where one does not, a survey has to tell.
    """
    (at_loss, noise, eps, spread, drop), rows = known.numbers(0), []
    bend = spread - sqrt(2 * abs(at_loss))
    larger = np.sqrt(np.vecdot(size, size) / np.vecdot(known.size, known.size))
    for value, factor in zip(loss.tolist(), larger.tolist(), strict=True):
        far = max(drop, abs(value - at_loss))
        grown = max(1.0, (abs(value) + far) / ((abs(at_loss) + drop) or 1.0))
        least = 0.5 * eps * max(abs(value), far)
        rows.append(
            (value, max(noise * grown, least), eps, sqrt(2 * abs(value)) + factor * bend, far)
        )
    return Places(at, size, *np.array(rows).T)


def ask(losses: Losses, points: Array) -> Array:
    """Losses at points (…, P), asked in one call, as (…)."""
    return losses(points.reshape(-1, points.shape[-1])).reshape(points.shape[:-1])


def single(values: Sequence[float]) -> bool:
    """Whether all values fit into float32 exactly, as float64 results do not by chance."""
    return any(values) and all(
        not isfinite(value) or float(np.float32(value)) == value for value in values
    )
