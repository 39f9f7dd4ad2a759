"""Slopes of a loss along lines through points: the residual of an expected slope, with its error.

Along a line v, with an expected gradient g, the question is whether
ρ(h) = [f(x + hv) − f(x − hv) − g · 2hv] / 2h vanishes for h → 0.  To difference the residual and
not the slope keeps rounding small and lets the linear part cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checks.engine import neville
from checks.engine.kinks import slope_jump
from checks.engine.neville import RATIO, Estimate, extrapolate
from checks.engine.place import Losses, Place
from checks.engine.scale import EPS, Array, reach

Index = NDArray[np.intp]

TOP, BOTTOM = 2, -30  # widest and finest level; steps are reach · RATIO^level
START = (-1, -6)  # first window of levels, widest and finest
WIDEN, NARROW = 3, 4  # rungs added at the upper or the lower end at a time
GAIN = 0.5  # of the error bar that one more batch must leave, or the line rests
ASTRAY = 0.05  # relative truncation above which a table does not converge yet
TARGET = 1e-7  # relative resolution, for one typical component, at which refining stops
BLOCK = 2**21  # numbers (16 MB) in the points of one call, at most


@dataclass(frozen=True)
class Lines:
    """L lines: where, which way, and the gradient that is expected there.

    places: L of them.  directions, gradients: (L, P).  shift: a factor on all steps, (L,).
    """

    places: Sequence[Place]
    directions: Array
    gradients: Array
    shift: float = 1.0

    def take(self, index: Sequence[int], shift: float = 1.0) -> Lines:
        """Some of the lines, with all steps multiplied by `shift`."""
        rows = list(index)
        return Lines(
            [self.places[row] for row in rows], self.directions[rows], self.gradients[rows], shift
        )


@dataclass(frozen=True)
class Slopes:
    """What was measured along L lines; every array has shape (L,).

    residual: true slope − expected slope.  truncation, noise: its estimated errors.
    curvature: second derivative along the line.  jump: of the slope, where there is a kink, or 0.
    level: RATIO^level · reach is the finest step used.
    """

    residual: Array
    truncation: Array
    noise: Array
    curvature: Array
    jump: Array
    level: Index

    @property
    def error(self) -> Array:
        """The error bar of the residual."""
        return neville.error_bar(self.truncation, self.noise)


class Rungs:
    """Values along lines at the steps reach · RATIO^level, level = TOP … BOTTOM, asked as needed.

    residual, noise, jump: (L, TOP − BOTTOM + 1), nan where nothing was asked.
    """

    def __init__(self, losses: Losses, lines: Lines) -> None:
        self.losses, self.lines = losses, lines
        self.at = np.array([place.at for place in lines.places])
        self.loss = np.array([place.loss for place in lines.places])
        self.sigma = np.array([place.noise for place in lines.places])
        self.eps = np.array([place.eps for place in lines.places])
        size = np.array([place.size for place in lines.places])
        v, g = lines.directions, lines.gradients
        self.reach = lines.shift * reach(size, v)
        self.square = np.einsum("ij,ij->i", v, v)
        self.slope_size = np.linalg.norm(g * v, axis=1)
        # A loss that rounds its parameters to single precision moves the point itself.
        self.moved = np.zeros(len(v))
        if np.any(self.eps > EPS):
            moved = np.linalg.norm(np.where(v != 0, g * self.at, 0.0), axis=1)
            self.moved = np.where(self.eps > EPS, 0.5 * self.eps * moved, 0.0)
        shape = (len(v), TOP - BOTTOM + 1)
        self.residual, self.noise, self.jump = (np.full(shape, np.nan) for _ in range(3))

    def step(self, lines: Index, levels: Index) -> Array:
        """The step of every pair of line and level."""
        steps: Array = self.reach[lines] * RATIO ** levels.astype(float)
        return steps

    def evaluate(self, lines: Index, levels: Index) -> None:
        """Fill in the pairs (lines[i], levels[i])."""
        per_call = max(1, BLOCK // (2 * self.at.shape[1]))
        for start in range(0, len(lines), per_call):
            part = slice(start, start + per_call)
            self._evaluate(lines[part], levels[part])

    def _evaluate(self, lines: Index, levels: Index) -> None:
        h = self.step(lines, levels)
        at, v, g = self.at[lines], self.lines.directions[lines], self.lines.gradients[lines]
        points = np.empty((2, *v.shape))
        move = h[:, None] * v
        np.add(at, move, out=points[0])
        np.subtract(at, move, out=points[1])
        values = self.losses(points.reshape(-1, v.shape[1]))
        above, below = values[: len(h)], values[len(h) :]
        # What was really moved: x + hv is rounded, and for one coordinate this is exact.
        np.subtract(points[0], points[1], out=move)
        width = np.einsum("ij,ij->i", move, v) / self.square[lines]
        expected = np.einsum("ij,ij->i", move, g)
        at *= 2
        np.add(points[0], points[1], out=move)
        move -= at
        tilt = np.einsum("ij,ij->i", move, g)
        sigma = np.maximum(
            self.sigma[lines], 0.5 * self.eps[lines] * np.maximum(np.abs(above), np.abs(below))
        )
        column = TOP - levels
        self.residual[lines, column] = (above - below - expected) / width
        self.noise[lines, column] = (sigma + self.moved[lines]) / h + EPS * self.slope_size[lines]
        self.jump[lines, column] = (above - 2 * self.loss[lines] + below - tilt) / h

    def estimate(self) -> Estimate:
        """The extrapolated residual of every line."""
        return extrapolate(self.residual, self.noise)

    def size(self, best: Estimate) -> Array:
        """How large the slopes are, as expected or as measured, whichever is larger."""
        return np.asarray(np.fmax(self.slope_size, np.abs(best.value)))

    def slopes(self, best: Estimate) -> Slopes:
        """Everything measured so far."""
        line = np.arange(len(best.row))
        level = TOP - best.row
        curvature = self.jump[line, best.row] / self.step(line, level)
        jump = slope_jump(self.jump, self.noise)
        return Slopes(best.value, best.truncation, best.noise, curvature, jump, level)


def measure(losses: Losses, lines: Lines) -> tuple[Slopes, Rungs]:
    """The residual along every line, refined until it resolves TARGET or refining stops paying.

    Every refinement asks for the losses of all lines that need it in one call.  Steps go up while
    rounding noise dominates and down while truncation does.
    """
    with np.errstate(all="ignore"):
        rungs = Rungs(losses, lines)
        count = len(lines.directions)
        everyone = np.arange(count)
        top, bottom = np.full(count, START[0]), np.full(count, START[1])
        rungs.evaluate(*_pairs(everyone, top, bottom))
        best = rungs.estimate()
        typical = TARGET / np.sqrt(lines.directions.shape[1])
        active = ~(best.error <= typical * rungs.size(best))
        while np.any(active):
            noisy = neville.NOISE_MARGIN * best.noise > neville.TRUNCATION_MARGIN * best.truncation
            rise = np.flatnonzero(active & noisy & (top < TOP))
            sink = np.flatnonzero(active & ~noisy & (bottom > BOTTOM))
            higher = np.minimum(top[rise] + WIDEN, TOP)
            lower = np.maximum(bottom[sink] - NARROW, BOTTOM)
            above, below = (
                _pairs(rise, higher, top[rise] + 1),
                _pairs(sink, bottom[sink] - 1, lower),
            )
            top[rise], bottom[sink] = higher, lower
            moved = np.concatenate([above[0], below[0]])
            if not moved.size:
                break
            rungs.evaluate(moved, np.concatenate([above[1], below[1]]))
            before, best = best.error, rungs.estimate()
            size = rungs.size(best)
            lost = ~(best.truncation <= ASTRAY * size + best.noise)
            gained = best.error < GAIN * before
            active &= np.isin(everyone, moved) & ~(best.error <= typical * size) & (gained | lost)
        return rungs.slopes(best), rungs


def _pairs(lines: Index, highest: Index, lowest: Index) -> tuple[Index, Index]:
    """All pairs of line and level with lowest ≤ level ≤ highest, line by line."""
    counts = highest - lowest + 1
    within = np.arange(np.sum(counts)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(lines, counts), np.repeat(highest, counts) - within
