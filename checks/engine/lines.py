"""Slopes of a loss along lines through points: the residual of an expected slope, with its error.

Along a line v, with an expected gradient g, the question is whether
ρ(h) = [f(x + hv) − f(x − hv) − g · 2hv] / 2h vanishes for h → 0.  To difference the residual and
not the slope keeps rounding small and lets the linear part cancel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from checks.engine import neville
from checks.engine.kinks import slope_jump
from checks.engine.neville import RATIO, Estimate, extrapolate
from checks.engine.place import Losses, Places, ask
from checks.engine.scale import EPS, Array, reach

Index = NDArray[np.intp]

TOP, BOTTOM = 2, -30  # widest and finest level; steps are reach · RATIO^level
LADDER = RATIO ** np.arange(TOP, BOTTOM - 1.0, -1.0)
START = (-2, -5)  # first window of levels, widest and finest
WIDEN, NARROW = 2, 2  # rungs added at the upper or the lower end at a time
GAIN = 0.5  # of the error bar that one more batch must leave, or the line rests
ASTRAY = 0.05  # relative truncation above which a table does not converge yet
# Relative resolution, for one typical component, at which refining stops: an error of 1e-6 then
# still stands out along a direction in which the component has half the usual weight.
TARGET = 4e-7
BLOCK = 2**18  # numbers (2 MB) in the points of one call, at most


@dataclass(frozen=True)
class Lines:
    """L lines: where, which way, and the gradient that is expected there.

    places: one for each line.  directions, gradients: (L, P).  shift: a factor on all steps.
    target: relative resolution, for one typical component, at which refining stops, one or (L,).
    """

    places: Places
    directions: Array
    gradients: Array
    shift: float = 1.0
    target: float | Array = TARGET

    def take(self, index: Sequence[int], shift: float = 1.0) -> Lines:
        """Some of the lines, with all steps multiplied by `shift`."""
        rows = list(index)
        return Lines(self.places.take(rows), self.directions[rows], self.gradients[rows], shift)

    def rungs(self) -> Rungs:
        """Their steps, with nothing asked yet."""
        return Rungs(self.places.at, self.places.size, self.directions, self.gradients, self.shift)


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
    """Values along L lines at the steps reach · RATIO^level, level = TOP … BOTTOM, asked as needed.

    residual, total, largest: (L, TOP − BOTTOM + 1), nan where nothing was asked: ρ(h), the sum of
    the two losses, and the larger of their sizes.  Of each line's ladder, the part from `top` to
    `bottom` was asked.
    """

    def __init__(
        self, at: Array, size: Array, directions: Array, gradients: Array, shift: float = 1.0
    ) -> None:
        self.at, self.v, self.g = at, directions, gradients
        self.steps = (shift * reach(size, directions))[:, None] * LADDER
        self.square = np.vecdot(directions, directions)
        slope = gradients * directions
        self.slope_size = np.sqrt(np.vecdot(slope, slope))
        self.top, self.bottom = (np.full(len(at), level) for level in START)
        self.residual, self.total, self.largest = np.full((3, len(at), len(LADDER)), np.nan)

    def window(self) -> tuple[Index, Index]:
        """The first questions: every line at every level of START."""
        levels = np.arange(START[0], START[1] - 1, -1)
        return np.arange(len(self.at)).repeat(len(levels)), np.tile(levels, len(self.at))

    def points(self, lines: Index, levels: Index) -> Array:
        """x + hv and its mirror image in x for the pairs (lines[i], levels[i]), (2, n, P)."""
        points = np.empty((2, len(lines), self.at.shape[1]))
        above, below = points
        self.at.take(lines, axis=0, out=below, mode="clip")
        self.v.take(lines, axis=0, out=above, mode="clip")
        above *= self.steps[lines, TOP - levels][:, None]
        above += below
        below *= 2
        below -= above
        return points

    def record(self, lines: Index, levels: Index, points: Array, values: Array) -> None:
        """Note the losses (2, n) at these points."""
        above, below = values
        # What was really moved: x + hv is rounded, and for one coordinate this is exact.
        move = points[0] - points[1]
        width = np.vecdot(move, self.v[lines]) / self.square[lines]
        column = TOP - levels
        self.residual[lines, column] = (above - below - np.vecdot(move, self.g[lines])) / width
        self.total[lines, column] = above + below
        self.largest[lines, column] = np.maximum(np.abs(above), np.abs(below))

    def evaluate(self, losses: Losses, lines: Index, levels: Index) -> None:
        """Ask for pairs of line and level."""
        per_call = max(1, BLOCK // (2 * self.at.shape[1]))
        for start in range(0, len(lines), per_call):
            part = lines[start : start + per_call], levels[start : start + per_call]
            points = self.points(*part)
            self.record(*part, points, ask(losses, points)[0])

    def noise(self, places: Places) -> Array:
        """Rounding noise of the residual at every step, (L, TOP − BOTTOM + 1)."""
        sigma = np.maximum(places.noise[:, None], 0.5 * places.eps[:, None] * self.largest)
        if (places.eps > EPS).any():
            # A loss that rounds its parameters to single precision moves the point itself.
            moved = np.linalg.norm(np.where(self.v != 0, self.g * self.at, 0.0), axis=1)
            sigma += np.where(places.eps > EPS, 0.5 * places.eps * moved, 0.0)[:, None]
        noise: Array = sigma / self.steps + EPS * self.slope_size[:, None]
        return noise

    def jumps(self, places: Places) -> Array:
        """How far the one-sided slopes are apart at every step, (L, TOP − BOTTOM + 1)."""
        return (self.total - 2 * places.loss[:, None]) / self.steps

    @property
    def seen(self) -> slice:
        """The columns in which anything was asked."""
        return slice(TOP - int(self.top.max()), TOP - int(self.bottom.min()) + 1)

    def estimate(self, noise: Array) -> Estimate:
        """The extrapolated residual of every line; rows are columns of the ladder."""
        seen = self.seen
        found = extrapolate(self.residual[:, seen], noise[:, seen])
        return replace(found, row=found.row + seen.start)

    def size(self, best: Estimate) -> Array:
        """How large the slopes are, as expected or as measured, whichever is larger."""
        return np.asarray(np.fmax(self.slope_size, np.abs(best.value)))

    def slopes(self, best: Estimate, noise: Array, places: Places) -> Slopes:
        """Everything measured so far."""
        seen = self.seen
        line, row, jumps = np.arange(len(best.row)), best.row, self.jumps(places)
        curvature = jumps[line, row] / self.steps[line, row]
        jump = slope_jump(jumps[:, seen], noise[:, seen])
        return Slopes(best.value, best.truncation, best.noise, curvature, jump, TOP - best.row)


def measure(losses: Losses, lines: Lines, rungs: Rungs | None = None) -> Slopes:
    """The residual along every line, refined until it resolves its target or refining stops paying.

    Every refinement asks for the losses of all lines that need it in one call.  Steps go up while
    rounding noise dominates and down while truncation does.  rungs: of these lines, where the
    first window was asked already.
    """
    with np.errstate(all="ignore"):
        if rungs is None:
            rungs = lines.rungs()
            rungs.evaluate(losses, *rungs.window())
        places = lines.places
        noise = rungs.noise(places)
        best = rungs.estimate(noise)
        typical = lines.target / np.sqrt(lines.directions.shape[1])
        active = ~(best.error <= typical * rungs.size(best))
        while active.any():
            noisy = neville.NOISE_MARGIN * best.noise > neville.TRUNCATION_MARGIN * best.truncation
            rise = np.flatnonzero(active & noisy & (rungs.top < TOP))
            sink = np.flatnonzero(active & ~noisy & (rungs.bottom > BOTTOM))
            higher = np.minimum(rungs.top[rise] + WIDEN, TOP)
            lower = np.maximum(rungs.bottom[sink] - NARROW, BOTTOM)
            above = _pairs(rise, higher, rungs.top[rise] + 1)
            below = _pairs(sink, rungs.bottom[sink] - 1, lower)
            rungs.top[rise], rungs.bottom[sink] = higher, lower
            moved = np.concatenate([above[0], below[0]])
            if not moved.size:
                break
            rungs.evaluate(losses, moved, np.concatenate([above[1], below[1]]))
            noise = rungs.noise(places)
            before, best = best.error, rungs.estimate(noise)
            size = rungs.size(best)
            lost = ~(best.truncation <= ASTRAY * size + best.noise)
            gained = best.error < GAIN * before
            active &= (
                np.isin(np.arange(len(active)), moved)
                & ~(best.error <= typical * size)
                & (gained | lost)
            )
        return rungs.slopes(best, noise, places)


def _pairs(lines: Index, highest: Index, lowest: Index) -> tuple[Index, Index]:
    """All pairs of line and level with lowest ≤ level ≤ highest, line by line."""
    counts = highest - lowest + 1
    within = np.arange(np.sum(counts)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(lines, counts), np.repeat(highest, counts) - within
