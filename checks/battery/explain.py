"""Hands a failure to diagnosis together with what the battery knows: sizes and alternatives."""

from __future__ import annotations

from collections.abc import Mapping

from checks.battery.alternatives import alternatives
from checks.judging.diagnosis import Context, diagnose
from checks.result import Diagnosis
from reference.contract import Array, Arrays, Case, Entry


def sizes(entry: Entry, case: Case) -> dict[str, int]:
    """The length of every axis by its letter, such as N and d."""
    arrays = {**case.data, **case.parameters}
    return {
        letter: int(length)
        for variable in (*entry.data, *entry.parameters)
        for letter, length in zip(variable.shape, arrays[variable.name].shape, strict=False)
        if letter.isidentifier()
    }


def sample_letter(entry: Entry) -> str:
    """The letter of the axis that runs over the samples: N, or m for a system of equations."""
    for variable in (*entry.data, *entry.parameters):
        if variable.per_sample and variable.shape[0].isidentifier():
            return variable.shape[0]
    return "N"


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
    lengths = sizes(entry, case)
    letter = sample_letter(entry)
    context = Context(
        subject="gradient" if rate is None else "step",
        sizes=lengths,
        samples=letter,
        reduction=entry.reduction.value,
        learning_rate=case.learning_rate if rate is None else rate,
        parameters=case.parameters,
        alternatives=alternatives(entry, case, lengths.get(letter, 1)) if rate is None else {},
    )
    return diagnose(claimed, truth, error, context)
