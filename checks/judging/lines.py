"""Judges a claimed gradient along lines: which way to look, and what a residual there means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from checks.engine import neville
from checks.engine.kinks import slope_jump
from checks.engine.lines import BOTTOM, TOP, Lines
from checks.engine.neville import RATIO
from checks.engine.place import Losses, Places
from checks.engine.rounding import ROUNDING_MARGIN, rounding_scale
from checks.engine.rungs import Rungs
from checks.engine.scale import Array
from checks.engine.slopes import Slopes, measure
from checks.judging.agreement import GROSS

EVENED = 1e2  # largest factor by which a direction evens out the sizes of the components
CLEARANCE = 4.0  # how far above the error bar a discrepancy must stand at the smallest step
VIEW = 5  # rungs above the smallest step that are looked at for a kink


def signed(random: Array) -> Array:
    """Numbers of size 1, between ⅔ and 4/3, and either sign, from random ones between 0 and 1."""
    return np.asarray((random - (random < 0.5)) * (4 / 3))


def look(gradient: Array, random: Array, first: int = 0) -> Array:
    """Directions to ask along, (L, P), from random numbers of that shape between 0 and 1.

    Components of ± (⅔ … 4/3), so that errors of equal size do not cancel; every other direction,
    counted from `first`, is divided by the size of the gradient's components (by EVENED at most),
    so that small components are looked at as well.
    """
    directions = signed(random)
    evened = directions[1 - first % 2 :: 2]
    size = np.abs(gradient)
    if len(evened) and size.any():
        ascending = np.sort(size)
        zeros = len(size) - np.count_nonzero(size)
        middle = ascending[(zeros + len(size)) // 2]
        evened *= middle / np.minimum(np.maximum(size, middle / EVENED), middle * EVENED)
    return directions


@dataclass(frozen=True)
class Findings:
    """What L lines say about the claim; every array has shape (L,).

    residual: true slope − claimed slope.  allowed: what the error bars allow, of which rounding
    is the part that would remain if the slope were known exactly.
    wrong: residual beyond what is allowed.  kink: no slope there, unless the error is gross.
    """

    residual: Array
    allowed: Array
    rounding: Array
    wrong: NDArray[np.bool_]
    kink: NDArray[np.bool_]

    @property
    def excess(self) -> Array:
        """How many times the residual is what is allowed."""
        return np.asarray(np.abs(self.residual) / self.allowed)

    def part(self, lines: slice | NDArray[np.bool_]) -> Findings:
        """The findings of some of the lines."""
        return Findings(
            self.residual[lines],
            self.allowed[lines],
            self.rounding[lines],
            self.wrong[lines],
            self.kink[lines],
        )


@dataclass(frozen=True)
class Judge:
    """Asks for slopes and judges them.

    eps: unit roundoff of the claimed gradient.  slack: extra rounding of it that the caller knows
    of, in units of the parameters' size, (P,), if any.
    """

    losses: Losses
    eps: float
    slack: Array | None

    def rounding(self, lines: Lines, places: Places, curvature: Array) -> Array:
        """Expected rounding of the claimed slopes, with margin, and the caller's slack, (L,)."""
        slope, size = lines.slope
        scale = rounding_scale(
            places, lines.of, np.abs(slope) + size, curvature, lines.reach, self.eps
        )
        return np.asarray(ROUNDING_MARGIN * scale + self.known(lines))

    def known(self, lines: Lines) -> Array:
        """The caller's slack along every line, (L,)."""
        if self.slack is None:
            return np.zeros(len(lines.of))
        move = np.abs(lines.directions) * lines.size[lines.of]
        return np.asarray(np.sum(move * self.slack, axis=1))

    def findings(self, lines: Lines, places: Places, rungs: Rungs | None = None) -> Findings:
        """Every line measured; those that seem wrong are looked at once more, closer.

        places: the K points of the lines.  rungs: of these lines, where the first window was
        asked already.
        """
        slopes = measure(self.losses, lines, places, rungs)
        rounding = self.rounding(lines, places, slopes.curvature)
        residual, allowed = slopes.residual, slopes.error + rounding
        wrong = np.abs(residual) > allowed
        kink = slopes.jump > 0
        if wrong.any():
            residual = residual.copy()
        for line in (int(k) for k in np.flatnonzero(wrong)):
            residual[line], allowed[line], wrong[line], kink[line] = self._confirm(
                lines.take([line]), places, slopes, line
            )
        return Findings(residual, allowed, rounding, wrong, kink)

    def _confirm(
        self, line: Lines, places: Places, slopes: Slopes, row: int
    ) -> tuple[float, float, bool, bool]:
        """(residual, allowed, wrong, kink) of one line that seems wrong, from other steps.

        Steps in between must tell the same story; so must the smallest step whose noise still
        resolves the discrepancy; and there the slopes on the two sides must not stay apart.
        """
        rho = float(slopes.residual[row])
        between = measure(self.losses, line.take([0], np.sqrt(RATIO)), places)
        truncation = np.fmax(slopes.truncation[row], np.abs(between.residual - rho))
        error = neville.error_bar(truncation, slopes.noise[[row]])
        allowed = float((error + self.rounding(line, places, slopes.curvature[[row]]))[0])
        if abs(rho) <= allowed:
            return rho, allowed, False, bool(slopes.jump[row] > 0)
        return self._near(line, places, rho, allowed, int(slopes.level[row]))

    def _near(
        self, line: Lines, places: Places, rho: float, allowed: float, level: int
    ) -> tuple[float, float, bool, bool]:
        """The same question at the smallest step that can answer it."""
        rungs, only, widest = Rungs(line), np.zeros(1, dtype=np.intp), level
        rungs.evaluate(self.losses, only, np.array([[level]]))
        unit = float(rungs.noise(places)[0, TOP - level]) * RATIO**level
        finest = np.log(CLEARANCE * neville.NOISE_MARGIN * unit / abs(rho)) / np.log(RATIO)
        if np.isfinite(finest):
            level = int(np.clip(np.ceil(finest), BOTTOM, level))
        levels = np.arange(level, min(level + VIEW, TOP) + 1)
        rungs.evaluate(self.losses, only, levels[None, :])
        noise = rungs.noise(places)
        near, wider = (float(value) for value in rungs.residual[0, [TOP - level, TOP - levels[1]]])
        # One difference is off by a fifteenth of the change since the next wider step.
        truncation = neville.TRUNCATION_MARGIN * abs(near - wider) / (RATIO**2 - 1)
        allowed_near = neville.NOISE_MARGIN * float(noise[0, TOP - level])
        # At the table's own steps the truncation may just cancel the discrepancy; it is gone only
        # where this step agrees with the claim, and not with the discrepancy as well.
        gone = abs(near) <= allowed_near and abs(near - rho) > allowed_near + truncation
        if level < widest and gone:
            return near, allowed_near, False, False
        jump = float(slope_jump(rungs.jumps(places), noise)[0])
        kink = jump > 0 and abs(rho) <= allowed + GROSS * jump
        return rho, allowed, not kink, kink
