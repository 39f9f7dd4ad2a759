"""Does `python -m checks` do what the README says, and leave with the right status?"""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.commands.main import main
from checks.guard import SUITE
from checks.selftest.commands.students import HALVED, RIGHT, TRUSTED, grade
from reference.catalogue import CATALOGUE

QUICK = "--only=contract,gradient_own"


@pytest.fixture
def right(tmp_path: Path) -> str:
    (tmp_path / "right").mkdir()
    path = tmp_path / "right" / "line.py"
    path.write_text(RIGHT, "utf-8")
    return str(path)


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    (tmp_path / "halved").mkdir()
    path = tmp_path / "halved" / "line.py"
    path.write_text(HALVED, "utf-8")
    return str(path)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one sentence of a usage error, which leaves with status 4."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 4
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_a_right_submission_leaves_with_0(right: str) -> None:
    assert grade([right, QUICK]) == 0


def test_a_wrong_submission_leaves_with_1(wrong: str) -> None:
    assert grade([wrong, QUICK]) == 1


def test_report_only_leaves_with_0_whatever_the_verdicts(wrong: str) -> None:
    assert grade([wrong, QUICK, "--report-only"]) == 0


def test_report_only_leaves_with_1_where_a_path_does_not_exist(right: str) -> None:
    assert grade([right, right + ".missing", QUICK, "--report-only"]) == 1


def test_a_fresh_seed_is_drawn_and_printed(right: str, capsys: pytest.CaptureFixture[str]) -> None:
    seeds = set()
    for _ in range(3):
        grade([right, "--only=contract"])
        found = re.search(r"seed (\d+)", capsys.readouterr().out)
        assert found is not None
        seeds.add(found[1])
    assert len(seeds) > 1


def test_the_line_again_repeats_the_failure(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    grade([wrong])
    first = capsys.readouterr().out
    message = first[first.index("\ngradient_own of line") :].split("\n\n")[0]
    found = re.search(r"again +python -m checks (.*)", message)
    assert found is not None
    grade(shlex.split(found[1]))
    assert message in capsys.readouterr().out


@pytest.mark.parametrize(
    ("hints", "expected"),
    [("none", (False, False)), ("pattern", (True, False)), ("fix", (True, True))],
    ids=["none", "pattern", "fix"],
)
def test_hints_go_as_far_as_asked(
    wrong: str, capsys: pytest.CaptureFixture[str], hints: str, expected: tuple[bool, bool]
) -> None:
    grade([wrong, QUICK, f"--hints={hints}"])
    printed = capsys.readouterr().out
    assert ("looks like" in printed, "\n  try " in printed) == expected


def test_model_names_what_the_file_name_does_not(tmp_path: Path) -> None:
    homework = tmp_path / "homework.py"
    homework.write_text(RIGHT, "utf-8")
    assert grade([str(homework), "--model=line", QUICK]) == 0


def test_planned_and_run_are_printed(right: str, capsys: pytest.CaptureFixture[str]) -> None:
    grade([right, QUICK])
    found = re.search(r"planned (\d+), run (\d+)", capsys.readouterr().out)
    assert found is not None
    assert found[1] == found[2] != "0"


def test_several_submissions_are_compared(
    right: str, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    grade([right, wrong, QUICK])
    table = capsys.readouterr().out.split("\nsubmission")[-1]
    assert [line.split() for line in table.splitlines()[1:3]] == [
        ["right", "line", "pass", "pass"],
        ["halved", "line", "pass", "FAIL"],
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "expected a file or folder"),
        (("--model=lin", "x.py"), "did you mean line?"),
        (("--starter=plain",), "did you mean plane?"),
        (("--only=gradient_onw", "x.py"), "did you mean gradient_own?"),
        (("--seed=-1", "x.py"), "a whole number from 0 on, got '-1'"),
        (("--seed=seven", "x.py"), "a whole number from 0 on, got 'seven'"),
        (("--limit-seconds=0", "x.py"), "a positive number of seconds, got '0'"),
        (("--limit-seconds=nan", "x.py"), "a positive number of seconds, got 'nan'"),
        (("--limit-memory=1.5", "x.py"), "a whole number of MiB from 1 on, got '1.5'"),
        (("--hints=all", "x.py"), "invalid choice: 'all'"),
        (("--json=no/such/folder/out.json", "x.py"), "does not exist; make it first"),
        (("--json=.", "x.py"), "expected a file to write"),
        (("--starter=line", "x.py"), "stands alone"),
        (("--audience=student", "x.py"), "try --html=FILE"),
        (("--probe", "--power"), "stands alone"),
        (("--seeed=1", "x.py"), "unrecognized arguments"),
        (("--see=1", "x.py"), "unrecognized arguments"),
    ],
    ids=" ".join,
)
def test_a_usage_error_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert words in refused(capsys, *arguments)


@pytest.mark.parametrize("name", [entry.name for entry in CATALOGUE])
def test_a_starter_is_a_file_that_compiles_and_names_every_function(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert main([f"--starter={name}"]) == 0
    printed = capsys.readouterr().out
    compile(printed, name, "exec")
    entry = next(entry for entry in CATALOGUE if entry.name == name)
    assert [f"def {function}(" in printed for function in entry.functions] == [True] * len(
        entry.functions
    )


def test_the_ledger_of_the_documents_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--documents"]) == 0
    printed = capsys.readouterr().out
    assert [claim in printed for claim in ("D0.1", "D2.6", "D4.6")] == [True] * 3


@pytest.fixture
def heard() -> Iterator[None]:
    """What is started hears an interrupt, also from a job in the background, which does not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_an_interrupted_run_keeps_what_was_graded(tmp_path: Path, right: str) -> None:
    slow = tmp_path / "zoe"
    slow.mkdir()
    (slow / "line.py").write_text("while True: pass", "utf-8")
    out = tmp_path / "out.json"
    command = [sys.executable, "-m", "checks", right, str(slow), QUICK, TRUSTED]
    with subprocess.Popen(
        [*command, f"--json={out}"],
        cwd=SUITE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if " passed" in line:
                run.send_signal(signal.SIGINT)
        status = run.wait()
    subjects = json.loads(out.read_text("utf-8"))["subjects"]
    assert (status, [subject["path"] for subject in subjects]) == (130, [right])


def test_a_terminal_without_greek_gets_escapes_and_no_crash(wrong: str) -> None:
    command = [sys.executable, "-m", "checks", wrong, QUICK, TRUSTED]
    environment = {"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(command, cwd=SUITE, env=environment, stdout=subprocess.PIPE, check=False)
    assert (ended.returncode, b"\\xb1" in ended.stdout) == (1, True)
