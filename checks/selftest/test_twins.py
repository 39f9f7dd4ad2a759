"""Every twin is asked everything, and nothing fails it."""

from __future__ import annotations

from collections import Counter

import pytest

from checks.grading import grade
from checks.result import Verdict
from checks.selftest.twins.catalogue import TWINS
from checks.selftest.twins.twin import Twin
from reference.catalogue import CATALOGUE
from reference.contract import Kind

SEED = 1
NAMES = [twin.name for twin in TWINS]


def failures(twin: Twin, seed: int) -> list[str]:
    """The messages of everything that failed; one more if the report is not complete."""
    report = grade(twin.candidate, seed=seed)
    failed = [str(result) for result in report.results if result.verdict is Verdict.FAILED]
    return failed if report.passed or failed else ["nothing passed, or not everything was asked"]


@pytest.mark.parametrize("twin", TWINS, ids=NAMES)
def test_a_twin_has_nothing_failed(twin: Twin) -> None:
    assert failures(twin, SEED) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(2, 12))
@pytest.mark.parametrize("twin", TWINS, ids=NAMES)
def test_a_twin_has_nothing_failed_under_other_seeds(twin: Twin, seed: int) -> None:
    assert failures(twin, seed) == []


def test_there_are_at_least_60_twins_of_different_names() -> None:
    twice = [name for name, count in Counter(NAMES).items() if count > 1]
    assert twice == []
    assert len(NAMES) >= 60


def test_every_model_has_twins() -> None:
    models = {entry.name for entry in CATALOGUE if entry.kind is not Kind.STEP_RULE}
    assert models - {twin.of for twin in TWINS} == set()


def test_a_mutant_among_the_twins_would_be_seen() -> None:
    right = next(twin for twin in TWINS if twin.name == "line: a loop")
    functions = {**right.functions, "gradient": lambda X, y, w, b: (0.0, 0.0)}
    assert failures(Twin("a wrong twin", "line", functions), SEED) != []
