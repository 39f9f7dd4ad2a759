"""An answer against an expectation, entry by entry, with the difference that is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from checks.battery.check import Finding
from checks.judging.components import component_name
from checks.judging.wording import distinguished
from checks.result import Verdict
from reference.contract import Array


@dataclass(frozen=True)
class Comparison:
    """The entry that is furthest outside what is allowed; excess ≤ 1 means that all agree.

    index: its position in the array, () for a scalar.  expected, observed: its values.
    """

    excess: float
    index: tuple[int, ...]
    expected: float
    observed: float
    allowed: float

    @property
    def agrees(self) -> bool:
        """Whether every entry is within what is allowed."""
        return self.excess <= 1

    @property
    def expected_text(self) -> str:
        """The expected value, with the digits that show the difference."""
        return distinguished(self.expected, self.observed - self.expected)

    @property
    def observed_text(self) -> str:
        """The observed value, with the digits that show the difference."""
        return distinguished(self.observed, self.observed - self.expected)


def compare(observed: Array, expected: Array, allowed: Array) -> Comparison:
    """Compare arrays of one shape; a value that is not finite is infinitely far outside."""
    observed, expected = np.asarray(observed), np.asarray(expected)
    with np.errstate(all="ignore"):
        excess = np.abs(observed - expected) / allowed
    excess = np.where(np.isfinite(excess), excess, np.inf)
    if not excess.size:
        return Comparison(0.0, (), 0.0, 0.0, 0.0)
    index = np.unravel_index(int(np.argmax(excess)), excess.shape)
    place = tuple(int(i) for i in index)
    return Comparison(
        float(excess[index]),
        place,
        float(expected[index]),
        float(observed[index]),
        float(np.broadcast_to(allowed, excess.shape)[index]),
    )


def compare_named(
    observed: Mapping[str, Array], expected: Mapping[str, Array], allowed: Mapping[str, Array]
) -> tuple[str, Comparison]:
    """The worst entry over all parameters, and its name such as "W1[2, 0]".

    observed, expected, allowed: by name, in the parameters' shapes (allowed may broadcast).
    """
    worst = {name: compare(observed[name], expected[name], allowed[name]) for name in expected}
    name = max(worst, key=lambda key: worst[key].excess)
    return component_name(name, worst[name].index), worst[name]


def finding_of(
    comparison: Comparison, component: str, expectation: str, observation: str
) -> Finding:
    """A finding that says both values and what each of them is."""
    measurements = {"excess": comparison.excess, "allowed": comparison.allowed}
    if comparison.agrees:
        return Finding(Verdict.PASSED, measurements=measurements)
    return Finding(
        Verdict.FAILED,
        expected=f"{comparison.expected_text}   {expectation}, ± {comparison.allowed:.1g}",
        observed=f"{comparison.observed_text}   {observation}",
        component=component,
        measurements=measurements,
    )
