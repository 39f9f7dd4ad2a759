"""A class spread over two hosts, one of which is killed in the middle, is graded exactly once."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("xdist", reason="pytest-xdist (the extra `spread`) is not installed")

from checks.guard import CHECKS, SUITE
from checks.selftest.classroom.hosts import Host, impossible, two_hosts
from checks.selftest.classroom.member import Member
from checks.selftest.classroom.roll import members, write
from checks.selftest.commands.test_spreading import ONE_QUESTION, answers
from checks.selftest.processes import PYTEST
from checks.spreading import label_of
from checks.submission.isolation.choice import choose
from checks.submission.isolation.names import Tier

FEW, CLASS = 8, 300
QUESTIONS = "contract or predict or loss or gradient_own"
CONTAINED = choose(trusted=True).tier is not Tier.PROCESS
# xdist announces the end of rsync with its version 4; hosts then need the suite installed.
RSYNC = "ignore:The --rsyncdir:DeprecationWarning"

SOCKETS = "ignore::pytest.PytestUnraisableExceptionWarning"  # execnet leaves a dead host's open


def command(folder: Path, out: Path, *options: str) -> list[str]:
    """One run of pytest over the class."""
    given = [*PYTEST, str(CHECKS), f"--submission={folder}", "--seed=1"]
    given += ["--trust-submissions", "-v", "--limit-seconds=2"]
    return [*given, f"--junitxml={out}", *options]


def spread(
    folder: Path, out: Path, hosts: tuple[Host, Host], *asked: str, kill_after: int = 0
) -> str:
    """What a run over both hosts prints; the second is killed after so many answers, 0: never."""
    options = [
        *asked,
        "-d",
        "-W",
        RSYNC,
        "-W",
        SOCKETS,
        f"--rsyncdir={SUITE}",
        *(host.gateway for host in hosts),
    ]
    told = []
    of_second = 0
    with subprocess.Popen(
        command(folder, out, *options), cwd=SUITE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            told.append(line)
            answered = ONE_QUESTION.match(line)
            of_second += answered is not None and answered[1] == "gw1"
            if kill_after and of_second == kill_after:
                hosts[1].kill()
                kill_after = 0
    return "".join(told)


@pytest.mark.exhaustive
@pytest.mark.skipif(bool(impossible()), reason=impossible())
@pytest.mark.parametrize("kill", [False, True], ids=["both live", "one is killed"])
def test_two_hosts_answer_every_question_once(tmp_path: Path, kill: bool) -> None:
    folder, one, two = tmp_path / "class", tmp_path / "one.xml", tmp_path / "two.xml"
    # What draws numbers without a seed is told in other words by every run.
    more = members(2 * FEW, contained=False, slow=False)
    write(folder, [member for member in more if b"random.rand(" not in member.text][:FEW])
    asked = ("-k", QUESTIONS)
    subprocess.run(command(folder, one, *asked), cwd=SUITE, stdout=subprocess.DEVNULL, check=False)
    with two_hosts(tmp_path) as hosts:
        out = spread(folder, two, hosts, *asked, kill_after=int(kill))
    alone = answers(one)
    assert len(alone) > FEW, out
    # A skip names the line of the suite's file, which on a host is that of its copy.
    copies = {str(host.folder / SUITE.name): str(SUITE) for host in hosts}
    elsewhere = {name: _replaced(text, copies) for name, text in answers(two).items()}
    assert list(alone.items()) == list(elsewhere.items()), out
    assert _processes(out) == {"gw0", "gw1"}
    assert ("going on without it" in out) is kill


@pytest.mark.exhaustive
@pytest.mark.skipif(bool(impossible()), reason=impossible())
def test_a_class_of_300_over_two_hosts_one_of_them_killed_is_graded_as_declared(
    tmp_path: Path,
) -> None:
    """Every question, those of timing too; the second host is lost with a tenth of the answers."""
    seated = members(CLASS, contained=CONTAINED)
    folder, path = tmp_path / "class", tmp_path / "two.xml"
    write(folder, seated)
    with two_hosts(tmp_path) as hosts:
        out = spread(folder, path, hosts, kill_after=10 * CLASS)
    assert _processes(out) == {"gw0", "gw1"}
    assert "going on without it" in out
    assert _objections(seated, out) == []
    planned = re.search(r"gradproof: planned (\d+) checks, ran (\d+):", out)
    assert planned is not None
    assert planned[1] == planned[2] == str(len(answers(path)))


def _processes(out: str) -> set[str]:
    """Which processes answered; every question must have been answered exactly once."""
    answered = ONE_QUESTION.findall(out)
    assert set(Counter(nodeid for _, _, nodeid in answered).values()) == {1}
    return {process for process, _, _ in answered}


def _objections(seated: Sequence[Member], out: str) -> list[str]:
    """What the verdicts say against the roll; one seat, one label."""
    failed: dict[str, set[str]] = {}
    for _, outcome, nodeid in ONE_QUESTION.findall(out):
        question = nodeid.partition("::test_")[2].partition("[")[0]
        failed.setdefault(label_of(nodeid), set()).update([question] * (outcome == "FAILED"))
    labels = [f"student{number:03}-{member.model}" for number, member in enumerate(seated)]
    assert set(failed) == set(labels)
    return [
        f"{label}, {member.name}: {sorted(failed[label])} failed"
        for label, member in zip(labels, seated, strict=True)
        if not member.must <= failed[label] or member.must_not & failed[label]
    ]


def _replaced(text: str, paths: dict[str, str]) -> str:
    for there, here in paths.items():
        text = text.replace(there, here)
    return text
