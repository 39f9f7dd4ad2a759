"""Right and wrong gradients in the form that every gradient checker takes: mutants, twins, trials.

Whether a claim is wrong is known from how it was made, never from a checker's answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from checks.battery.gradient import claim_of
from checks.candidate import Candidate
from checks.grading import oracle_for
from checks.judging.claim import Claim
from checks.reading import UnusableError
from checks.selftest.engine.trials import trial
from checks.selftest.mutants.catalogue import MUTANTS
from checks.selftest.twins.catalogue import TWINS
from reference.contract import Array, Case, Kind
from reference.vectors import flat

CASES = 2  # points of each mutant and twin
# These guard the logarithm: outside (0, 1), where further points may lie, they are no derivative.
ONLY_INSIDE = ("binary_cross_entropy: a guard of 1e-12", "binary_cross_entropy: a clip at 1e-12")


@dataclass(frozen=True)
class Posed:
    """A claim with what is known about it; name reproduces it.

    error: of a wrong one, the largest of a component relative to the largest component.
    """

    name: str
    claim: Claim
    right: bool
    error: float = 0.0

    @property
    def loss(self) -> Callable[[Array], float]:
        """theta (P,) -> the loss, one point at a time as other checkers ask."""
        return lambda theta: float(self.claim.losses(np.asarray(theta, dtype=float)[None, :])[0])


def _points(candidate: Candidate, seed: int) -> tuple[Case, ...]:
    return oracle_for(candidate.entry, seed).points[:CASES]


def wrong_claims(seed: int) -> Iterator[Posed]:
    """Every mutant whose gradient is wrong for its own loss, where it differs from the right one.

    The right gradient is the reference's, so mutants with another loss are left out.  Where the
    mistake makes no difference (a sum of one sample) there is nothing to detect.
    """
    for mutant in MUTANTS:
        candidate = mutant.candidate
        if "gradient_own" not in mutant.caught_by or "loss" in mutant.caught_by:
            continue
        if mutant.name.startswith("line, the gradient"):
            continue  # predicts another model than its loss
        for case in _points(candidate, seed):
            claim = claim_of(candidate, case)
            truth, rounding = oracle_for(candidate.entry, seed).gradient(case)
            try:
                gap = flat(candidate.gradient(case)) - flat(truth)
            except UnusableError:
                continue
            if np.any(np.abs(gap) > flat(rounding)):
                name = f"{mutant.name}, case {case.name}, seed {seed}"
                error = float(np.max(np.abs(gap)) / np.max(np.abs(flat(truth))))
                yield Posed(name, claim, right=False, error=error)


def right_claims(seed: int) -> Iterator[Posed]:
    """Every twin that has a gradient and a loss of its own."""
    for twin in TWINS:
        candidate = twin.candidate
        derived = candidate.entry.kind is not Kind.LAYER and not candidate.has("gradient")
        if derived or twin.name in ONLY_INSIDE:
            continue
        for case in _points(candidate, seed):
            yield Posed(
                f"{twin.name}, case {case.name}, seed {seed}", claim_of(candidate, case), right=True
            )


def stressed_claims(seeds: range) -> Iterator[Posed]:
    """Right gradients under stress: units from 1e-8 to 1e8, near minima, saturated, float32, …"""
    for seed in seeds:
        drawn = trial(seed)
        yield Posed(str(drawn), drawn.claim, right=True)
