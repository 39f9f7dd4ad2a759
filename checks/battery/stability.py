"""Question 8, stability: finite values and no warnings where numbers are extreme (ruling 15)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checks.battery import extreme_gradients
from checks.battery.check import Check, Finding, failure
from checks.battery.clips import loss_moved_by_clips, prediction_moved_by_clips
from checks.battery.comparison import compare
from checks.battery.contract import readers
from checks.battery.extreme_gradients import WRONG
from checks.battery.gradient import GRADIENT_REFERENCE
from checks.battery.guards import LARGEST_CLIP, guard_in_loss
from checks.battery.oracle import Oracle
from checks.battery.update import UPDATE
from checks.battery.values import LOSS, PREDICT, loss_of_own_predictions
from checks.candidate import Candidate
from checks.reading import UnusableError
from checks.respondent import Answer
from checks.result import Problem, Verdict
from reference.contract import Array, Case, Entry, Role

TOLD = ("overflow", "invalid", "divide")
OVERFLOW = "overflow at extreme numbers"
NOT_FINITE = "not finite at extreme numbers"
SMALLER = "exp of a large number overflows: take exp of −|z| only"
LOGITS = "a logarithm of 0 or an overflow: work with the logits"


def applies(entry: Entry, case: Case) -> bool:
    """Asked at the extreme cases."""
    return case.role is Role.EXTREME


def run(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """Every function that was handed in, at one extreme case; values as documented."""
    remarks: list[str] = []
    read = readers(candidate, case)
    for function in candidate.entry.functions:
        if not candidate.has(function):
            continue
        answer = candidate.answer(function, case)
        problem = _raised(answer) or _warned(function, answer)
        if problem is None:
            values = read[function](answer)
            problem = _not_finite(function, values) or _wrong(
                candidate, function, values, case, oracle, remarks
            )
        if problem is not None:
            return replace(failure(problem), component=function)
        finding = _step(candidate, function, case, oracle)
        if finding.verdict is not Verdict.PASSED:
            return finding
    return Finding(Verdict.PASSED, remarks=tuple(remarks))


def _raised(answer: Answer) -> Problem | None:
    """What came instead of an answer; math.exp raises where np.exp warns."""
    if answer.problem is not None and OverflowError.__name__ in answer.problem.observed:
        return replace(answer.problem, hint=SMALLER, pattern=OVERFLOW)
    return answer.problem


def _warned(function: str, answer: Answer) -> Problem | None:
    told = [text for text in answer.warnings if any(word in text for word in TOLD)]
    if not told:
        return None
    hint, pattern = (SMALLER, OVERFLOW) if TOLD[0] in told[0] else (LOGITS, NOT_FINITE)
    return Problem(function, "no overflow, invalid or divide warning", told[0], hint, pattern)


def _not_finite(function: str, values: list[Array]) -> Problem | None:
    for value in values:
        if not np.all(np.isfinite(value)):
            first = np.ravel(value)[~np.isfinite(np.ravel(value))][0]
            return Problem(function, "finite values", f"{first}", LOGITS, NOT_FINITE)
    return None


def _wrong(
    candidate: Candidate,
    function: str,
    values: list[Array],
    case: Case,
    oracle: Oracle,
    remarks: list[str],
) -> Problem | None:
    """A finite value that is right elsewhere but not here, and that no clip or guard explains."""
    if function in ("predict", "forward"):
        question = PREDICT
        expected, rounding = oracle.prediction(case)
        allowed = rounding + prediction_moved_by_clips(candidate.entry, case)
    elif function == "loss":
        question = LOSS
        right, tolerance = _loss(candidate.entry, case, oracle)
        expected, allowed = np.array(right), np.array(tolerance)
        guard = guard_in_loss(candidate.entry, case, float(values[0]), tolerance)
        if guard is not None:
            if abs(float(values[0]) - right) > tolerance:
                remarks.append(guard)
            return None
    else:
        return None
    comparison = compare(values[0], expected, allowed)
    if comparison.agrees:
        return None
    if function == "loss" and _of_own_predictions(candidate, float(values[0]), case, oracle):
        return None
    questions = [question]
    if function == "loss" and candidate.has("predict"):
        questions.append(PREDICT)  # of wrong predictions that saturate, the right loss is not known
    if not all(_right_at_all_points(each, candidate, oracle) for each in questions):
        return None
    return Problem(
        function,
        comparison.expected_text,
        comparison.observed_text,
        f"a clip may move a saturated value by {LARGEST_CLIP:g} at most",
        WRONG,
    )


def _step(candidate: Candidate, function: str, case: Case, oracle: Oracle) -> Finding:
    """A gradient or an update that is right at all points but not here; nothing of the others."""
    asked = (candidate.gradient_function, "update")
    if function not in asked or not extreme_gradients.applies(candidate.entry, case):
        return Finding(Verdict.PASSED)
    finding = extreme_gradients.compared(candidate, case, oracle, function)
    if finding.verdict is Verdict.PASSED:
        return finding
    questions = [GRADIENT_REFERENCE] + [UPDATE] * (function == "update")
    right = (_right_at_all_points(question, candidate, oracle) for question in questions)
    return finding if all(right) else Finding(Verdict.PASSED)


def _loss(entry: Entry, case: Case, oracle: Oracle) -> tuple[float, float]:
    """The documented loss, and how far rounding and clips may move it."""
    right, rounding = oracle.loss(case)
    if entry.output is None:
        return right, rounding
    return right, rounding + loss_moved_by_clips(entry, case, oracle.prediction(case)[0])


def _of_own_predictions(candidate: Candidate, loss: float, case: Case, oracle: Oracle) -> bool:
    """Whether a loss is right for predictions that are wrong: those are another question's."""
    own = loss_of_own_predictions(candidate, case, oracle)
    return own is not None and compare(np.array(loss), *map(np.array, own)).agrees


def _right_at_all_points(question: Check, candidate: Candidate, oracle: Oracle) -> bool:
    """Whether the values are right wherever nothing is extreme: else another question says so."""
    try:
        findings = (question.run(candidate, point, oracle) for point in oracle.points)
        return all(finding.verdict is Verdict.PASSED for finding in findings)
    except UnusableError:
        return False


STABILITY = Check(
    "stability",
    "do values stay finite and free of warnings at extreme inputs?",
    applies,
    (),
    run,
)
