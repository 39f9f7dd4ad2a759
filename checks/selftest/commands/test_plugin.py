"""Does pytest ask what was planned, and never take an open answer for a pass?"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from checks.battery import BATTERY
from checks.guard import CHECKS, SUITE, is_face
from checks.selftest.commands.students import HALVED, RIGHT, run, with_gradient


def test_every_question_of_the_battery_has_a_face() -> None:
    faces = [path.read_text("utf-8") for path in CHECKS.glob("test_*.py")]
    named = re.findall(r'mark\.question\("(\w+)"\)', "\n".join(faces))
    assert sorted(named) == sorted(check.name for check in BATTERY)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (SUITE, True),
        (CHECKS, True),
        (CHECKS / "test_gradient.py", True),
        (CHECKS / "selftest", False),
        (CHECKS / "examples", False),
        (CHECKS / "selftest" / "test_mutants.py", False),
        (SUITE / "benchmarks", False),
        (SUITE.parent, False),
        (CHECKS / "examples" / "class" / "ana" / "line.py", False),
    ],
    ids=str,
)
def test_only_faces_are_collected_beside_a_submission(path: Path, expected: bool) -> None:
    assert is_face(path) == expected


def test_a_submission_gives_one_test_for_each_question_and_case(tmp_path: Path) -> None:
    path = tmp_path / "line.py"
    path.write_text(RIGHT, "utf-8")
    ended = run("pytest", "checks", f"--submission={path}", "-q", "-k", "tall or short", "-rs")
    # tall and short are asked all questions but convergence and stability; there is no update.
    counted = re.search(
        r"planned (\d+) checks, ran (\d+): (\d+) passed, (\d+) blocked", ended.stdout
    )
    assert counted is not None
    assert [int(number) for number in counted.groups()] == [14, 14, 12, 2]
    assert "blocked: there is no function update" in ended.stdout


def test_a_wrong_submission_fails_with_the_message_alone(tmp_path: Path) -> None:
    path = tmp_path / "line.py"
    path.write_text(HALVED, "utf-8")
    ended = run(
        "pytest", "checks", f"--submission={path}", "-k", "gradient_own and tall", "--seed=7"
    )
    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("gradient_own of line"))
    assert lines[start].startswith("gradient_own of line, case tall, component w")
    labels = [line.split()[0] for line in lines[start + 1 : start + 5]]
    assert labels == ["expected", "observed", "looks", "again"]
    assert "Traceback" not in ended.stdout


def test_junit_is_xml_whatever_a_submission_says(tmp_path: Path) -> None:
    path = tmp_path / "line.py"
    hostile = r"\x1b[2J\x00]]></failure>&\ufffe"
    path.write_text(with_gradient(f'raise ValueError("{hostile}")'), "utf-8")
    out = tmp_path / "out.xml"
    run("pytest", "checks", f"--submission={path}", "-k", "contract and tall", f"--junitxml={out}")
    (failure,) = ElementTree.parse(out).getroot().iter("failure")
    assert "ValueError" in str(failure.text)


def test_what_cannot_be_graded_fails(tmp_path: Path) -> None:
    ended = run("pytest", "checks", f"--submission={tmp_path / 'missing.py'}", "-q")
    assert ended.returncode == 1
    assert "missing.py cannot be graded" in ended.stdout


def test_the_reference_is_asked_by_default_under_seed_0() -> None:
    ended = run("pytest", "checks/test_gradient.py", "-k", "line-tall")
    assert "asks the reference, seed 0" in ended.stdout
    assert "planned 2 checks, ran 2: 2 passed" in ended.stdout
