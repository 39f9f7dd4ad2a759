"""Decides whether a claimed gradient agrees with a measured one.  No tolerance is set by hand.

|claimed − measured| may be the error bar of the measurement, plus ROUNDING_MARGIN times the
rounding error that any gradient computed in floating point must be expected to have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checks.engine.numerical import NumericalGradient
from checks.engine.rounding import ROUNDING_MARGIN
from checks.engine.scale import Array
from checks.result import Verdict

GROSS = 20.0  # times the jump of the slope: an error beyond it is wrong at a kink as well
RESOLUTION = 1e-3  # relative: a pass that would have let larger errors through proves little


@dataclass(frozen=True)
class Agreement:
    """How a claimed gradient compares with a numerical one.

    gap: |claimed − measured| (P,).  allowed: what the error bars allow (P,).
    worst: the component with the largest gap for what is allowed.
    """

    verdict: Verdict
    gap: Array
    allowed: Array
    worst: int

    @property
    def resolution(self) -> float:
        """The largest gap that would have been allowed anywhere."""
        return float(np.max(self.allowed))


def agree(claimed: Array, measured: NumericalGradient, *, slack: Array | float = 0.0) -> Agreement:
    """Compare a claimed gradient (P,) with a measured one, component by component.

    slack: extra absolute rounding of the claimed gradient, a number or (P,).
    FAILED where a gap exceeds what is allowed; at a kink only where it exceeds GROSS times the
    jump of the slope.  UNDECIDED where a component is at a kink or was not measured, or where
    the largest gap allowed exceeds RESOLUTION times the largest component.
    """
    allowed = measured.error + ROUNDING_MARGIN * measured.rounding + slack
    gap = np.abs(claimed - measured.value)
    lost = ~np.isfinite(measured.value)
    wrong = ~lost & ~(gap <= allowed + GROSS * measured.jump)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        excess = np.where(lost, -1.0, np.where(np.isfinite(gap), gap / allowed, np.inf))
    worst = int(np.argmax(excess))
    if np.any(wrong):
        worst = int(np.argmax(np.where(wrong, excess, -1.0)))
        return Agreement(Verdict.FAILED, gap, allowed, worst)
    size = np.max(np.abs(np.where(lost, 0.0, measured.value)), initial=0.0)
    doubtful = np.any(lost | measured.kink) or not np.max(allowed) <= RESOLUTION * size
    return Agreement(Verdict.UNDECIDED if doubtful else Verdict.PASSED, gap, allowed, worst)
