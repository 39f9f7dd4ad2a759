"""Question 6, update: parameters − learning_rate · own gradient, all parameters at once."""

from __future__ import annotations

import numpy as np

from checks.battery.bounds import in_domain
from checks.battery.check import Check, Finding, not_finite
from checks.battery.comparison import compare_named, finding_of
from checks.battery.difference_quotients import is_small
from checks.battery.excess import excesses
from checks.battery.explain import explain
from checks.battery.gradient import GRADIENT_REFERENCE
from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.candidate import Candidate
from checks.judging.diagnosis import digits
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
        finding, _ = _one_step(candidate, case, oracle, case.parameters, gradient, rate)
        if finding.verdict is not Verdict.PASSED:
            return finding
    parameters: Arrays = case.parameters
    for _ in range(STEPS):
        if not in_domain(candidate.entry, parameters):
            break
        gradient = candidate.gradient(case, parameters)
        rate = case.learning_rate
        finding, parameters = _one_step(candidate, case, oracle, parameters, gradient, rate)
        if finding.verdict is not Verdict.PASSED:
            return finding
    return finding


def allowed_difference(
    oracle: Oracle, case: Case, parameters: Arrays, gradient: Arrays, rate: float
) -> dict[str, Array]:
    """Rounding of parameters − rate · gradient, where the gradient may be computed anew.

    MULTIPLE · ε · (|parameter| + rate · |gradient|) + rate · (rounding of the gradient).
    """
    rounding = oracle.gradient(case)[1]
    return {
        name: MULTIPLE * EPSILON * (np.abs(parameters[name]) + rate * np.abs(gradient[name]))
        + rate * np.max(rounding[name], initial=0.0)
        for name in parameters
    }


def _one_step(
    candidate: Candidate,
    case: Case,
    oracle: Oracle,
    parameters: Arrays,
    gradient: Arrays,
    rate: float,
) -> tuple[Finding, Arrays]:
    """What one step shows, and where it went; each is asked for once, as a descent asks for it."""
    observed = candidate.update(case, parameters, rate)
    expected = {name: parameters[name] - rate * gradient[name] for name in parameters}
    allowed = allowed_difference(oracle, case, parameters, gradient, rate)
    component, comparison = compare_named(observed, expected, allowed)
    finding = finding_of(
        comparison,
        component,
        f"{component} − {number(rate)} · your own gradient",
        "your update",
    )
    if comparison.agrees:
        return finding, observed
    if _is_documented(candidate, case, oracle, parameters, gradient, observed, rate, allowed):
        return Finding(Verdict.PASSED, remarks=(ROUNDED,)), observed
    diagnosis = _sequential(candidate, case, parameters, observed, rate, allowed)
    if diagnosis is None:
        step = {name: (parameters[name] - observed[name]) / rate for name in parameters}
        error = {name: allowed[name] / rate for name in parameters}
        diagnosis = explain(candidate.entry, case, step, gradient, error, rate=rate)
    failed = Finding(
        Verdict.FAILED,
        expected=finding.expected,
        observed=finding.observed,
        hint=diagnosis.hint if diagnosis else "return every parameter − learning_rate · gradient",
        component=component,
        diagnosis=diagnosis,
        measurements={**finding.measurements, "learning_rate": rate},
        where=excesses(observed, expected, allowed),
    )
    return failed, observed


def _is_documented(
    candidate: Candidate,
    case: Case,
    oracle: Oracle,
    parameters: Arrays,
    gradient: Arrays,
    observed: Arrays,
    rate: float,
    allowed: Arrays,
) -> bool:
    """Whether this is the documented step, beside an own gradient that is right but rounded more.

    So is one formed as (w − update(w))/rate: its digits are the gradient questions' business.
    """
    right = oracle.reference.gradient(case, parameters)
    step = {name: value - rate * right[name] for name, value in parameters.items()}
    return (
        compare_named(observed, step, allowed)[1].agrees
        and is_small(flat(gradient), flat(right))
        and GRADIENT_REFERENCE.run(candidate, case, oracle).verdict is Verdict.PASSED
    )


def _sequential(
    candidate: Candidate,
    case: Case,
    parameters: Arrays,
    observed: Arrays,
    rate: float,
    allowed: Arrays,
) -> Diagnosis | None:
    """Does the update work through its parameters one after the other, in either order (D3.3)?"""
    names = list(parameters)
    if len(names) < 2:
        return None
    for order in (names, names[::-1]):
        moving: dict[str, Array] = dict(parameters)
        for name in order:
            moving[name] = moving[name] - rate * candidate.gradient(case, moving)[name]
        _, comparison = compare_named(observed, moving, allowed)
        if comparison.agrees:
            scale = max(abs(comparison.expected), abs(comparison.allowed))
            residual = abs(comparison.observed - comparison.expected) / scale
            return Diagnosis(
                "sequential update",
                f"looks like {' then '.join(order)} are updated one after the other, each seeing "
                f"the new values: computed so it agrees to {digits(residual)}",
                None,
                residual,
                "compute the whole gradient first, then move all parameters at once",
            )
    return None


UPDATE = Check(
    "update",
    "is update parameters − learning_rate · own gradient, all parameters at once?",
    applies,
    ("update", "gradient"),
    run,
)
