"""Questions 4 and 5: the gradient of the own loss, and the gradient of the documented loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checks.battery.check import Check, Finding
from checks.battery.comparison import compare_named
from checks.battery.difference_quotients import recognised
from checks.battery.excess import excesses
from checks.battery.explain import FACTOR, FACTOR_ERROR, explain
from checks.battery.guards import REMARK, guard_in_gradient
from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.update_mistakes import mistaken_rate
from checks.candidate import Candidate
from checks.engine.numerical import NumericalGradient, numerical_gradient
from checks.judging.agreement import agree
from checks.judging.claim import Claim
from checks.judging.components import component_names
from checks.judging.gradient_check import GradientCheck
from checks.judging.verification import verify
from checks.judging.wording import distinguished, with_error
from checks.result import Diagnosis, Verdict
from reference.contract import Array, Arrays, Case, Entry, Role
from reference.vectors import flat, unflat


def applies(entry: Entry, case: Case) -> bool:
    """Asked of everything, at every single point."""
    return case.role is Role.POINT


def claim_of(candidate: Candidate, case: Case) -> Claim:
    """The candidate's gradient as a claim about its own loss, in flat vectors of length P.

    The measurement may step out of the loss's domain: an exception there counts as NaN does.
    """

    def losses(points: Array) -> Array:
        steps = [unflat(point, case.parameters) for point in points]
        return candidate.losses(case, steps, outside=float("nan"))

    def gradient(point: Array) -> Array:
        return flat(candidate.gradient(case, unflat(point, case.parameters)))

    return Claim(losses, gradient, flat(case.parameters), component_names(case.parameters))


def own_rounding(candidate: Candidate, case: Case) -> Array:
    """Rounding of a gradient that was derived from updates, (P,); zero where it was handed in."""
    return MULTIPLE * flat(candidate.derivation_rounding(case))


def own(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """The analytic gradient against the numerical derivative of the candidate's own loss."""
    claim = claim_of(candidate, case)
    rounding = own_rounding(candidate, case)
    # A failure is measured in every component below, so none has to be searched for here.
    check = verify(claim, points=0, seed=oracle.seed, rounding=rounding, named=False)
    guard = guard_in_gradient(candidate.entry, case)
    if check.verdict is Verdict.FAILED and guard is not None:
        wider = rounding + flat(guard)
        within = verify(claim, points=0, seed=oracle.seed, rounding=wider, named=False)
        if within.verdict is not Verdict.FAILED:
            return Finding(Verdict.PASSED, remarks=(REMARK,))
    measurements = {"resolution": check.resolution, "evaluations": float(check.evaluations)}
    if check.verdict is not Verdict.FAILED:
        finding = Finding(check.verdict, observed=_undecided(check), measurements=measurements)
        return _quotient(candidate, case, oracle) or finding
    measured = numerical_gradient(claim.losses, claim.at)
    return _failed(candidate, case, oracle, claim.gradient(claim.at), measured, "your own loss")


def _undecided(check: GradientCheck) -> str:
    return check.explain() if check.verdict is Verdict.UNDECIDED else ""


