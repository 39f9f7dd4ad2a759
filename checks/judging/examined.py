"""What a claim's answers at one point amount to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checks.engine.place import Place
from checks.engine.scale import Array
from checks.judging.agreement import RESOLUTION
from checks.judging.lines import Findings
from checks.result import Verdict


@dataclass(frozen=True)
class Examined:
    """One point after its questions: gradient (P,), directions (L, P), what the lines say."""

    place: Place
    gradient: Array
    directions: Array
    findings: Findings

    @property
    def unseen(self) -> Array:
        """The largest error of each component alone that would have gone unseen, (P,)."""
        allowed = np.where(np.isfinite(self.findings.residual), self.findings.allowed, np.inf)
        with np.errstate(divide="ignore"):
            return np.asarray(np.min(allowed[:, None] / np.abs(self.directions), axis=0))

    @property
    def resolution(self) -> float:
        """`unseen` at its worst, relative to the largest component of the gradient."""
        size = np.max(np.abs(self.gradient))
        return float(np.max(self.unseen) / size) if size > 0 else np.inf

    @property
    def kinked(self) -> bool:
        """Whether a line met a kink."""
        return bool(np.any(self.findings.kink))

    @property
    def verdict(self) -> Verdict:
        """FAILED before confirmation nearby, UNDECIDED at kinks or without resolution."""
        if np.any(self.findings.wrong):
            return Verdict.FAILED
        if self.kinked or not self.resolution <= RESOLUTION:
            return Verdict.UNDECIDED
        return Verdict.PASSED
