"""What a claim's answers at one point amount to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import inf, isnan

import numpy as np

from checks.engine.lines import Lines
from checks.engine.place import Places
from checks.engine.scale import Array
from checks.judging.agreement import RESOLUTION
from checks.judging.lines import Findings
from checks.result import Verdict


def resolutions(lines: Lines, allowed: Array) -> Array:
    """The largest error of a single component that would have gone unseen at each point, (K,).

    Relative to the largest component of the gradient there.  allowed: along every line, (L,); the
    lines come point by point.
    """
    unseen = allowed[:, None] / np.abs(lines.directions)
    ends = np.searchsorted(lines.of, np.arange(len(lines.at) + 1))
    largest = [unseen[start:end].min(axis=0).max() for start, end in pairwise(ends)]
    return np.asarray(largest / np.abs(lines.gradients).max(axis=1))


@dataclass(frozen=True)
class Examined:
    """One point after its questions: the lines through it, what is known of it and of them."""

    lines: Lines
    place: Places
    findings: Findings

    @property
    def gradient(self) -> Array:
        """The claimed gradient, (P,)."""
        return np.asarray(self.lines.gradients[0])

    @cached_property
    def resolution(self) -> float:
        """The largest unseen error of one component here, see `resolutions`; inf for none."""
        found = float(resolutions(self.lines, self.findings.allowed)[0])
        return inf if isnan(found) else found

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