def reference(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """The analytic gradient against the numerical derivative of the documented loss."""
    claimed = flat(candidate.gradient(case))
    measured = oracle.numerical_gradient(case)
    slack = flat(oracle.gradient(case)[1]) + own_rounding(candidate, case)
    agreement = agree(claimed, measured, slack=slack)
    guard = guard_in_gradient(candidate.entry, case)
    if agreement.verdict is Verdict.FAILED and guard is not None:
        within = agree(claimed, measured, slack=slack + flat(guard))
        if within.verdict is not Verdict.FAILED:
            return Finding(Verdict.PASSED, remarks=(REMARK,))
    if agreement.verdict is Verdict.FAILED:
        return _failed(candidate, case, oracle, claimed, measured, "the documented loss")
    worst = agreement.worst
    measurements = {
        "gap": float(agreement.gap[worst]),
        "allowed": float(agreement.allowed[worst]),
    }
    finding = Finding(agreement.verdict, measurements=measurements)
    return _quotient(candidate, case, oracle) or finding


def _quotient(candidate: Candidate, case: Case, oracle: Oracle) -> Finding | None:
    """FAILED where a difference quotient hides within the error bars, with its own error.

    On a quadratic loss a central quotient has rounding errors only, and so have the bars.  The
    reference's own gradient knows better: what it explains by rounding is not looked at.
    """
    if not candidate.has("gradient") and not candidate.has("backward"):
        return None  # derived from updates, which are subtracted and divided themselves
    truth, rounding = oracle.gradient(case)
    gradient = candidate.gradient(case)
    if compare_named(gradient, truth, rounding)[1].agrees:
        return None
    diagnosis = recognised(candidate, case, gradient, truth)
    return None if diagnosis is None else _wrong(gradient, truth, rounding, "slope", diagnosis)


def _failed(
    candidate: Candidate,
    case: Case,
    oracle: Oracle,
    claimed: Array,
    measured: NumericalGradient,
    whose: str,
) -> Finding:
    """FAILED beyond the error bars, with the mistake that explains it."""
    gradient = unflat(claimed, case.parameters)
    truth = unflat(measured.value, case.parameters)
    error = unflat(
        measured.error + flat(oracle.gradient(case)[1]) + own_rounding(candidate, case),
        case.parameters,
    )
    diagnosis = recognised(candidate, case, gradient, truth)
    if diagnosis is None and candidate.gradient_function == "update":
        diagnosis = mistaken_rate(candidate, case, case.learning_rate)
    if diagnosis is None:
        diagnosis = explain(candidate.entry, case, gradient, truth, error)
    finding = _wrong(gradient, truth, error, f"slope of {whose}", diagnosis)
    fitted = _factor(claimed, measured.value, flat(error))
    evaluations = {"evaluations": float(measured.evaluations)}
    return replace(finding, measurements={**finding.measurements, **evaluations, **fitted})


def _wrong(
    gradient: Arrays, truth: Arrays, error: Arrays, slope: str, diagnosis: Diagnosis | None
) -> Finding:
    """The worst entry of a wrong gradient with both values; slope: what it should have been."""
    component, comparison = compare_named(gradient, truth, error)
    gap = comparison.observed - comparison.expected
    return Finding(
        Verdict.FAILED,
        expected=f"{with_error(comparison.expected, comparison.allowed)}   {slope} there",
        observed=f"{distinguished(comparison.observed, gap)}   your gradient",
        hint=diagnosis.hint if diagnosis else "",
        component=component,
        diagnosis=diagnosis,
        measurements={"gap": abs(gap), "allowed": comparison.allowed},
        where=excesses(gradient, truth, error),
    )


def _factor(claimed: Array, truth: Array, error: Array) -> dict[str, float]:
    """The one number that the truth was multiplied by, and its relative error; {} if there is none.

    Fitted by least squares; within the error bars it must give every entry of the claim.  A claim
    may hold anything, so overflow and NaN are no surprise: they fit nothing.
    """
    with np.errstate(all="ignore"):
        factor = float(claimed @ truth) / float(truth @ truth) if np.any(truth) else 0.0
        rounding = MULTIPLE * EPSILON * np.max(np.abs(claimed), initial=0.0)
        slack = (1 + abs(factor)) * error + rounding
        fits = np.all(np.abs(claimed - factor * truth) <= slack)
        # |Σ truth · slack| / Σ truth² is at most this (Cauchy and Schwarz), times |factor|.
        uncertainty = float(np.linalg.norm(slack) / np.linalg.norm(factor * truth))
    if not fits or not np.isfinite(factor) or factor == 0:
        return {}
    return {FACTOR: factor, FACTOR_ERROR: uncertainty}


GRADIENT_OWN = Check(
    "gradient_own",
    "is the gradient the derivative of the submission's own loss?",
    applies,
    ("loss", "gradient"),
    own,
)
GRADIENT_REFERENCE = Check(
    "gradient_reference",
    "is the gradient the derivative of the documented loss?",
    applies,
    ("gradient",),
    reference,
)
