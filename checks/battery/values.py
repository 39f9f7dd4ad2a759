"""Questions 2 and 3, predict and loss: the values that the gradient is the gradient of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checks.battery.check import Check, Finding
from checks.battery.comparison import Comparison, compare, finding_of
from checks.battery.explain import explain_value
from checks.battery.guards import guard_in_loss
from checks.battery.oracle import Oracle
from checks.candidate import Candidate
from checks.judging.components import component_name
from checks.reading import UnusableError
from checks.result import Verdict
from reference.contract import Array, Case, Entry, Kind, Role

# The loss of logits is finite and may be right; what it is the loss of, has been rounded away.
SATURATED = "wrong predictions that are rounded to 0 or 1, whose own loss is infinite"


def predict_applies(entry: Entry, case: Case) -> bool:
    """Asked where there is something to predict: data models with an output, and layers."""
    return case.role is Role.POINT and (entry.kind is Kind.LAYER or entry.output is not None)


def predict(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """The predictions equal the reference model's, entry by entry, to rounding."""
    expected, allowed = oracle.prediction(case)
    observed = candidate.predict(case)
    comparison = compare(observed, expected, allowed)
    what = "output" if candidate.entry.kind is Kind.LAYER else "prediction"
    finding = finding_of(
        comparison, component_name(what, comparison.index), f"the documented {what}", f"your {what}"
    )
    if comparison.agrees:
        return finding
    return _explained(finding, candidate, case, "prediction", observed, expected, allowed)


def loss_applies(entry: Entry, case: Case) -> bool:
    """Asked wherever there is a loss: everywhere but in layers."""
    return case.role is Role.POINT and entry.kind is not Kind.LAYER


def loss(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """The loss is the documented one of the candidate's own predictions, or of the right ones."""
    observed = candidate.loss(case)
    right, rounding = oracle.loss(case)
    best = _compare(observed, right, rounding)
    own = loss_of_own_predictions(candidate, case, oracle)
    if own is not None:
        by_own = _compare(observed, *own)
        best = min(best, by_own, key=lambda comparison: comparison.excess)
    remarks: tuple[str, ...] = ()
    if not candidate.has("loss"):
        remarks = ("there is no loss: it is the documented loss of your predictions",)
    if not best.agrees:
        guard = guard_in_loss(candidate.entry, case, observed, rounding)
        if guard is not None:
            return Finding(Verdict.PASSED, remarks=(*remarks, guard))
        if own is not None and np.isinf(own[0]) and not _predicts_right(candidate, case, oracle):
            told = f"{observed:g}   your loss, beside {SATURATED}"
            return Finding(Verdict.UNDECIDED, observed=told, hint="look at the predictions first")
    expectation = f"the documented loss of your own predictions: {candidate.entry.loss_in_words}"
    if own is None:
        expectation = f"the documented loss: {candidate.entry.loss_in_words}"
    finding = finding_of(best, "", expectation, "your loss")
    if best.agrees:
        return Finding(Verdict.PASSED, remarks=remarks, measurements=finding.measurements)
    truth, error = np.array(best.expected), np.array(best.allowed)
    return _explained(finding, candidate, case, "loss", np.array(observed), truth, error)


def _explained(
    finding: Finding,
    candidate: Candidate,
    case: Case,
    subject: str,
    observed: Array,
    expected: Array,
    allowed: Array,
) -> Finding:
    """The same finding with the mistake that explains it, if one does."""
    diagnosis = explain_value(candidate.entry, case, subject, observed, expected, allowed)
    return replace(finding, diagnosis=diagnosis, hint=diagnosis.hint if diagnosis else "")


def _compare(observed: float, expected: float, allowed: float) -> Comparison:
    return compare(np.array(observed), np.array(expected), np.array(allowed))


def _predicts_right(candidate: Candidate, case: Case, oracle: Oracle) -> bool:
    return compare(candidate.predict(case), *oracle.prediction(case)).agrees


def loss_of_own_predictions(
    candidate: Candidate, case: Case, oracle: Oracle
) -> tuple[float, float] | None:
    """The documented loss of the candidate's predictions with its rounding, if it predicts."""
    if candidate.entry.output is None or not candidate.has("predict"):
        return None
    try:
        prediction = candidate.predict(case)
    except UnusableError:
        return None  # the contract question reports it
    return oracle.loss_of_prediction(prediction, case)


PREDICT = Check(
    "predict",
    "do the predictions equal the documented model's?",
    predict_applies,
    ("predict",),
    predict,
)
LOSS = Check(
    "loss",
    "is the loss the documented loss of the submission's own predictions?",
    loss_applies,
    ("loss",),
    loss,
)
