"""The gradient and the update where numbers are extreme: clipped, guarded, or out of digits.

Numerical derivatives say little there, but the reference's gradient keeps its digits.  Half of them
are asked for: a clip or a special case for large numbers has none, a difference quotient loses them
where the loss is large beside one of its slopes.
"""

from __future__ import annotations

import numpy as np

from checks.battery.check import Finding, heading
from checks.battery.clips import prediction_moved_by_clips
from checks.battery.comparison import compare_named
from checks.battery.guards import CROSS_ENTROPIES
from checks.battery.memory import HALF_THE_DIGITS
from checks.battery.oracle import Oracle
from checks.candidate import Candidate
from checks.judging.patterns import FINITE_DIFFERENCES
from checks.result import Diagnosis, Verdict
from reference.contract import Array, Arrays, Case, Entry

WRONG = "wrong at extreme numbers"
HINT = "is it clipped, or another one for large or small numbers?"


def applies(entry: Entry, case: Case) -> bool:
    """Whether nothing saturates: else clips that are allowed may move a gradient by all it is."""
    clips = entry.output is not None and np.any(prediction_moved_by_clips(entry, case))
    return entry.name not in CROSS_ENTROPIES and not clips


def compared(candidate: Candidate, case: Case, oracle: Oracle, function: str) -> Finding:
    """The gradient, or the step of an update, against the reference's to half of the digits."""
    truth, rounding = oracle.gradient(case)
    rate, start = case.learning_rate, case.parameters
    if function == "update":
        observed = candidate.update(case)
        expected = {name: start[name] - rate * value for name, value in truth.items()}
        size = {name: np.abs(start[name]) + rate * _largest(truth[name]) for name in truth}
        allowed = {name: HALF_THE_DIGITS * size[name] + rate * rounding[name] for name in truth}
    else:
        observed, expected = candidate.gradient(case), truth
        allowed = {n: HALF_THE_DIGITS * _largest(truth[n]) + rounding[n] for n in truth}
    component, comparison = compare_named(observed, expected, allowed)
    if comparison.agrees:
        return Finding(Verdict.PASSED)
    quotient = function != "update" and _loses_digits(candidate, oracle, observed, expected)
    return Finding(
        Verdict.FAILED,
        expected=f"{function}, component {component}: {comparison.expected_text}",
        observed=comparison.observed_text,
        hint=FINITE_DIFFERENCES.hint if quotient else HINT,
        component=component,
        diagnosis=_quotient() if quotient else heading(WRONG, HINT),
        functions=(function,),
    )


def _largest(value: Array) -> float:
    return float(np.max(np.abs(value), initial=0.0))


def _loses_digits(candidate: Candidate, oracle: Oracle, observed: Arrays, expected: Arrays) -> bool:
    """Whether it is off by more than rounding at ordinary points, and has its first digits here."""
    close = all(_largest(observed[n] - expected[n]) <= _largest(expected[n]) / 2 for n in expected)
    return close and any(
        not compare_named(candidate.gradient(point), *oracle.gradient(point))[1].agrees
        for point in oracle.points
    )


def _quotient() -> Diagnosis:
    return Diagnosis(
        FINITE_DIFFERENCES.name,
        "looks like a difference quotient: it has more than rounding errors where numbers are "
        "ordinary, and too few digits where the loss is large beside its slope",
        None,
        0.0,
        FINITE_DIFFERENCES.hint,
    )
