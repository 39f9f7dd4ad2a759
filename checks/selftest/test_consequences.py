"""What a class page heads failures of convergence and vectorised with."""

from __future__ import annotations

import pytest

from checks.battery.convergence import CREEPS, DIVERGES, ELSEWHERE
from checks.candidate import Candidate
from checks.grading import grade
from checks.report.statistics import mistakes
from checks.report.summary import Summary, summarise
from checks.respondent import Local
from checks.selftest.mutants.changes import factor, samples
from checks.selftest.mutants.mutant import Change, changed_gradient, with_gradient
from reference.catalogue import entry

SEED = 1


def graded(change: Change, *questions: str) -> Summary:
    """A line whose gradient is changed so, asked these questions."""
    functions = with_gradient("line", changed_gradient("line", change))
    candidate = Candidate("ana", entry("line"), Local(functions), "mutant")
    return summarise(grade(candidate, seed=SEED, only=frozenset(questions)))


@pytest.mark.parametrize(
    ("change", "question", "expected"),
    [
        (factor(-1), "convergence", DIVERGES),
        (lambda gradient, at: {**gradient, "b": 0 * gradient["b"]}, "convergence", ELSEWHERE),
        (factor(2.0**-8), "convergence", CREEPS),
        (factor(samples), "vectorised", "batch is not the mean of its samples"),
    ],
    ids=["uphill", "a bias that stays", "short steps", "a sum"],
)
def test_a_failure_that_is_told_alone_has_a_head(
    change: Change, question: str, expected: str
) -> None:
    row = graded(change, question)
    assert row.patterns == {question: expected}
    assert [one.pattern for one in mistakes([row])] == [expected]


def test_the_mistake_behind_it_is_counted_in_its_place() -> None:
    row = graded(factor(samples), "gradient_own", "convergence", "vectorised")
    assert row.patterns == {
        "gradient_own": "sum instead of mean",
        "convergence": DIVERGES,
        "vectorised": "batch is not the mean of its samples",
    }
    assert [one.pattern for one in mistakes([row])] == ["sum instead of mean"]
