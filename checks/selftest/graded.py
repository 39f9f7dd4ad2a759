"""The battery put to the reference with some of its functions replaced, and what it answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checks.candidate import Candidate
from checks.grading import grade
from checks.respondent import Local
from checks.result import Report, Verdict
from reference.catalogue import entry

SEED = 11
Functions = dict[str, Callable[..., Any]]


def functions(model: str, **replaced: Callable[..., Any] | None) -> Functions:
    """The reference's functions with some replaced, or taken away (None)."""
    reference = entry(model)
    given = {name: getattr(reference.module, name) for name in reference.functions}
    given.update({name: made for name, made in replaced.items() if made is not None})
    return {name: made for name, made in given.items() if replaced.get(name, made) is not None}


def report(model: str, given: Functions, *, allow_finite_differences: bool = False) -> Report:
    """The whole battery put to these functions."""
    candidate = Candidate("tried", entry(model), Local(given), "twin")
    return grade(candidate, seed=SEED, allow_finite_differences=allow_finite_differences)


def verdicts(report: Report, check: str) -> set[Verdict]:
    """The verdicts that one question gave, over its cases."""
    return {result.verdict for result in report.results if result.check == check}


def failed(report: Report) -> set[str]:
    """The questions that failed somewhere."""
    return {result.check for result in report.results if result.verdict is Verdict.FAILED}


def first_failure(report: Report, check: str) -> str:
    """What was expected and observed, and the hint, at the first failure of a question."""
    for result in report.results:
        if result.check == check and result.verdict is Verdict.FAILED:
            return f"{result.expected} | {result.observed} | {result.hint}"
    return "nothing failed"
