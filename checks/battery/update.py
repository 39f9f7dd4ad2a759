"""Question 6, update: parameters − learning_rate · own gradient, all parameters at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from checks.battery.bounds import in_domain
from checks.battery.check import Check, Finding, not_finite
from checks.battery.comparison import Comparison, compare_named, finding_of
from checks.battery.difference_quotients import is_small
from checks.battery.excess import excesses
from checks.battery.explain import explain
from checks.battery.gradient import GRADIENT_REFERENCE
from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.update_mistakes import mistaken_rate, mistaken_update
from checks.candidate import Candidate
from checks.judging.patterns import CONSTANT_FACTOR
from checks.judging.wording import number
from checks.result import Diagnosis, Verdict
from reference.contract import Array, Arrays, Case, Entry, Kind, Role
from reference.vectors import flat

# Relative to the case's own rate, which is near the stable limit and the rate of the STEPS.  A
# sequential update differs from a simultaneous one like rate², so it is plain at the large rate and
# hidden at the small one.
RATES = (2.0**-10, 4.0)
STEPS = 3
ROUNDED = "it is the step along the documented gradient, which your own is less precise than"


def applies(entry: Entry, case: Case) -> bool:
    """Asked wherever there are parameters to learn: everywhere but in layers."""
    return case.role is Role.POINT and entry.kind is not Kind.LAYER


@dataclass(frozen=True)
class Step:
    """One update that was taken: from where, along which own gradient, and where it led.

    before, gradient, after: by parameter name, each in its parameter's shape.
    """

    candidate: Candidate
    case: Case
    oracle: Oracle
    before: Arrays
    gradient: Arrays
    rate: float
    after: Arrays

    @cached_property
    def allowed(self) -> dict[str, Array]:
        """The rounding that `after` may show, by parameter name.

        MULTIPLE · ε · (|before| + rate · |gradient|) + rate · (rounding of the gradient), since
        the gradient may be computed anew.
        """
        rounding = self.oracle.gradient(self.case)[1]
        return {
            name: MULTIPLE * EPSILON * (np.abs(value) + self.rate * np.abs(self.gradient[name]))
            + self.rate * np.max(rounding[name], initial=0.0)
            for name, value in self.before.items()
        }

    def along(self, gradient: Arrays) -> dict[str, Array]:
        """Where one step along a gradient leads: before − rate · gradient."""
        return {name: value - self.rate * gradient[name] for name, value in self.before.items()}

    def against(self, expected: Arrays) -> tuple[str, Comparison]:
        """The entry of `after` that is furthest from what is expected, and its name."""
        return compare_named(self.after, expected, self.allowed)


def taken(
    candidate: Candidate, case: Case, oracle: Oracle, before: Arrays, gradient: Arrays, rate: float
) -> Step:
    """The step that the update takes; asked for once, as a descent asks for it."""
    after = candidate.update(case, before, rate)
    return Step(candidate, case, oracle, before, gradient, rate, after)


def run(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """One step at each of RATES, then STEPS at the case's own, each against the own gradient.

    The steps end where one leaves the domain, as a probability beyond 1 does.
    """
    gradient = candidate.gradient(case)
    unusable = not_finite(gradient)
    if unusable is not None and candidate.gradient_function != "update":
        return unusable
    for factor in RATES:
        rate = factor * case.learning_rate
        finding = _judged(taken(candidate, case, oracle, case.parameters, gradient, rate))
        if finding.verdict is not Verdict.PASSED:
            return finding
    parameters: Arrays = case.parameters
    for _ in range(STEPS):
        if not in_domain(candidate.entry, parameters):
            break
        gradient = candidate.gradient(case, parameters)
        step = taken(candidate, case, oracle, parameters, gradient, case.learning_rate)
        finding = _judged(step)
        if finding.verdict is not Verdict.PASSED:
            return finding
        parameters = step.after
    return finding


def _judged(step: Step) -> Finding:
    """What one step shows."""
    expected = step.along(step.gradient)
    component, comparison = step.against(expected)
    finding = finding_of(
        comparison,
        component,
        f"{component} − {number(step.rate)} · your own gradient",
        "your update",
    )
    if comparison.agrees:
        return finding
    if _is_documented(step):
        return Finding(Verdict.PASSED, remarks=(ROUNDED,))
    diagnosis = mistaken_update(
        step.candidate, step.case, step.before, step.rate, step.after, step.allowed
    ) or _explained(step)
    if diagnosis is None or diagnosis.pattern == CONSTANT_FACTOR.name:
        diagnosis = mistaken_rate(step.candidate, step.case, step.rate) or diagnosis
    return replace(
        finding,
        hint=diagnosis.hint if diagnosis else "return every parameter − learning_rate · gradient",
        diagnosis=diagnosis,
        measurements={**finding.measurements, "learning_rate": step.rate},
        where=excesses(step.after, expected, step.allowed),
    )


def _is_documented(step: Step) -> bool:
    """Whether this is the documented step, beside an own gradient that is right but rounded more.

    So is one formed as (w − update(w))/rate: its digits are the gradient questions' business.
    """
    right = step.oracle.reference.gradient(step.case, step.before)
    return (
        step.against(step.along(right))[1].agrees
        and is_small(flat(step.gradient), flat(right))
        and GRADIENT_REFERENCE.run(step.candidate, step.case, step.oracle).verdict is Verdict.PASSED
    )


def _explained(step: Step) -> Diagnosis | None:
    """The mistake in the gradient that the step goes along, (before − after)/rate."""
    rate = step.rate
    along = {name: (value - step.after[name]) / rate for name, value in step.before.items()}
    error = {name: value / rate for name, value in step.allowed.items()}
    entry = step.candidate.entry
    return explain(entry, step.case, along, step.gradient, error, rate=rate)


UPDATE = Check(
    "update",
    "is update parameters − learning_rate · own gradient, all parameters at once?",
    applies,
    ("update", "gradient"),
    run,
)
