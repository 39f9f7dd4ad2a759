"""What has to be known of a loss at a point before its slopes can be measured there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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

    def part(self, k: int) -> Places:
        """One of the places."""
        only = slice(k, k + 1)
        arrays = (self.at, self.size, self.loss, self.noise, self.eps, self.spread, self.drop)
        return Places(*(array[only] for array in arrays))

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> Places:
        """Some of the places, in this order, as often as they are named."""
        arrays = (self.at, self.size, self.loss, self.noise, self.eps, self.spread, self.drop)
        return Places(*(array[rows] for array in arrays))

    def with_noise(self, noise: float) -> Places:
        """The same with a noise that is known better than it can be measured."""
        return replace(self, noise=np.full(len(self.noise), noise))


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
        rows = [
            self._place(losses, k, around, single)
            for k, (around, single) in enumerate(
                zip(values.tolist(), _single(values).tolist(), strict=True)
            )
        ]
        return Places(self.at, self.size, *np.array(rows).T)

    def _place(
        self, losses: Losses, k: int, values: list[float], single: bool
    ) -> tuple[float, float, float, float, float]:
        """(loss, noise, eps, spread, drop) of the k-th point, from the losses (n) around it."""
        loss, samples = values[0], values[1:SAMPLES]
        above, below, *mirrored = values[SAMPLES:]
        drop = max([abs(value - loss) for value in mirrored if isfinite(value - loss)], default=0.0)
        eps = EPS_SINGLE if single else EPS
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
    return survey.read(losses, ask(losses, survey.points)[0])


def compared_with(known: Places, at: Array, size: Array, loss: Array) -> Places:
    """K places, of which one was surveyed and of all others nothing but the loss (K,) is known.

    Noise in proportion to what the loss is a sum of, curvature to the square of the parameters:
    enough for a claim that agrees there.  Where one does not, a survey has to tell.
    """
    drop = np.maximum(known.drop, np.abs(loss - known.loss))
    larger = np.sqrt(np.vecdot(size, size) / np.vecdot(known.size, known.size))
    bend = known.spread - np.sqrt(2 * np.abs(known.loss))
    eps = known.eps.repeat(len(at))
    grown = (np.abs(loss) + drop) / (np.abs(known.loss) + known.drop)
    noise = np.fmax(known.noise * np.fmax(grown, 1.0), 0.5 * eps * np.maximum(np.abs(loss), drop))
    return Places(at, size, loss, noise, eps, np.sqrt(2 * np.abs(loss)) + larger * bend, drop)


def ask(losses: Losses, *blocks: Array) -> list[Array]:
    """Losses at blocks of points (…, P), asked in one call, as (…) each."""
    parameters, answers, start = blocks[0].shape[-1], [], 0
    rows = [block.reshape(-1, parameters) for block in blocks]
    values = losses(rows[0] if len(rows) == 1 else np.concatenate(rows))
    for block in blocks:
        stop = start + block.size // parameters
        answers.append(values[start:stop].reshape(block.shape[:-1]))
        start = stop
    return answers


def _single(values: Array) -> NDArray[np.bool_]:
    """Whether every value fits into float32 exactly, as float64 results do not by chance, (K,)."""
    fits = (values.astype(np.float32) == values) | ~np.isfinite(values)
    return np.asarray(fits.all(axis=1) & (values != 0).any(axis=1))
