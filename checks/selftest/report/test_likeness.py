"""Are programs that are the same grouped, through renaming and layout, and others left apart?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from checks.commands.main import main
from checks.report.likeness import NEAR, alike, resemblance
from checks.report.summary import Summary, summarise
from checks.selftest.report.results import PASSED, report
from checks.submission.worker.likeness import likeness

MINE = '''
"""My homework."""
import numpy as np

def predict(X, w, b):
    return w * X + b

def loss(X, y, w, b):
    residual = predict(X, w, b) - y  # signed
    return np.mean(residual ** 2)

def gradient(X, y, w, b):
    residual = predict(X, w, b) - y
    return 2 * np.mean(X * residual), 2 * np.mean(residual)

def update(X, y, learning_rate, w, b):
    dw, db = gradient(X, y, w, b)
    return w - learning_rate * dw, b - learning_rate * db
'''
RENAMED = (
    MINE.replace("residual", "error").replace("np", "numpy_").replace("dw", "g1").replace("#", "##")
)
LONGER = MINE + "\n\ndef norm(w, b):\n    return (w * w + b * b) ** 0.5\n"
OTHER = """
def predict(X, w, b):
    return [w * x + b for x in X]

def loss(X, y, w, b):
    total = 0
    for guess, truth in zip(predict(X, w, b), y):
        total += (guess - truth) ** 2
    return total / len(y)
"""


def of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "line.py"
    path.write_text(text, "utf-8")
    return likeness(str(path))


def row(name: str, prints: list[str], model: str = "line") -> Summary:
    return replace(summarise(report(PASSED, subject=name)), likeness=tuple(prints), model=model)


def test_names_comments_and_layout_make_no_difference(tmp_path: Path) -> None:
    assert of(tmp_path, RENAMED) == of(tmp_path, MINE)


@pytest.mark.parametrize(
    ("old", "new"),
    [("2 *", "3 *"), ("w * X + b", "X * b + w"), ("np.mean", "np.sum"), ("- y", "+ y")],
    ids=["constant", "other name", "attribute", "operator"],
)
def test_what_a_program_computes_makes_one(tmp_path: Path, old: str, new: str) -> None:
    assert of(tmp_path, MINE.replace(old, new))[0] != of(tmp_path, MINE)[0]


@pytest.mark.parametrize("text", ["def loss(", "x = '" + "\x00'"], ids=["syntax", "zero byte"])
def test_what_is_no_program_is_like_nothing(tmp_path: Path, text: str) -> None:
    assert of(tmp_path, text) == []


def test_a_program_resembles_itself_and_not_another(tmp_path: Path) -> None:
    mine, longer, other = (of(tmp_path, text) for text in (MINE, LONGER, OTHER))
    assert resemblance(mine, mine) == 1.0
    assert resemblance(mine, other) < resemblance(mine, longer) < 1.0
    assert resemblance(mine, []) == 0.0


def test_equal_programs_of_different_people_are_one_group(tmp_path: Path) -> None:
    mine, other = of(tmp_path, MINE), of(tmp_path, OTHER)
    (group,) = alike([row("ana", mine), row("ben", other), row("carla", mine)])
    assert [one.subject for one in group.submissions] == ["ana", "carla"]
    assert group.same


def test_near_programs_are_one_group_that_is_not_the_same() -> None:
    prints = [f"{n:016x}" for n in range(100)]
    changed = round((1 - NEAR) / 2 * len(prints)) - 1
    near = ["f" * 16, *(f"{n:016x}" for n in range(200, 200 + changed)), *prints[1 + changed :]]
    (group,) = alike([row("ana", prints), row("ben", near)])
    assert (group.same, len(group.submissions)) == (False, 2)


@pytest.mark.parametrize(
    ("other", "model"), [("ana", "line"), ("ben", "plane")], ids=["same person", "other model"]
)
def test_ones_own_and_other_models_are_no_group(tmp_path: Path, other: str, model: str) -> None:
    mine = of(tmp_path, MINE)
    assert alike([row("ana", mine), row(other, mine, model)]) == ()


def test_two_real_submissions_are_told_apart_from_a_third(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("ana", MINE), ("ben", RENAMED), ("carla", OTHER)):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "line.py").write_text(text, "utf-8")
    main([str(tmp_path / "class"), "--only=loss", "--trust-submissions"])
    assert "the same line but for names and layout: ana, ben\n" in capsys.readouterr().out
