"""Is a submission's own pytest configuration kept out of the grading process?

Each row runs a real pytest beside a folder whose conftest.py, pytest.ini and test file leave a
mark when they are executed.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from checks.selftest.commands.students import RIGHT, run

USAGE_ERROR = 4


class Folder:
    """A student's folder with traps, and whether one has snapped."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.mark = path.parent / "executed"
        path.mkdir()
        leave = f"open({str(self.mark)!r}, 'a').write(__name__)\n"
        (path / "line.py").write_text(RIGHT, "utf-8")
        (path / "conftest.py").write_text(leave, "utf-8")
        (path / "test_mine.py").write_text(leave, "utf-8")
        (path / "pytest.ini").write_text("[pytest]\n", "utf-8")

    @property
    def executed(self) -> bool:
        return self.mark.exists()


@pytest.fixture
def ana(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "ana")


QUICK = ("-k", "gradient_own and tall", "-q")


def test_with_an_equals_sign_the_submission_is_asked_and_nothing_else_runs(ana: Folder) -> None:
    ended = run("pytest", "checks", f"--submission={ana.path}", *QUICK)
    assert (ended.returncode, ana.executed) == (0, False)
    assert "planned 1 checks, ran 1: 1 passed" in ended.stdout


def test_with_a_space_the_run_is_refused_or_harmless(ana: Folder) -> None:
    ended = run("pytest", "--submission", str(ana.path), *QUICK)
    assert (ended.returncode, ana.executed) == (USAGE_ERROR, False)


def test_from_the_students_folder_the_run_is_refused(ana: Folder) -> None:
    ended = run("pytest", "--submission=line.py", *QUICK, cwd=ana.path)
    assert (ended.returncode, ana.executed) == (USAGE_ERROR, False)


def test_a_path_with_a_space_that_the_shell_split_is_refused(ana: Folder) -> None:
    ended = run("pytest", "--submission=my", str(ana.path), *QUICK)
    assert (ended.returncode, ana.executed) == (USAGE_ERROR, False)


def test_a_students_file_as_a_test_path_is_refused(ana: Folder) -> None:
    target = str(ana.path / "test_mine.py")
    ended = run("pytest", f"--submission={ana.path}", "-c", "pyproject.toml", target, *QUICK)
    assert (ended.returncode, ana.executed) == (USAGE_ERROR, False)


def test_a_students_configuration_is_refused(ana: Folder) -> None:
    ini = str(ana.path / "pytest.ini")
    ended = run("pytest", "checks", f"--submission={ana.path}", "-c", ini, *QUICK)
    assert (ended.returncode, ana.executed) == (USAGE_ERROR, False)


def test_a_students_folder_as_root_is_refused(ana: Folder) -> None:
    ended = run("pytest", "checks", f"--submission={ana.path}", f"--rootdir={ana.path}", *QUICK)
    assert (ended.returncode, ana.executed) == (USAGE_ERROR, False)


def test_the_command_of_this_suite_has_no_such_trap(ana: Folder) -> None:
    ended = run("checks", str(ana.path), "--only=gradient_own", cwd=ana.path)
    assert (ended.returncode, ana.executed) == (0, False)


SHADOWS = ("numpy", "json", "argparse", "scipy", "multiprocessing", "selectors")


def test_a_students_module_is_not_taken_for_a_library(ana: Folder) -> None:
    for name in SHADOWS:
        (ana.path / f"{name}.py").write_text((ana.path / "conftest.py").read_text(), "utf-8")
    (ana.path / "mine.py").write_text(RIGHT, "utf-8")
    two = ("line.py", "mine.py", "--model=line", "--workers=2")
    ended = run("checks", *two, "--only=loss", cwd=ana.path)
    assert (ended.returncode, ana.executed) == (0, False), ended.stderr


def test_the_line_that_a_refusal_prints_works(ana: Folder) -> None:
    refused = run("pytest", "--submission=line.py", cwd=ana.path)
    found = re.search(r"type: cd (\S+) && python -m (.*)", refused.stderr + refused.stdout)
    assert found is not None
    ended = run(*shlex.split(found[2]), *QUICK, cwd=Path(found[1]))
    assert (ended.returncode, ana.executed) == (0, False)


def test_the_traps_snap_where_nobody_guards(ana: Folder) -> None:
    run("pytest", "-q", cwd=ana.path)
    assert ana.executed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model=line"], "--model=NAME needs a --submission=PATH"),
        (["--seed=x"], "a whole number from 0 on, got 'x'"),
    ],
    ids=["model without submission", "seed"],
)
def test_a_usage_error_of_pytest_says_what_is_missing(arguments: list[str], words: str) -> None:
    ended = run("pytest", "checks", *arguments, *QUICK)
    assert (ended.returncode, words in ended.stderr) == (USAGE_ERROR, True)
