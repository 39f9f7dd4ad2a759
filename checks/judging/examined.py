"""What a claim's answers at one point amount to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from checks.engine.place import Places
from checks.engine.scale import Array
from checks.judging.agreement import RESOLUTION
from checks.judging.lines import Findings
from checks.result import Verdict


@dataclass(frozen=True)
class Examined:
    """One point after its questions: what is known of it, gradient (P,), directions (L, P)."""

    place: Places
    gradient: Array
    directions: Array
    findings: Findings

    @cached_property
    def unseen(self) -> Array:
        """The largest error of each component alone that would have gone unseen, (P,)."""
        unseen = self.findings.allowed[:, None] / np.abs(self.directions)
        return np.asarray(unseen.min(axis=0))

    @cached_property
    def resolution(self) -> float:
        """`unseen` at its worst, relative to the largest component of the gradient."""
        size = float(np.abs(self.gradient).max())
        return float(self.unseen.max()) / size if size > 0 else np.inf

    @cached_property
    def kinked(self) -> bool:
        """Whether a line met a kink."""
        return bool(self.findings.kink.any())

    @cached_property
    def verdict(self) -> Verdict:
        """FAILED before confirmation nearby, UNDECIDED at kinks or without resolution."""
        if self.findings.wrong.any():
            return Verdict.FAILED
        if self.kinked or not self.resolution <= RESOLUTION:
            return Verdict.UNDECIDED
        return Verdict.PASSED
