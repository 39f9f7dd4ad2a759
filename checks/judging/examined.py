"""What a claim's answers at one point amount to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

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

    @cached_property
    def unseen(self) -> Array:
        """The largest error of each component alone that would have gone unseen, (P,)."""
        allowed = np.where(np.isfinite(self.findings.residual), self.findings.allowed, np.inf)
        return np.asarray(np.min(allowed[:, None] / np.abs(self.directions), axis=0))

    @cached_property
    def resolution(self) -> float:
        """`unseen` at its worst, relative to the largest component of the gradient."""
        size = np.max(np.abs(self.gradient))
        return float(np.max(self.unseen) / size) if size > 0 else np.inf

    @cached_property
    def kinked(self) -> bool:
        """Whether a line met a kink."""
        return bool(np.any(self.findings.kink))

    @cached_property
    def verdict(self) -> Verdict:
        """FAILED before confirmation nearby, UNDECIDED at kinks or without resolution."""
        if np.any(self.findings.wrong):
            return Verdict.FAILED
        if self.kinked or not self.resolution <= RESOLUTION:
            return Verdict.UNDECIDED
        return Verdict.PASSED
