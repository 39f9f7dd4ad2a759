"""What is asked about a claim, at which points and along which lines, in as few calls as may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from checks.engine.lines import BLOCK, TARGET, Rungs
from checks.engine.numerical import Counted
from checks.engine.place import Places, Survey, ask, compared_with
from checks.engine.scale import Array, typical_size
from checks.judging.claim import Claim
from checks.judging.lines import look
from checks.result import Problem

DIRECTIONS = 2  # asked at the point itself
COORDINATES = 4  # parameters up to which each of them is asked instead
DIRECTIONS_FURTHER = 1  # asked at each further point
DISTANCE = 4.0  # further points lie at 1, 4, 16 … times the parameters' size
COARSE = 1e-5  # relative resolution that is enough there, if it shows agreement
CLOSER = (1 / 16, 1 / 256)  # of that, where the loss is not finite there


@dataclass(frozen=True)
class Posed:
    """The questions at one point: at (P,), the gradient claimed there (P,), directions (L, P).

    problem: why the gradient cannot be judged, or None.  target: how well a slope is to be known.
    """

    at: Array
    gradient: Array
    directions: Array
    problem: Problem | None = None
    target: float = TARGET


@dataclass(frozen=True)
class Answered:
    """What came back: the point itself first, then those of the further ones that can be judged.

    places: one for each.  rungs: of all their lines, with the first window asked; None where
    points had to be moved or left out.  again: the loss at the point itself, asked last of all.
    """

    posed: Sequence[Posed]
    places: Places
    rungs: Rungs | None
    again: float
    left_out: int


class Questions:
    """The questions of one claim; the point itself comes first, and is the only one surveyed."""

    def __init__(self, claim: Claim, losses: Counted, rng: np.random.Generator) -> None:
        self.claim, self.losses, self.rng = claim, losses, rng
        self.at = np.array(claim.at, dtype=np.float64)
        self.size = typical_size(self.at[None, :])

    def gradient(self, at: Array) -> tuple[Array, Problem | None]:
        """The claimed gradient at a point, and why it cannot be judged, or None."""
        gradient = np.asarray(self.claim.gradient(at.copy()), dtype=np.float64)
        if gradient.shape != at.shape:
            problem = Problem("gradient", f"shape {at.shape}", f"shape {gradient.shape}")
            return np.full(at.shape, np.nan), problem
        lost = np.flatnonzero(~np.isfinite(gradient))
        if not lost.size:
            return gradient, None
        observed = f"{gradient[lost[0]]} at {self.claim.names[lost[0]]}"
        return gradient, Problem("gradient", "finite numbers", observed)

    def pose(self, at: Array, count: int, first: int = 0) -> Posed:
        """Questions along `count` lines at a point, none where its gradient cannot be judged."""
        gradient, problem = self.gradient(at)
        if problem is not None:
            return Posed(at, gradient, np.empty((0, len(at))), problem)
        target = COARSE if first else TARGET
        return Posed(at, gradient, self.directions(gradient, count, first), target=target)

    def directions(self, gradient: Array, count: int, first: int = 0) -> Array:
        """Where to look: along the coordinates where there are few and more than one is asked."""
        if count > 1 and len(gradient) <= COORDINATES:
            return np.eye(len(gradient))
        return look(gradient, count, self.rng, first)

    def points(self, further: int) -> Array:
        """The point itself and the further ones, (1 + further, P)."""
        steps = self.rng.uniform(-1.0, 1.0, (further, len(self.at)))
        steps += np.copysign(0.5, steps)
        steps *= DISTANCE ** np.arange(further)[:, None] * self.size
        return np.concatenate([self.at[None, :], self.at + steps])

    def ask(self, further: int) -> Answered:
        """Everything that can be asked at once, in one call of the losses."""
        at = self.points(further)
        size = np.concatenate([self.size, typical_size(at[1:])])
        posed = [self.pose(self.at, DIRECTIONS)]
        posed += [self.pose(each, DIRECTIONS_FURTHER, k) for k, each in enumerate(at[1:], 1)]
        rungs = _rungs(posed, at, size)
        window = rungs.window()
        together = 2 * len(window[0]) * len(self.at) <= BLOCK
        asked = rungs.points(*window) if together else np.empty((2, 0, len(self.at)))
        survey = Survey(at[:1], self.size, self.rng)
        around, there, along, again = ask(self.losses, survey.points, at[1:], asked, self.at)
        place = survey.read(self.losses, around)
        if together:
            rungs.record(*window, asked, along)
        else:
            rungs.evaluate(self.losses, *window)
        loss = np.append(place.loss, there)
        if np.isfinite(there).all() and not any(each.problem for each in posed):
            return Answered(posed, compared_with(place, at, size, loss), rungs, float(again), 0)
        self.closer(posed, loss, at - self.at)
        kept = [0]
        kept += [k for k in range(1, len(at)) if np.isfinite(loss[k]) and not posed[k].problem]
        posed = [posed[k] for k in kept]
        at = np.array([each.at for each in posed])
        places = compared_with(place, at, typical_size(at), loss[kept])
        return Answered(posed, places, None, float(again), 1 + further - len(kept))

    def closer(self, posed: list[Posed], loss: Array, steps: Array) -> None:
        """Move the further points closer where the loss is not finite, as often as it helps."""
        for factor in CLOSER:
            for k in range(1, len(posed)):
                if not np.isfinite(loss[k]):
                    at = self.at + factor * steps[k]
                    loss[k] = self.losses(at[None, :])[0]
                    posed[k] = self.pose(at, DIRECTIONS_FURTHER, k)


def _rungs(posed: Sequence[Posed], at: Array, size: Array) -> Rungs:
    """The steps along the lines of all questions, at points of these sizes."""
    lines = np.repeat(np.arange(len(posed)), [len(each.directions) for each in posed])
    directions = np.concatenate([each.directions for each in posed])
    gradients = np.array([each.gradient for each in posed])
    return Rungs(at[lines], size[lines], directions, gradients[lines])
