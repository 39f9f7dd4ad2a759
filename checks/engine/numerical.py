"""The numerical gradient, every component with its error bar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checks.engine.lines import START, Lines
from checks.engine.place import Losses, Places, prepare
from checks.engine.rounding import rounding_scale
from checks.engine.rungs import BLOCK
from checks.engine.scale import Array
from checks.engine.slopes import measure


@dataclass(frozen=True)
class NumericalGradient:
    """A gradient measured from values of the loss alone; every array has shape (P,).

    value: the derivative.  error: its error bar, nan or inf where the loss gives no answer.
    jump: how far the one-sided slopes stay apart, 0 where the loss is smooth.
    rounding: the rounding error to be expected of any gradient computed in the loss's precision.
    evaluations: losses asked for.
    """

    value: Array
    error: Array
    jump: Array
    rounding: Array
    evaluations: int

    @property
    def kink(self) -> NDArray[np.bool_]:
        """Where the loss has a kink, so that there is no derivative."""
        return self.jump > 0


class Counted:
    """Losses that count how many points they were asked for.  block: see `Rungs.evaluate`."""

    def __init__(self, losses: Losses) -> None:
        self.losses, self.evaluations = losses, 0
        self.block: int = getattr(losses, "block", BLOCK)

    def __call__(self, points: Array) -> Array:
        self.evaluations += len(points)
        return self.losses(points)


def numerical_gradient(losses: Losses, at: Array, *, seed: int = 0) -> NumericalGradient:
    """All P partial derivatives of the loss at the point `at` (P,), with error bars.

    losses takes points (m, P) and gives their losses (m,).  seed: draws the direction in which the
    noise of the loss is looked for.  A component that cannot be measured, because the loss is not
    finite around it, has value nan and error inf.  About 12 P evaluations, more where the loss is
    badly scaled.
    """
    asked = Counted(losses)
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        place = prepare(asked, np.asarray(at, dtype=np.float64)[None, :], rng)
        per_call = max(1, BLOCK // (2 * len(START) * len(at)))
        parts = [
            _components(asked, place, range(first, min(first + per_call, len(at))))
            for first in range(0, len(at), per_call)
        ]
    value, error, jump, rounding = (np.concatenate(column) for column in zip(*parts, strict=True))
    return NumericalGradient(value, error, jump, rounding, asked.evaluations)


def _components(losses: Losses, place: Places, components: range) -> tuple[Array, ...]:
    """(value, error, jump, rounding) of some components."""
    directions = np.zeros((len(components), place.at.shape[1]))
    directions[np.arange(len(components)), components] = 1.0
    lines = Lines.through(place, np.zeros_like(place.at), directions)
    slopes = measure(losses, lines, place)
    size = np.abs(slopes.residual)
    rounding = rounding_scale(place, lines.of, size, slopes.curvature, lines.reach)
    return slopes.residual, slopes.error, slopes.jump, rounding
