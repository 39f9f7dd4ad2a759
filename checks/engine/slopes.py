"""Slopes of a loss along lines: how far they are from what is expected, with an error bar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checks.engine import neville
from checks.engine.kinks import slope_jump
from checks.engine.lines import BOTTOM, TOP, Index, Lines
from checks.engine.neville import Estimate
from checks.engine.place import Losses, Places
from checks.engine.rungs import Rungs
from checks.engine.scale import Array

MORE = np.arange(2, 0, -1)  # rungs added at the upper or the lower end at a time
GAIN = 0.5  # of the error bar that one more batch must leave, or the line rests
ASTRAY = 0.05  # relative truncation above which a table does not converge yet


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


def measure(losses: Losses, lines: Lines, places: Places, rungs: Rungs | None = None) -> Slopes:
    """The residual along every line, refined until it resolves its target or refining stops paying.

    places: the K points of the lines.  rungs: of these lines, where the first window was asked
    already.  Where the finest entry of every line's table does, no better one is looked for.
    Every refinement asks for the losses of all lines that need it in one call.  Steps go up while
    rounding noise dominates and down while truncation does.
    """
    with np.errstate(all="ignore"):
        if rungs is None:
            rungs = Rungs(lines)
            for window in rungs.windows():
                rungs.evaluate(losses, *window)
        noise = rungs.noise(places)
        typical = lines.target / np.sqrt(lines.directions.shape[1])
        best = rungs.finest(noise)
        if not (best.error <= typical * rungs.size(best)).all():
            noise, best = _refined(losses, rungs, places, typical)
        seen, jumps = rungs.seen, rungs.jumps(places)
        line, row = np.arange(len(best.row)), best.row
        curvature = jumps[line, row] / rungs.steps[line, row]
        jump = slope_jump(jumps[:, seen], noise[:, seen])
        return Slopes(best.value, best.truncation, best.noise, curvature, jump, TOP - row)


def _refined(
    losses: Losses, rungs: Rungs, places: Places, typical: float | Array
) -> tuple[Array, Estimate]:
    """The noise of all rungs and the best estimates, after more questions where they pay."""
    noise = rungs.noise(places)
    best = rungs.estimate(noise)
    active = ~(best.error <= typical * rungs.size(best))
    while active.any():
        noisy = neville.NOISE_MARGIN * best.noise > neville.TRUNCATION_MARGIN * best.truncation
        rise = np.flatnonzero(active & noisy & (rungs.top + len(MORE) <= TOP))
        sink = np.flatnonzero(active & ~noisy & (rungs.bottom - len(MORE) >= BOTTOM))
        moved = np.concatenate([rise, sink])
        if not moved.size:
            break
        above, below = rungs.top[rise, None] + MORE, rungs.bottom[sink, None] - MORE[::-1]
        rungs.top[rise] += len(MORE)
        rungs.bottom[sink] -= len(MORE)
        rungs.evaluate(losses, moved, np.concatenate([above, below]))
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
    return noise, best
