"""Is bad input answered by one clear sentence each, with everybody else graded?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from checks.grading import NOT_GRADED
from checks.selftest.commands.students import RIGHT, grade, with_gradient

LIMIT_SECONDS = 1

# Student: (file, its text, the question that fails, what is expected, what is observed).
CLUMSY: dict[str, tuple[str, str, str, str, str]] = {
    "syntax": (
        "line.py",
        "def loss(X, y:",
        "contract",
        "a file that loads",
        "syntax error in line 1",
    ),
    "raises_at_import": ("line.py", "1 / 0", "contract", "a file that loads", "ZeroDivisionError"),
    "no_function": (
        "line.py",
        "answer = 42",
        "contract",
        "functions predict, loss",
        "no function at all",
    ),
    "no_gradient": (
        "line.py",
        RIGHT.replace("def gradient", "def slope"),
        "contract",
        "a function gradient or update",
        "only loss, predict",
    ),
    "other_names": (
        "line.py",
        RIGHT.replace("def gradient(X, y, w, b)", "def gradient(X, y, weight, b)"),
        "contract",
        "the arguments X, y, w, b",
        "(X, y, weight, b)",
    ),
    "wrong_shape": (
        "line.py",
        with_gradient("return np.zeros(3)"),
        "contract",
        "gradient: (dw, db)",
        "one array of shape (3,)",
    ),
    "nothing_returned": ("line.py", with_gradient("pass"), "contract", "gradient", "None"),
    "nan": ("line.py", with_gradient("return np.nan, 0.0"), "gradient_own", "±", "nan"),
    "exception": (
        "line.py",
        with_gradient("return X[10**6], 0.0"),
        "contract",
        "gradient: a value",
        "IndexError",
    ),
    "endless": (
        "line.py",
        with_gradient("while True: pass"),
        "contract",
        f"an answer within {LIMIT_SECONDS} second",
        f"stopped after {LIMIT_SECONDS} second",
    ),
    "leaves": (
        "line.py",
        with_gradient("import os; os._exit(0)"),
        "contract",
        "a value",
        "exit status 0",
    ),
    "no_model": ("lime.py", RIGHT, "contract", "a file named after a model", "lime.py"),
    "no_python": ("line.txt", "y = 2 x", "contract", "files named after models", "line.txt"),
    "binary": ("line.py", "\x00\x01", "contract", "line.py", "null bytes"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All of them, an empty folder, a missing path and a right one, graded in one run."""
    folder = tmp_path_factory.mktemp("clumsy")
    for student, (name, text, *_) in CLUMSY.items():
        (folder / "class" / student).mkdir(parents=True)
        (folder / "class" / student / name).write_text(text, "utf-8")
    (folder / "class" / "empty").mkdir()
    (folder / "class" / "right").mkdir()
    (folder / "class" / "right" / "line.py").write_text(RIGHT, "utf-8")
    out = folder / "out.json"
    questions = "--only=contract,gradient_own"
    status = grade(
        [
            str(folder / "class"),
            str(folder / "nowhere"),
            "--seed=3",
            questions,
            f"--limit-seconds={LIMIT_SECONDS}",
            f"--json={out}",
        ]
    )
    subjects = {one["name"]: one for one in json.loads(out.read_text("utf-8"))["subjects"]}
    return {"status": status, "subjects": subjects}


@pytest.mark.parametrize("student", CLUMSY)
def test_the_report_says_what_was_expected_and_what_came(
    graded: dict[str, Any], student: str
) -> None:
    _, _, check, expected, observed = CLUMSY[student]
    subject = graded["subjects"][student]
    failed = [result for result in subject["results"] if result["verdict"] == "failed"]
    assert {result["check"] for result in failed} == {check}
    assert all(expected in result["expected"] for result in failed)
    assert all(observed in result["observed"] for result in failed)


def test_what_cannot_be_graded_is_headed_in_the_statistics(graded: dict[str, Any]) -> None:
    first = {name: one["results"][0] for name, one in graded["subjects"].items()}
    headed = {
        name: result["diagnosis"]["pattern"]
        for name, result in first.items()
        if result["diagnosis"]
    }
    assert {headed["no_model"], headed["no_python"], headed["empty"]} == {NOT_GRADED}
    assert headed["binary"] == "syntax error"


def test_a_right_one_among_them_passes(graded: dict[str, Any]) -> None:
    verdicts = {result["verdict"] for result in graded["subjects"]["right"]["results"]}
    assert verdicts == {"passed"}


@pytest.mark.parametrize("name", ["empty", "nowhere"])
def test_a_path_that_leads_nowhere_is_reported(graded: dict[str, Any], name: str) -> None:
    (result,) = graded["subjects"][name]["results"]
    assert (result["verdict"], name in result["expected"]) == ("failed", True)


def test_every_report_is_complete_and_nobody_is_lost(graded: dict[str, Any]) -> None:
    subjects = graded["subjects"]
    assert len(subjects) == len(CLUMSY) + len({"empty", "right", "nowhere"})
    assert all(subject["complete"] for subject in subjects.values())


def test_the_exit_status_tells(graded: dict[str, Any]) -> None:
    assert graded["status"] == 1


def test_what_cannot_be_asked_is_blocked_and_never_passed(graded: dict[str, Any]) -> None:
    results = graded["subjects"]["syntax"]["results"]
    observed = {result["verdict"] for result in results if result["check"] != "contract"}
    assert observed == {"blocked"}
