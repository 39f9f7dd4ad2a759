"""The zip of a class is unpacked into students."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from checks.result import Report
from checks.selftest.forms.examples import FOLDER, failing, graded_submission
from checks.selftest.forms.zips import SOURCE, gradable, zipped
from checks.submission.discovery import Submission, discover
from checks.submission.limits import SIZE_CAP

MOODLE = "Ana Perez_12345_assignsubmission_file_"
pytestmark = pytest.mark.usefixtures("in_an_empty_folder")


EXPORTS = {
    "Moodle folder": (f"{MOODLE}/line.py", "Ana Perez"),
    "Moodle flat": (f"{MOODLE}line.py", "Ana Perez"),
    "Moodle below a folder": (f"Homework 1/{MOODLE}/line.py", "Ana Perez"),
    "Moodle with a folder inside": (f"{MOODLE}/homework/line.py", "Ana Perez"),
    "Canvas": ("perezana_12345_67890_line.py", "perezana"),
    "Canvas late and again": ("perezana_LATE_12345_67890_line-2.py", "perezana"),
    "Blackboard": ("hw1_aperez_attempt_2026-11-21-03-00-00_line.py", "aperez"),
    "plain folders": ("ana/line.py", "ana"),
    "backslashes": ("ana\\line.py", "ana"),
}


@pytest.mark.parametrize(("entry", "student"), EXPORTS.values(), ids=EXPORTS)
def test_an_export_gives_the_students_name(entry: str, student: str) -> None:
    found = gradable(zipped("class.zip", {entry: SOURCE, "ben/line.py": SOURCE}))
    assert {(name, model) for name, model, _ in found} == {(student, "line"), ("ben", "line")}


def test_namesakes_stay_apart() -> None:
    entries: dict[str, str | bytes] = {
        f"Ana Perez_{number}_assignsubmission_file_/line.py": SOURCE for number in (1, 2)
    }
    names = [name for name, _, _ in gradable(zipped("class.zip", entries))]
    assert names == ["Ana Perez", "Ana Perez (2)"]


def test_an_export_unpacked_by_the_teacher_gives_the_same_names() -> None:
    for name in (f"class/{MOODLE}/line.py", "flat/perezana_1_2_line.py"):
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text(SOURCE)
    assert [name for name, _, _ in gradable("class")] == ["Ana Perez"]
    assert gradable("flat") == [("perezana", "line", "flat/perezana_1_2_line.py")]


def test_the_zip_of_one_student_is_named_after_itself() -> None:
    assert gradable(zipped("ana.zip", {"line.py": SOURCE})) == [("ana", "line", "ana.zip/line.py")]
    found = gradable(zipped("ben.zip", {"homework/line.py": SOURCE}))
    assert found == [("ben", "line", "ben.zip/homework/line.py")]


def test_students_zips_inside_the_zip_of_a_class_are_opened() -> None:
    inner = Path(zipped("homework.zip", {"week 1/line.py": SOURCE})).read_bytes()
    outer = zipped("class.zip", {f"{MOODLE}/homework.zip": inner, "ben/line.py": SOURCE})
    assert gradable(outer) == [
        ("Ana Perez", "line", "class.zip/Ana Perez/homework.zip/week 1/line.py"),
        ("ben", "line", "class.zip/ben/line.py"),
    ]


def test_one_file_of_a_zip_is_found_by_the_path_that_was_told() -> None:
    inner = Path(zipped("homework.zip", {"line.py": SOURCE})).read_bytes()
    zipped("class.zip", {"ana/homework.zip": inner, "ben/line.py": SOURCE})
    for path in ("class.zip/ana/homework.zip/line.py", "class.zip/ben/line.py"):
        assert [told for _, _, told in gradable(path)] == [path]


def test_what_is_left_out_of_a_students_zip_goes_by_the_student() -> None:
    Path("class").mkdir()
    zipped("class/ana.zip", {"line.py": SOURCE, "../plane.py": SOURCE})
    assert [one.name for one in discover(["class"])] == ["ana", "ana/../plane.py"]


def test_what_others_leave_in_zips_is_ignored() -> None:
    entries: dict[str, str | bytes] = {
        "ana/line.py": SOURCE,
        "__MACOSX/ana/._line.py": b"\0",
        "ana/__pycache__/line.py": b"\0",
        "ana/data.csv": b"x" * (SIZE_CAP + 1),
    }
    assert [told for _, _, told in gradable(zipped("class.zip", entries))] == [
        "class.zip/ana/line.py"
    ]


def test_what_is_in_a_zip_is_graded_right_and_wrong() -> None:
    entries: dict[str, str | bytes] = {
        f"{side}/line.py": (FOLDER / side / "d4/line.py").read_text() for side in ("right", "wrong")
    }
    right, wrong = discover([zipped("class.zip", entries)])
    assert failing(_graded(right)) == ()
    assert failing(_graded(wrong)) == ("gradient_own",)


def _graded(submission: Submission) -> Report:
    report = graded_submission(submission)
    assert report.path == f"class.zip/{submission.name}/line.py"
    return report


def test_nothing_stays_behind(tmp_path: Path) -> None:
    zipped("class.zip", {"ana/line.py": SOURCE})
    held = tmp_path / "held"
    held.mkdir()
    program = (
        "from checks.submission.discovery import discover\n"
        "(one,) = discover(['class.zip'])\nprint(one.location.is_file())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"TMPDIR": str(held)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert done.stdout == "True\n"
    assert list(held.iterdir()) == []
