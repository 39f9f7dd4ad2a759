"""A class written from mutants, twins and odd files is graded as declared, also after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from checks.guard import SUITE
from checks.selftest.classroom.member import Member
from checks.selftest.classroom.roll import members, write
from checks.selftest.commands.test_resume import subjects
from checks.submission.isolation.choice import choose
from checks.submission.isolation.names import Tier

SEED = 1  # under which mutants declare what they are called
FEW, CLASS = 12, 300
CONTAINED = choose(trusted=True).tier is not Tier.PROCESS
# One that hangs is stopped after two calls of each function that hangs.
OPTIONS = (f"--seed={SEED}", "--limit-seconds=2", "--report-only", "--trust-submissions")


def command(folder: Path, out: Path, journal: Path, *options: str) -> list[str]:
    """One command that grades the folder."""
    given = [sys.executable, "-m", "checks", str(folder), *OPTIONS, *options]
    return [*given, f"--json={out}", f"--journal={journal}"]


def graded(folder: Path, *options: str) -> list[dict[str, Any]]:
    """The subjects of the report, timings aside."""
    out, journal = folder.with_suffix(".json"), folder.with_suffix(".jsonl")
    run = subprocess.run(
        command(folder, out, journal, *options),
        cwd=SUITE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    return subjects(out)


def killed_after(folder: Path, count: int, *options: str) -> None:
    """Grade, and kill the grading process when this many are in the journal."""
    out, journal = folder.with_suffix(".json"), folder.with_suffix(".jsonl")
    with subprocess.Popen(
        command(folder, out, journal, *options), cwd=SUITE, stdout=subprocess.DEVNULL
    ) as run:
        while not (journal.exists() and journal.read_bytes().count(b"\n") >= count):
            assert run.poll() is None, f"it ended before {count} were graded"
            time.sleep(0.01)
        os.kill(run.pid, signal.SIGKILL)


def objections(seated: Sequence[Member], report: Sequence[dict[str, Any]]) -> list[str]:
    """What the report says against the roll; one seat, one subject, in order."""
    assert [subject["name"] for subject in report] == [f"student{n:03}" for n in range(len(seated))]
    pairs = zip(seated, report, strict=True)
    return [said for member, subject in pairs for said in member.objections(subject)]


def by_chance(result: Mapping[str, Any]) -> bool:
    """Whether a limit ended the call, or random numbers gave the answer, that this rests on."""
    diagnosis = result["diagnosis"]
    limited = diagnosis is not None and diagnosis["pattern"] in ("time limit", "memory limit")
    return limited or "the same answer to the same question" in result["expected"]


def essence(report: Sequence[dict[str, Any]]) -> list[str]:
    """One text a subject, without what a clock or a loaded machine decides.

    Remarks hold speeds.  A growth of time that the machine's load hides is UNDECIDED, with no text.
    One that fills the memory slowly meets this limit or that of time, as busy as the machine is;
    one that draws random numbers answers differently each time, and is told its own two answers.
    """
    kept = ("check", "case", "verdict", "expected", "observed", "hint", "component", "diagnosis")
    left_out = ("expected", "observed", "diagnosis")
    return [
        json.dumps(
            [
                subject["name"],
                subject["model"],
                subject["planned"],
                subject["notes"],
                [
                    [result[name] for name in kept if not (by_chance(result) and name in left_out)]
                    for result in subject["results"]
                    if result["check"] != "vectorised"
                ],
            ]
        )
        for subject in report
    ]


@pytest.fixture
def few(tmp_path: Path) -> tuple[Path, tuple[Member, ...]]:
    """A small class, without those that wait for a time limit."""
    seated = members(FEW, contained=CONTAINED, slow=False)
    write(tmp_path / "class", seated)
    return tmp_path / "class", seated


def test_a_small_class_is_graded_as_declared(few: tuple[Path, tuple[Member, ...]]) -> None:
    folder, seated = few
    report = graded(folder, "--workers=2")
    assert objections(seated, report) == []
    assert {"failed", "passed"} <= {r["verdict"] for one in report for r in one["results"]}


def test_a_class_that_is_not_what_it_declares_is_objected_to(
    few: tuple[Path, tuple[Member, ...]],
) -> None:
    folder, seated = few
    wrong = next(number for number, member in enumerate(seated) if member.must)
    alone = folder / f"student{wrong:03}"
    (right,) = graded(alone, "--only=contract,predict,loss,gradient_own,gradient_reference,update")
    innocent = Member("innocent", seated[wrong].model, b"", frozenset(), seated[wrong].must)
    said = innocent.objections(right)
    assert [each.partition(": ")[2] for each in said] == [
        f"{question} failed" for question in sorted(innocent.must_not)
    ]


def test_a_class_of_none_or_of_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a class of 1 to"):
        members(0)
    with pytest.raises(ValueError, match="got 100000"):
        members(100_000)


@pytest.mark.exhaustive
def test_a_class_of_300_is_graded_as_declared_and_the_same_after_a_kill(tmp_path: Path) -> None:
    seated = members(CLASS, contained=CONTAINED)
    folder, again = tmp_path / "whole" / "class", tmp_path / "killed" / "class"
    write(folder, seated)
    write(again, seated)
    whole = graded(folder, "--workers=2")
    assert objections(seated, whole) == []
    killed_after(again, CLASS // 2, "--workers=2")
    resumed = graded(again, "--workers=2", "--resume")
    assert objections(seated, resumed) == []
    assert essence(whole) == essence(resumed)
