"""A class spread over two hosts, one of which is killed in the middle, is graded exactly once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("xdist", reason="pytest-xdist (the extra `spread`) is not installed")

from checks.guard import CHECKS, SUITE
from checks.selftest.classroom.hosts import Host, impossible, two_hosts
from checks.selftest.classroom.roll import members, write
from checks.selftest.commands.test_spreading import ONE_QUESTION, answers

FEW = 8
QUESTIONS = "contract or predict or loss or gradient_own"
# xdist announces the end of rsync with its version 4; hosts then need the suite installed.
RSYNC = "ignore:The --rsyncdir:DeprecationWarning"

SOCKETS = "ignore::pytest.PytestUnraisableExceptionWarning"  # execnet leaves a dead host's open


def command(folder: Path, out: Path, *options: str) -> list[str]:
    """One run of pytest over the class."""
    given = [sys.executable, "-m", "pytest", str(CHECKS), f"--submission={folder}", "--seed=1"]
    given += ["-k", QUESTIONS, "-p", "no:cacheprovider", "--trust-submissions", "-v"]
    return [*given, f"--junitxml={out}", *options]


def spread(folder: Path, out: Path, hosts: tuple[Host, Host], *, kill: bool) -> str:
    """What a run over both hosts prints; the second is killed when it has answered a question."""
    options = [
        "-d",
        "-W",
        RSYNC,
        "-W",
        SOCKETS,
        f"--rsyncdir={SUITE}",
        *(host.gateway for host in hosts),
    ]
    told = []
    with subprocess.Popen(
        command(folder, out, *options), cwd=SUITE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        for line in run.stdout:
            told.append(line)
            answered = ONE_QUESTION.match(line)
            if kill and answered is not None and answered[1] == "gw1":
                hosts[1].kill()
                kill = False
    return "".join(told)


@pytest.mark.exhaustive
@pytest.mark.skipif(bool(impossible()), reason=impossible())
@pytest.mark.parametrize("kill", [False, True], ids=["both live", "one is killed"])
def test_two_hosts_answer_every_question_once(tmp_path: Path, kill: bool) -> None:
    folder, one, two = tmp_path / "class", tmp_path / "one.xml", tmp_path / "two.xml"
    write(folder, members(FEW, contained=False, slow=False))
    subprocess.run(command(folder, one), cwd=SUITE, stdout=subprocess.DEVNULL, check=False)
    with two_hosts(tmp_path) as hosts:
        out = spread(folder, two, hosts, kill=kill)
    alone = answers(one)
    assert len(alone) > FEW, out
    # A skip names the line of the suite's file, which on a host is that of its copy.
    copies = {str(host.folder / SUITE.name): str(SUITE) for host in hosts}
    elsewhere = {name: _replaced(text, copies) for name, text in answers(two).items()}
    assert list(alone.items()) == list(elsewhere.items()), out
    counted = Counter((nodeid, where) for where, _, nodeid in ONE_QUESTION.findall(out))
    assert set(Counter(nodeid for nodeid, _ in counted).values()) == {1}
    assert {where for _, where in counted} == {"gw0", "gw1"}
    assert ("going on without it" in out) is kill


def _replaced(text: str, paths: dict[str, str]) -> str:
    for there, here in paths.items():
        text = text.replace(there, here)
    return text
