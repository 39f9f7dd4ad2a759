"""Slower or not: the rule, apart from everything that measures.

A process answers a benchmark with one log ratio (head over base, the median of its blocks).
Inside a process these are tight and still wrong by up to a few per cent: memory layout moves the
same code.  So the sample is the processes.  A first look of several processes raises a suspicion,
and only a second look of twice as many fresh ones makes it a verdict.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy import stats

from reference.contract import Array

SMALLEST = math.log(1.03)  # what layout alone does to unchanged code is not reported
NOTABLE = math.log(1.05)  # a run whose threshold is above this cannot see what it should
FALSE_ALARMS = 0.01  # the share of suite runs on unchanged code that may raise an alarm
PROCESSES = 4  # of the first look; even, so that each side is imported first in half
# Of the second look, at what is suspected: with 4, 2.5 % of unchanged runs raised an alarm at a
# load average of 6 to 20; with 8 it is 0.9 %, and more of the true changes are found.
CONFIRMING = 8
FEWEST_FOR_COMMON = 8  # benchmarks that must share a ratio before it is the run's and not theirs
# Of normal samples, the median absolute difference of two is this many standard deviations.
DIFFERENCE = float(math.sqrt(2) * stats.norm.ppf(0.75))


class Outcome(Enum):
    """What was decided of one benchmark; the value is the word that people read."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"
    UNDECIDED = "undecided"
    DIFFERENT = "computes something else"
    BROKEN = "gave no answer"
    NEW = "new"
    VANISHED = "vanished"

    @property
    def fails(self) -> bool:
        """Whether a comparison that holds this outcome fails."""
        return self in (Outcome.SLOWER, Outcome.DIFFERENT, Outcome.BROKEN)

    @property
    def compared(self) -> bool:
        """Whether times of both sides stand behind it."""
        return self in (Outcome.SLOWER, Outcome.FASTER, Outcome.SAME, Outcome.UNDECIDED)


@dataclass(frozen=True)
class Threshold:
    """From which log ratio on a benchmark counts as changed.

    value: the larger of SMALLEST and what the scatter demands.
    scatter: standard deviation between processes, pooled over all benchmarks, in log ratio.
    benchmarks: how many share the FALSE_ALARMS.  common: the run-wide log ratio, 0 where there is
    none.
    """

    value: float
    scatter: float
    benchmarks: int
    common: float = 0.0

    @property
    def sentence(self) -> str:
        """The threshold with its confidence, as the output states it."""
        beyond = ""
        if self.common:
            beyond = f"; with and without the run-wide ratio of {math.exp(self.common):.3f}"
        several = "s" if self.benchmarks > 1 else ""
        return (
            f"changed means by more than {math.expm1(self.value):.1%} in the median of "
            f"{PROCESSES} processes and again of {CONFIRMING} others: at most "
            f"{FALSE_ALARMS:.0%} of runs on unchanged code raise an alarm "
            f"({self.benchmarks} benchmark{several}, "
            f"scatter between processes {self.scatter:.1%}{beyond})"
        )


def threshold(log_ratios: Array) -> Threshold:
    """The threshold of a first look, log_ratios of shape (benchmarks, processes).

    Two looks of PROCESSES at one of m unchanged benchmarks pass z standard errors by chance with
    probability p², and m·p² = FALSE_ALARMS gives z; the second look has more processes, so that
    less passes.  The standard error of a median of P is σ·√(π/2P).
    """
    benchmarks, processes = log_ratios.shape
    scatter = pooled_scatter(log_ratios)
    z = float(stats.norm.isf(math.sqrt(FALSE_ALARMS / benchmarks)))
    demanded = z * scatter * math.sqrt(math.pi / (2 * processes))
    value = max(SMALLEST, demanded)
    common = 0.0
    if benchmarks >= FEWEST_FOR_COMMON:
        middle = float(np.median(np.median(log_ratios, axis=1)))
        # A larger one is no drift of the machine: most benchmarks did change.
        common = middle if abs(middle) <= value else 0.0
    return Threshold(value, scatter, benchmarks, common)


def pooled_scatter(log_ratios: Array) -> float:
    """Standard deviation between processes, from all differences of two within a benchmark."""
    first, second = np.triu_indices(log_ratios.shape[1], k=1)
    differences = np.abs(log_ratios[:, first] - log_ratios[:, second])
    return float(np.median(differences)) / DIFFERENCE if differences.size else 0.0


def settled(look: Array, limit: Threshold) -> float:
    """The log ratio that a look, shape (processes,), shows in any case.

    What most benchmarks share may be the run's own drift, or a change in code that they share: of
    the median with and without it the one nearer to no change, and 0 where their signs differ.
    """
    with_common = float(np.median(look))
    without = with_common - limit.common
    return min(with_common, without, key=abs) if with_common * without > 0 else 0.0


def suspected(first: Array, limit: Threshold) -> bool:
    """Whether a first look, shape (processes,), asks for a second one."""
    return abs(settled(first, limit)) > min(limit.value, NOTABLE)


def decide(first: Array, second: Array | None, limit: Threshold) -> Outcome:
    """The outcome of one benchmark from its two looks, each of shape (processes,).

    SLOWER and FASTER need both looks beyond the threshold on the same side.  A suspicion that the
    second look does not share, or that the run is too noisy to settle, is UNDECIDED.
    """
    if not suspected(first, limit):
        return Outcome.SAME
    if second is None or not len(second):
        return Outcome.UNDECIDED
    looks = [settled(look, limit) for look in (first, second)]
    if min(looks) > limit.value:
        return Outcome.SLOWER
    if max(looks) < -limit.value:
        return Outcome.FASTER
    return Outcome.UNDECIDED
