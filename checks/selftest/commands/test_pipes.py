"""Does a command whose reader has left end quietly, with everything on the disk that it was to
write?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checks.guard import SUITE
from checks.selftest.commands.students import RIGHT, TRUSTED

QUICK = ("--only=contract,gradient_own", TRUSTED)


@pytest.fixture
def unread() -> int:
    """A pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def submission(folder: Path) -> str:
    """A right one."""
    path = folder / "ana" / "line.py"
    path.parent.mkdir()
    path.write_text(RIGHT, "utf-8")
    return str(path)


def ended(unread: int, *arguments: str) -> tuple[int, str]:
    """Status and standard error of `python -m` with these arguments, printing to nobody."""
    command = [sys.executable, "-m", *arguments]
    run = subprocess.run(
        command, cwd=SUITE, stdout=unread, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(unread)
    return run.returncode, run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("checks", "--starter=line"),
        ("checks", "--help"),
        ("checks", "no/such/file.py"),
    ],
    ids=" ".join,
)
def test_a_command_that_only_prints_ends_quietly_with_1(
    unread: int, arguments: tuple[str, ...]
) -> None:
    assert ended(unread, *arguments) == (1, "")


def test_reports_are_written_and_the_status_is_that_of_the_run(tmp_path: Path, unread: int) -> None:
    path, out = submission(tmp_path), tmp_path / "out.json"
    assert ended(unread, "checks", path, *QUICK, f"--json={out}") == (0, "")
    assert [one["path"] for one in json.loads(out.read_text("utf-8"))["subjects"]] == [path]


def test_reports_are_written_where_errors_go_into_the_same_pipe(
    tmp_path: Path, unread: int
) -> None:
    """As with `2>&1 | head -1`; the folder that cannot be written makes a sentence."""
    path, out = submission(tmp_path), tmp_path / "out.csv"
    command = [sys.executable, "-m", "checks", path, *QUICK]
    asked = [f"--gradescope={tmp_path / 'taken'}", f"--csv={out}"]
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "0001-ana-line").touch()
    run = subprocess.run([*command, *asked], cwd=SUITE, stdout=unread, stderr=unread, check=False)
    os.close(unread)
    assert (run.returncode, len(out.read_text("utf-8").splitlines())) == (1, 2)


def test_benchmarks_are_written(tmp_path: Path, unread: int) -> None:
    out = tmp_path / "table.json"
    asked = ("--models=bowl", "--seconds=0.02", f"--json={out}")
    assert ended(unread, "benchmarks", *asked) == (0, "")
    assert [row["benchmark"] for row in json.loads(out.read_text("utf-8"))["rows"]] == ["bowl"]
