"""Does a run that was killed go on, side by side or not, to the very same report?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from checks.commands import identity
from checks.guard import SUITE
from checks.selftest.commands.students import HALVED_LOSS, RIGHT, TRUSTED, grade

STUDENTS = 4
QUICK = "--only=loss"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of right and wrong ones in turn."""
    for number in range(STUDENTS):
        student = tmp_path / "class" / f"s{number}"
        student.mkdir(parents=True)
        (student / "line.py").write_text(HALVED_LOSS if number % 2 else RIGHT, "utf-8")
    return tmp_path / "class"


def subjects(path: Path) -> list[dict[str, Any]]:
    """What a JSON report says, but for the times."""
    given: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["subjects"]
    for subject in given:
        for result in subject["results"]:
            result["seconds"] = 0.0
            result["measurements"] = {
                name: value for name, value in result["measurements"].items() if "sec" not in name
            }
    return given


def graded(tmp_path: Path, folder: Path, *options: str) -> list[dict[str, Any]]:
    out = tmp_path / "out.json"
    grade([str(folder), QUICK, "--seed=3", f"--json={out}", *options])
    return subjects(out)


def test_side_by_side_gives_the_same_report_in_the_same_order(tmp_path: Path, folder: Path) -> None:
    alone = graded(tmp_path, folder, "--workers=1")
    assert [subject["name"] for subject in alone] == [f"s{number}" for number in range(STUDENTS)]
    assert graded(tmp_path, folder, "--workers=2") == alone


def test_a_killed_run_goes_on_to_the_same_report(tmp_path: Path, folder: Path) -> None:
    whole = graded(tmp_path, folder, "--workers=1")
    journal = tmp_path / "journal.jsonl"
    command = [
        sys.executable,
        "-m",
        "checks",
        str(folder),
        QUICK,
        "--seed=3",
        "--workers=2",
        TRUSTED,
    ]
    with subprocess.Popen(
        [*command, f"--journal={journal}"], cwd=SUITE, stdout=subprocess.DEVNULL
    ) as run:
        deadline = time.monotonic() + 60
        while not (journal.exists() and journal.read_bytes().count(b"\n") >= 2):
            assert run.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.002)
        os.kill(run.pid, signal.SIGKILL)
    before = journal.read_bytes()
    assert before.count(b"\n") < STUDENTS
    assert graded(tmp_path, folder, "--resume", f"--journal={journal}") == whole
    assert journal.read_bytes().startswith(before[: before.rindex(b"\n")])


def test_nothing_is_graded_twice(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = f"--journal={tmp_path / 'journal.jsonl'}"
    graded(tmp_path, folder, journal)
    before = (tmp_path / "journal.jsonl").read_bytes()
    graded(tmp_path, folder, journal, "--resume")
    assert f"resumed: {STUDENTS} were graded before" in capsys.readouterr().out
    assert (tmp_path / "journal.jsonl").read_bytes() == before


def test_a_submission_that_changed_is_graded_again(tmp_path: Path, folder: Path) -> None:
    journal = f"--journal={tmp_path / 'journal.jsonl'}"
    graded(tmp_path, folder, journal)
    (folder / "s1" / "line.py").write_text(RIGHT, "utf-8")
    verdicts = {
        result["verdict"] for result in graded(tmp_path, folder, journal, "--resume")[1]["results"]
    }
    assert verdicts == {"passed"}


def test_what_other_code_has_graded_is_graded_again(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    journal = f"--journal={tmp_path / 'journal.jsonl'}"
    whole = graded(tmp_path, folder, journal)
    monkeypatch.setattr(identity, "grading_code", lambda: "an edit")
    capsys.readouterr()
    assert graded(tmp_path, folder, journal, "--resume") == whole
    printed = capsys.readouterr().out
    assert f"{STUDENTS} were graded before the suite's code was changed" in printed
    assert "resumed: " not in printed.replace("not resumed: ", "")
    graded(tmp_path, folder, journal, "--resume")
    printed = capsys.readouterr().out
    assert f"resumed: {STUDENTS} were graded before" in printed
    assert "code was changed" not in printed


@pytest.mark.parametrize(
    ("edited", "counts"),
    [
        ("reference/models/line.py", True),
        ("checks/battery/loss.py", True),
        ("checks/selftest/test_loss.py", False),
        ("checks/examples/class/ana/line.py", False),
        ("benchmarks/pairs.py", False),
    ],
)
def test_the_code_is_what_verdicts_rest_on(tmp_path: Path, edited: str, counts: bool) -> None:
    file = tmp_path / edited
    file.parent.mkdir(parents=True)
    file.write_text("ONE = 1\n", "utf-8")
    before = identity.grading_code.__wrapped__(tmp_path)
    file.write_text("ONE = 2\n", "utf-8")
    assert (identity.grading_code.__wrapped__(tmp_path) != before) is counts


def test_resume_takes_the_seed_of_the_run_it_goes_on_with(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = f"--journal={tmp_path / 'journal.jsonl'}"
    grade([str(folder), QUICK, journal, "--seed=271828"])
    capsys.readouterr()
    grade([str(folder), QUICK, journal, "--resume"])
    assert "seed 271828" in capsys.readouterr().out


def test_the_journal_of_a_complete_run_is_tidied_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    grade([str(folder), QUICK, "--report-only"])
    assert not identity.default_journal([str(folder)], None).exists()
    assert identity.default_journal([str(folder)], None).parent.is_dir()


def test_a_report_that_cannot_be_written_loses_no_grading(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert grade([str(folder), QUICK, "--report-only", "--json=/dev/full"]) == 1
    assert "/dev/full cannot be written: No space left on device" in capsys.readouterr().err
    grade([str(folder), QUICK, "--resume", f"--json={tmp_path / 'out.json'}"])
    assert f"resumed: {STUDENTS} were graded before" in capsys.readouterr().out
    assert len(subjects(tmp_path / "out.json")) == STUDENTS
