"""Is every mistake planted in the example class found, and named by question and component?"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from checks.guard import CHECKS
from checks.selftest.commands.students import grade

CLASS = CHECKS / "examples" / "class"


class Planted(NamedTuple):
    """One mistake: who made it where, the question that tells, the components, its pattern."""

    student: str
    model: str
    check: str
    components: frozenset[str]
    pattern: str | None


def planted(
    student: str, model: str, check: str, components: str = "", pattern: str | None = None
) -> Planted:
    return Planted(student, model, check, frozenset(components.split()), pattern)


PLANTED = (
    planted("ben", "line", "gradient_own", "w b", "sum instead of mean"),
    planted("ben", "neuron", "gradient_own", "w", "sigma prime at activation"),
    planted("carla", "line", "update", "b", "sequential update"),
    planted("carla", "network", "gradient_own", "W1", "sigma prime missing"),
    planted("deniz", "line", "gradient_own", "b", "copied from another parameter"),
    planted("deniz", "slope", "gradient_own", "w"),
    planted("deniz", "multilinear", "loss", ""),
    planted("deniz", "multilinear", "gradient_reference", "w b", "factor 2 missing"),
    planted("emeka", "plane", "loss", ""),
    planted("emeka", "sigmoid_unit", "gradient_own", "w b", "sign flipped"),
    planted("emeka", "sigmoid_unit", "update", "w b", "sign flipped"),
    planted("emeka", "linear_system", "contract", "", "argument changed in place"),
)
RIGHT = {
    ("ana", "hill"),
    ("ana", "line"),
    ("ana", "network"),
    ("ben", "plane"),
    ("carla", "plane"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The failures of every file of the class, by student and model."""
    out = tmp_path_factory.mktemp("class") / "out.json"
    assert grade([str(CLASS), f"--json={out}", "--report-only", "--seed=5"]) == 0
    return {
        (subject["name"], subject["model"]): [
            result for result in subject["results"] if result["verdict"] == "failed"
        ]
        for subject in json.loads(out.read_text("utf-8"))["subjects"]
    }


@pytest.mark.parametrize("mistake", PLANTED, ids=lambda one: "-".join(one[:3]))
def test_a_planted_mistake_is_named(
    graded: dict[tuple[str, str], list[dict[str, Any]]], mistake: Planted
) -> None:
    failures = [
        result
        for result in graded[mistake.student, mistake.model]
        if result["check"] == mistake.check
    ]
    observed = {result["component"].partition("[")[0] for result in failures} - {""}
    patterns = {result["diagnosis"]["pattern"] for result in failures if result["diagnosis"]}
    assert failures
    assert observed <= mistake.components
    assert bool(observed) == bool(mistake.components)
    assert mistake.pattern is None or patterns == {mistake.pattern}


def test_what_is_right_has_no_failure_and_all_else_is_planted(
    graded: dict[tuple[str, str], list[dict[str, Any]]],
) -> None:
    passed = {who for who, failures in graded.items() if not failures}
    assert passed == RIGHT
    assert graded.keys() - RIGHT == {(one.student, one.model) for one in PLANTED}


def test_the_class_is_five_students() -> None:
    assert len([path for path in CLASS.iterdir() if path.is_dir()]) == 5
