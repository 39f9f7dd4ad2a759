"""Submissions written from the public contract alone, each with the verdicts the rulings demand.

They were written, and their verdicts beside them, before the battery had been read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from checks.grading import grade
from checks.result import Report, Verdict
from checks.submission.discovery import discover
from checks.submission.supervisor import candidate_for, open_submission
from reference.catalogue import CATALOGUE, entry

SEED = 20261121
ROOMS = ("right", "values", "gradients", "steps", "contract")


@dataclass(frozen=True)
class Judged:
    """A submission and its verdicts; a question that is not named passes wherever it is asked.

    failed, blocked: the questions that must come out so at one case at least, the worst counting.
    silent: the questions on which the rulings decide nothing.  pattern: the mistake to be named.
    """

    name: str
    model: str
    source: str
    failed: frozenset[str]
    blocked: frozenset[str]
    silent: frozenset[str]
    pattern: str

    def verdict(self, question: str) -> Verdict:
        """What the rulings demand of one question."""
        if question in self.failed:
            return Verdict.FAILED
        return Verdict.BLOCKED if question in self.blocked else Verdict.PASSED


def judged(room: str) -> tuple[Judged, ...]:
    """The submissions of one table."""
    path = Path(__file__).parent / "verdicts" / f"{room}.toml"
    return tuple(
        Judged(
            row["name"],
            row["model"],
            row["source"],
            frozenset(row["failed"]),
            frozenset(row["blocked"]),
            frozenset(row.get("silent", ())),
            row.get("pattern", ""),
        )
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["file"]
    )


JUDGED = tuple(one for room in ROOMS for one in judged(room))


@cache
def graded(one: Judged) -> Report:
    """The submission graded by the whole battery through a worker of its own."""
    model = entry(one.model)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{one.model}.py"
        path.write_text(one.source, encoding="utf-8")
        (submission,) = discover([str(path)])
        with open_submission(submission, model) as worker:
            return grade(candidate_for(submission, model, worker), seed=SEED)


def worst(report: Report) -> Mapping[str, Verdict]:
    """By question the worst verdict over its cases."""
    order = (Verdict.PASSED, Verdict.UNDECIDED, Verdict.BLOCKED, Verdict.FAILED)
    found: dict[str, Verdict] = {}
    for result in report.results:
        if result.verdict is Verdict.UNDECIDED and result.component == "time":
            continue  # the machine was too busy to time anything: no verdict on the submission
        found[result.check] = max(
            found.get(result.check, Verdict.PASSED), result.verdict, key=order.index
        )
    return found


@pytest.mark.parametrize("one", JUDGED, ids=lambda one: f"{one.model}: {one.name}")
def test_every_question_is_answered_as_the_rulings_demand(one: Judged) -> None:
    observed = {name: v for name, v in worst(graded(one)).items() if name not in one.silent}
    expected = {name: one.verdict(name) for name in observed}
    assert expected == observed
    assert one.failed | one.blocked <= observed.keys()


@pytest.mark.parametrize(
    "one",
    [one for one in JUDGED if one.pattern],
    ids=lambda one: f"{one.model}: {one.name}",
)
def test_the_mistake_is_named(one: Judged) -> None:
    named = {r.diagnosis.pattern for r in graded(one).results if r.diagnosis is not None}
    assert one.pattern in named


def test_every_model_is_judged() -> None:
    assert {model.name for model in CATALOGUE} == {one.model for one in JUDGED}


def test_every_question_is_seen_failing_and_passing() -> None:
    passed = Verdict.PASSED
    questions = {name for one in JUDGED for name in worst(graded(one))}
    assert questions == frozenset().union(*(one.failed for one in JUDGED))
    assert questions == {n for one in JUDGED for n, v in worst(graded(one)).items() if v is passed}
