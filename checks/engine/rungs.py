"""Losses on both sides of a point, at steps that shrink by a factor: what slopes are made of.

Along a line v, with an expected gradient g, the question is whether
ρ(h) = [f(x + hv) − f(x − hv) − g · 2hv] / 2h vanishes for h → 0.  To difference the residual and
not the slope keeps rounding small and lets the linear part cancel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from checks.engine import neville
from checks.engine.lines import COARSE_START, LADDER, START, TARGET, TOP, Index, Lines
from checks.engine.neville import Estimate
from checks.engine.place import Losses, Places, ask
from checks.engine.scale import EPS, Array

BLOCK = 2**18  # numbers (2 MB) in the points of one call, at most
# The same (192 KB) where losses are asked one at a time: still in the cache then, and in memory
# that the process keeps (larger arrays are given back to the system and cost page faults).
CACHED = 3 * 2**13


@dataclass(frozen=True)
class Pairs:
    """Points x + hv and their mirror images in x, along l lines at n steps each.

    where: their place in the ladders.  points: (2, l, n, P).  width: the distance of the two
    points in units of v.  expected: the difference of the two losses if the gradient is right.
    Both have shape (l, n).
    """

    where: tuple[Index, Index]
    points: Array
    width: Array
    expected: Array


class Rungs:
    """Values along L lines at the steps reach · RATIO^level, level = TOP … BOTTOM, asked as needed.

    residual, total, largest: (L, TOP − BOTTOM + 1), nan where nothing was asked: ρ(h), the sum of
    the two losses, and the larger of their sizes.  Of each line's ladder, the part from `top` to
    `bottom` was asked.
    """

    def __init__(self, lines: Lines) -> None:
        self.lines, count = lines, len(lines.of)
        self.steps = (lines.shift * lines.reach)[:, None] * LADDER
        self.square = np.vecdot(lines.directions, lines.directions)
        self.coarse = np.full(count, lines.target) > TARGET
        self.top = np.where(self.coarse, COARSE_START[0], START[0])
        self.bottom = np.where(self.coarse, COARSE_START[-1], START[-1])
        self.residual, self.total, self.largest = np.full((3, count, len(LADDER)), np.nan)

    def windows(self) -> list[tuple[Index, Index]]:
        """The first questions: lines (l,) and their levels (l, n), for each way to start."""
        ways = ((START, ~self.coarse), (COARSE_START, self.coarse))
        return [
            (np.flatnonzero(lines), np.array([start]).repeat(np.count_nonzero(lines), axis=0))
            for start, lines in ways
            if lines.any()
        ]

    def pairs(self, lines: Index, levels: Index, space: Array | None = None) -> Pairs:
        """The points to ask for along some lines (l,), each at levels of its own (l, n).

        space: where they are put, (2 · l · n, P), if not in an array of their own.
        """
        of, where = self.lines.of[lines], (lines[:, None], TOP - levels)
        x, v = self.lines.at[of][:, None, :], self.lines.directions[lines][:, None, :]
        shape = (2, *levels.shape, x.shape[-1])
        points = np.empty(shape) if space is None else space.reshape(shape)
        above, below = points
        np.multiply(self.steps[where][:, :, None], v, out=above)
        above += x
        np.subtract(2 * x, above, out=below)
        # What is really moved: x + hv is rounded, and for one coordinate this is exact.
        move = above - below
        width = np.vecdot(move, v) / self.square[lines, None]
        return Pairs(where, points, width, np.vecdot(move, self.lines.gradients[of][:, None, :]))

    def record(self, pairs: Pairs, values: Array) -> None:
        """Note the losses (2, l, n) at the points of some pairs."""
        above, below = values
        self.residual[pairs.where] = (above - below - pairs.expected) / pairs.width
        self.total[pairs.where] = above + below
        self.largest[pairs.where] = np.abs(values).max(axis=0)

    def evaluate(self, losses: Losses, lines: Index, levels: Index) -> None:
        """Ask for some lines (l,), each at levels of its own (l, n), in blocks of lines.

        As many lines in one call as BLOCK allows, or the attribute `block` of the losses.
        """
        block = getattr(losses, "block", BLOCK)
        per_call = max(1, block // (2 * levels.shape[1] * self.lines.at.shape[1]))
        for start in range(0, len(lines), per_call):
            part = slice(start, start + per_call)
            pairs = self.pairs(lines[part], levels[part])
            self.record(pairs, ask(losses, pairs.points))

    def noise(self, places: Places) -> Array:
        """Rounding noise of the residual at every step, (L, TOP − BOTTOM + 1)."""
        of, eps = self.lines.of, places.eps[self.lines.of]
        sigma = np.maximum(places.noise[of, None], 0.5 * eps[:, None] * self.largest)
        if (eps > EPS).any():
            # A loss that rounds its parameters to single precision moves the point itself.
            moves = np.where(self.lines.directions != 0, (places.at * self.lines.gradients)[of], 0)
            moved = np.linalg.norm(moves, axis=1)
            sigma += np.where(eps > EPS, 0.5 * eps * moved, 0.0)[:, None]
        noise: Array = sigma / self.steps + EPS * self.lines.slope[1][:, None]
        return noise

    def jumps(self, places: Places) -> Array:
        """How far the one-sided slopes are apart at every step, (L, TOP − BOTTOM + 1)."""
        return (self.total - 2 * places.loss[self.lines.of, None]) / self.steps

    @property
    def seen(self) -> slice:
        """The columns in which anything was asked."""
        return slice(TOP - int(self.top.max()), TOP - int(self.bottom.min()) + 1)

    def finest(self, noise: Array) -> Estimate:
        """The residual of every line as the last entry of its table has it."""
        return self._limit(neville.last_entry, noise)

    def estimate(self, noise: Array) -> Estimate:
        """The extrapolated residual of every line; rows are columns of the ladder."""
        return self._limit(neville.extrapolate, noise)

    def _limit(self, extrapolate: Callable[[Array, Array], Estimate], noise: Array) -> Estimate:
        seen = self.seen
        found = extrapolate(self.residual[:, seen], noise[:, seen])
        return replace(found, row=found.row + seen.start)

    def size(self, best: Estimate) -> Array:
        """How large the slopes are, as expected or as measured, whichever is larger."""
        return np.asarray(np.fmax(self.lines.slope[1], np.abs(best.value)))
