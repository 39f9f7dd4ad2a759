"""What is asked about a claim, at which points and along which lines, in as few calls as may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from checks.engine.lines import TARGET, Lines
from checks.engine.numerical import Counted
from checks.engine.place import Places, Survey, ask, compared_with
from checks.engine.rungs import Rungs
from checks.engine.scale import Array, typical_size
from checks.judging.claim import Claim
from checks.judging.lines import look, signed
from checks.result import Problem

DIRECTIONS = 2  # asked at the point itself
COORDINATES = 4  # parameters up to which each of them is asked instead
DIRECTIONS_FURTHER = 1  # asked at each further point
DISTANCE = 4.0  # further points lie at 1, 4, 16 … times the parameters' size
COARSE = 1e-5  # relative resolution that is enough there, if it shows agreement
CLOSER = (1 / 16, 1 / 256)  # of that, where the loss is not finite there


@dataclass(frozen=True)
class Answered:
    """What came back: the point itself first, then the further ones.

    rungs: of the lines through all of them, with the first window asked.  loss: (K,).
    beyond: the losses at the origin and at −at, see `Places.drop`.
    problems: why a gradient cannot be judged, or None, for each of the points.
    again: the loss and the gradient at the point itself, asked last of all.
    """

    rungs: Rungs
    loss: Array
    beyond: Array
    problems: Sequence[Problem | None]
    again: tuple[float, Array]

    @property
    def lines(self) -> Lines:
        """The lines that were asked along, through the point and the further ones."""
        return self.rungs.lines

    @property
    def whole(self) -> bool:
        """Whether every point can be judged."""
        return not any(self.problems) and bool(np.isfinite(self.loss).all())


@dataclass(frozen=True)
class Surveyed:
    """What is known of the points that can be judged, and the lines through them.

    rungs: as in Answered; None where points had to be moved or left out.
    """

    lines: Lines
    places: Places
    rungs: Rungs | None
    left_out: int = 0


class Questions:
    """The questions of one claim; the point itself comes first."""

    def __init__(self, claim: Claim, losses: Counted, rng: np.random.Generator) -> None:
        self.claim, self.losses, self.rng = claim, losses, rng
        self.at = np.array(claim.at, dtype=np.float64)
        self.size = typical_size(self.at[None, :])

    def gradient(self, at: Array) -> tuple[Array, Problem | None]:
        """The claimed gradient (P,) at a point (P,), and why it cannot be judged, or None."""
        gradient = np.asarray(self.claim.gradient(at.copy()), dtype=np.float64)
        if gradient.shape != at.shape:
            problem = Problem("gradient", f"shape {at.shape}", f"shape {gradient.shape}")
            return np.full(at.shape, np.nan), problem
        if isfinite(gradient.sum()):
            return gradient, None
        finite = np.isfinite(gradient)
        if finite.all():
            return gradient, None  # their sum is too large
        lost = int(finite.argmin())
        observed = f"{gradient[lost]} at {self.claim.names[lost]}"
        return gradient, Problem("gradient", "finite numbers", observed)

    def points(self, further: int) -> Array:
        """The point itself and the further ones, (1 + further, P)."""
        at = np.empty((1 + further, len(self.at)))
        steps = signed(self.rng.random((further, len(self.at))))
        steps *= DISTANCE ** np.arange(further)[:, None] * self.size
        at[0] = self.at
        np.add(steps, self.at, out=at[1:])
        return at

    def lines(self, at: Array, size: Array, gradients: Array, counts: Sequence[int]) -> Lines:
        """As many lines through each of K points (K, P); they are along the coordinates instead
        where there are few of these and more than one line is asked for.

        A single line through a further point is to resolve no more than COARSE, except where there
        are few parameters: then calls cost more than what they compute.
        """
        random = self.rng.random((sum(counts), at.shape[1]))
        directions, of, target, start = [], [], [], 0
        for k, (gradient, count) in enumerate(zip(gradients, counts, strict=True)):
            coordinates = count > 1 and len(gradient) <= COORDINATES
            alone = k if count == DIRECTIONS_FURTHER else 0
            directions.append(
                np.eye(len(gradient))
                if coordinates
                else look(gradient, random[start : start + count], alone)
            )
            start += count
            of += [k] * len(directions[-1])
            coarse = alone and len(gradient) > COORDINATES
            target += [COARSE if coarse else TARGET] * len(directions[-1])
        return Lines(
            at, size, gradients, np.array(of), np.concatenate(directions), target=np.array(target)
        )

    def ask(self, further: int) -> Answered:
        """Everything that a right claim has to answer."""
        at = self.points(further)
        size = np.maximum(np.abs(at), self.size)
        gradients, problems = zip(*map(self.gradient, at), strict=True)
        counts = [DIRECTIONS] + [DIRECTIONS_FURTHER] * further
        rungs = Rungs(self.lines(at, size, np.array(gradients), counts))
        beyond = np.array([np.zeros(len(self.at)), -self.at])
        first = [] if self.claim.first is None else [self.claim.first]
        losses = self.climb(rungs, np.concatenate([at[len(first) :], beyond]), at[:1])
        losses = np.concatenate([first, losses])
        repeated, _ = self.gradient(self.at)
        again = float(losses[-1]), repeated
        return Answered(rungs, losses[: len(at)], losses[len(at) : -1], problems, again)

    def climb(self, rungs: Rungs, points: Array, last: Array) -> Array:
        """The losses at points (n, P) and, after the first window of all lines, at one more (1, P).

        In one call, if that is not too large.
        """
        windows = rungs.windows()
        sizes = [2 * levels.size for _, levels in windows]
        if sum(sizes) * len(self.at) > self.losses.block:
            losses = self.losses(points)
            for window in windows:
                rungs.evaluate(self.losses, *window)
            return np.append(losses, self.losses(last.copy()))
        together = np.empty((len(points) + sum(sizes) + 1, len(self.at)))
        together[: len(points)], together[-1:] = points, last
        asked, stop = [], len(points)
        for window, size in zip(windows, sizes, strict=True):
            start, stop = stop, stop + size
            asked.append((slice(start, stop), rungs.pairs(*window, together[start:stop])))
        losses = self.losses(together)
        for part, pairs in asked:
            rungs.record(pairs, losses[part].reshape(pairs.points.shape[:-1]))
        return np.append(losses[: len(points)], losses[-1])

    def survey(self, answered: Answered) -> Surveyed:
        """What has to be known of a claim that does not agree plainly; one more call, or a few.

        Only the point itself is surveyed; the others are taken in proportion.
        """
        lines, loss = answered.lines, answered.loss.copy()
        survey = Survey(lines.at[:1], self.size, self.rng)
        place = survey.read(self.losses, ask(self.losses, survey.points))
        loss[0] = place.loss[0]
        if answered.whole:
            return Surveyed(lines, compared_with(place, lines.at, lines.size, loss), answered.rungs)
        gradients, usable = self.closer(lines, loss, answered.problems)
        at, size, loss = lines.at[usable], lines.size[usable], loss[usable]
        counts = [DIRECTIONS] + [DIRECTIONS_FURTHER] * (len(usable) - 1)
        places = compared_with(place, at, size, loss)
        left_out = len(lines.at) - len(usable)
        return Surveyed(self.lines(at, size, gradients[usable], counts), places, None, left_out)

    def closer(
        self, lines: Lines, loss: Array, problems: Sequence[Problem | None]
    ) -> tuple[Array, list[int]]:
        """Move the further points closer where the loss is not finite, as often as it helps.

        Changes the points of the lines and the losses in place; returns the gradients (K, P) and
        the points that can be judged, the point itself in any case.
        """
        gradients, unclear = lines.gradients.copy(), list(problems)
        steps = lines.at - self.at
        for factor in CLOSER:
            for k in range(1, len(loss)):
                if not np.isfinite(loss[k]):
                    lines.at[k] = self.at + factor * steps[k]
                    loss[k] = self.losses(lines.at[[k]])[0]
                    gradients[k], unclear[k] = self.gradient(lines.at[k])
        return gradients, [
            k for k in range(len(loss)) if not k or (np.isfinite(loss[k]) and not unclear[k])
        ]
