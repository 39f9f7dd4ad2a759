"""Hands a failure to diagnosis together with what the battery knows: sizes and alternatives."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from checks.battery.alternatives import alternatives, step_alternatives
from checks.battery.samples import sample_letter, samples, sizes
from checks.battery.wrong_values import wrong_losses, wrong_predictions
from checks.candidate import reference_candidate
from checks.judging.diagnosis import Context, diagnose
from checks.result import Diagnosis
from reference.contract import Array, Arrays, Case, Entry

FACTOR = "factor"  # the measurement claim/truth, where that is one number
FACTOR_ERROR = "factor_error"  # the relative error of that number


def explain(
    entry: Entry,
    case: Case,
    claimed: Arrays,
    truth: Arrays,
    error: Mapping[str, Array],
    *,
    rate: float | None = None,
) -> Diagnosis | None:
    """The mistake that explains a wrong gradient, or with `rate` a wrong step; None if none fits.

    claimed, truth, error: by parameter name, in the parameters' shapes.
    """
    known: dict[str, Arrays]
    if rate is None:
        known = {**alternatives(entry, case, samples(entry, case))}
        known["right_gradient_of_another_loss"] = reference_candidate(entry).gradient(case)
    else:
        known = {**step_alternatives(entry, case, rate)}
    context = Context(
        subject="gradient" if rate is None else "step",
        sizes=sizes(entry, case),
        samples=sample_letter(entry),
        reduction=entry.reduction.value,
        learning_rate=case.learning_rate if rate is None else rate,
        parameters=case.parameters,
        alternatives=known,
    )
    return diagnose(claimed, truth, error, context)


def explain_value(
    entry: Entry, case: Case, subject: str, claimed: Array, truth: Array, error: Array
) -> Diagnosis | None:
    """The mistake that explains a wrong "loss" or "prediction"; None if none fits."""
    with np.errstate(all="ignore"):
        if subject == "loss":
            values = wrong_losses(entry, case, samples(entry, case))
        else:
            values = wrong_predictions(entry, case)
    context = Context(
        subject=subject,
        sizes=sizes(entry, case),
        samples=sample_letter(entry),
        reduction=entry.reduction.value,
        alternatives={name: {subject: value} for name, value in values.items()},
    )
    return diagnose({subject: claimed}, {subject: truth}, {subject: error}, context)
