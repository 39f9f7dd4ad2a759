"""A run of several processes answers what a run of one does, also when one of them is killed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import xml.etree.ElementTree as Tree
from collections import Counter, OrderedDict
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("xdist", reason="pytest-xdist (the extra `spread`) is not installed")

from checks.guard import SUITE
from checks.selftest.processes import PYTEST
from checks.spreading import AGAIN, ASKED_AGAIN, BySubmission, Spreading, label_of

CLASS = SUITE / "checks" / "examples" / "class"
STUDENTS = [f"--submission={CLASS / name}" for name in ("ana", "ben")]
QUESTIONS = "(contract or gradient_own) and (line or hill or neuron)"
ONE_QUESTION = re.compile(r"^\[(gw\d+)\] .*(PASSED|FAILED|SKIPPED) (\S+::\S+)", re.MULTILINE)


def _command(*options: str) -> list[str]:
    return [
        *(*PYTEST, "checks", *STUDENTS, "-k", QUESTIONS),
        *("--trust-submissions", "--isolation=process", *options),
    ]


def _run(*options: str) -> str:
    done = subprocess.run(
        _command(*options), cwd=SUITE, stdout=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == 1, done.stdout
    return done.stdout


def answers(path: Path) -> dict[str, str]:
    """Outcome and whole message by test, from a JUnit file, each test once."""
    found: dict[str, str] = {}
    for case in Tree.parse(path).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        assert name not in found
        # Properties are written at the end of a test, which a process may be lost before.
        told = [part for part in case if part.tag != "properties"]
        found[name] = " ".join(f"{part.tag} {part.get('message')} {part.text}" for part in told)
    return found


def _told(out: str) -> list[str]:
    """The failures in the order in which they are told, and the closing count."""
    return re.findall(r"^_+ test_\S+ _+$|^gradproof: planned.*$|^FAILED \S+", out, re.MULTILINE)


@dataclass(frozen=True)
class Ran:
    """A run of two processes that chose their own seed, and one of one process that repeats it."""

    seed: str
    spread: str
    alone: str
    spread_answers: dict[str, str]
    alone_answers: dict[str, str]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Both runs."""
    folder = tmp_path_factory.mktemp("runs")
    two, one = folder / "two.xml", folder / "one.xml"
    spread = _run("-n2", "-v", f"--junitxml={two}")
    found = re.search(r"asks submission .*, seed (\d+)", spread)
    assert found is not None
    alone = _run(f"--seed={found[1]}", f"--junitxml={one}")
    return Ran(found[1], spread, alone, answers(two), answers(one))


def test_two_processes_answer_and_tell_what_one_does(ran: Ran) -> None:
    assert len(ran.alone_answers) > 0
    assert list(ran.alone_answers.items()) == list(ran.spread_answers.items())
    assert _told(ran.alone) == _told(ran.spread)
    assert "gradproof: planned" in ran.spread
    assert set(re.findall(r"--seed=(\d+)", ran.spread)) == {ran.seed}


def test_a_submission_stays_in_one_process(ran: Ran) -> None:
    homes: dict[str, set[str]] = {}
    for process, _, nodeid in ONE_QUESTION.findall(ran.spread):
        homes.setdefault(label_of(nodeid), set()).add(process)
    assert set(homes) == {label_of(name) for name in ran.alone_answers}
    assert {len(processes) for processes in homes.values()} == {1}
    assert len(set.union(*homes.values())) == 2


def test_a_process_that_is_killed_costs_no_answer(ran: Ran, tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    seen = []
    killed = False
    with subprocess.Popen(
        _command(f"--seed={ran.seed}", "-n2", "-v", f"--junitxml={path}"),
        cwd=SUITE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            seen.append(line)
            if not killed and ONE_QUESTION.match(line):
                os.kill(_children(running.pid)[-1], signal.SIGKILL)
                killed = True
    assert running.returncode == 1
    out = "".join(seen)
    assert "replacing crashed worker" in out
    assert "crashed while running" not in out
    assert ASKED_AGAIN not in out
    answered = Counter(nodeid for _, _, nodeid in ONE_QUESTION.findall(out))
    assert set(answered.values()) == {1}
    assert list(ran.alone_answers.items()) == list(answers(path).items())
    assert _told(ran.alone) == _told(out)


def _children(pid: int) -> list[int]:
    """The processes that the run hands questions to, in the order in which they began."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return sorted(int(child) for child in text.split())


@pytest.mark.parametrize(
    ("nodeid", "label"),
    [
        ("checks/test_loss.py::test_loss[ana-line-zero_target]", "ana-line"),
        ("checks/test_loss.py::test_loss[Ana Perez-line#2-tall]", "Ana Perez-line#2"),
        ("checks/selftest/test_floors.py::test_floors", ""),
    ],
)
def test_a_label_is_what_stands_before_the_case(nodeid: str, label: str) -> None:
    assert label_of(nodeid) == label


class _Process:
    """A process as the scheduler sees it: told what to ask, by number."""

    def __init__(self) -> None:
        self.shutting_down = False
        self.told: list[int] = []

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.told += numbers

    def shutdown(self) -> None:
        self.shutting_down = True


def _scheduler() -> BySubmission:
    scheduler = BySubmission.__new__(BySubmission)
    scheduler.assigned_work = {}
    scheduler.workqueue = OrderedDict()
    scheduler.registered_collections = {}
    scheduler.log = lambda *said: None
    scheduler._crashes = Counter()
    scheduler._told = set()
    return scheduler


def test_a_lost_process_gives_back_only_what_is_not_answered() -> None:
    """One that goes on has a question left, and asks it only when it is told of another."""
    left, lost = _Process(), _Process()
    names = [f"t.py::test[{student}-line-tall]" for student in ("ana", "ben", "carla", "deniz")]
    scheduler = _scheduler()
    scheduler.registered_collections = {left: names, lost: names}
    scheduler.assigned_work = {
        left: {"ana-line": {names[0]: False}},
        lost: {"ben-line": {names[1]: True}, "carla-line": {names[2]: False}},
    }
    scheduler.workqueue["deniz-line"] = {names[3]: False}
    assert scheduler.remove_node(lost) == names[2]
    assert (left.told, list(scheduler.workqueue)) == ([3], ["carla-line"])
    scheduler.mark_test_complete(left, 0)
    assert left.told == [3, 2]


def test_an_answer_that_was_told_before_its_process_was_lost_is_not_asked_for_again() -> None:
    left, lost = _Process(), _Process()
    names = [f"t.py::test[ben-line-{case}]" for case in ("tall", "short")]
    scheduler = _scheduler()
    scheduler.registered_collections = {left: names, lost: names}
    scheduler.assigned_work = {left: {}, lost: {"ben-line": dict.fromkeys(names, False)}}
    scheduler.tell(names[0])
    assert scheduler.remove_node(lost) == names[1]
    assert left.told == [1]


def test_a_process_without_work_is_kept_for_what_another_may_lose() -> None:
    left, lost = _Process(), _Process()
    names = [f"t.py::test[{student}-line-tall]" for student in ("ana", "ben", "carla", "deniz")]
    scheduler = _scheduler()
    scheduler.registered_collections = {left: names, lost: names}
    scheduler.assigned_work = {
        left: {"ana-line": {names[0]: False, names[1]: False}},
        lost: {"carla-line": {names[2]: False, names[3]: False}},
    }
    scheduler.mark_test_complete(left, 0)
    assert not left.shutting_down
    assert scheduler.remove_node(lost) == names[2]
    assert left.told == [2, 3]


def test_a_question_that_kills_every_process_is_given_up() -> None:
    scheduler = _scheduler()
    deadly, other = "t.py::test[ana-line-tall]", "t.py::test[ana-line-short]"
    unit = {deadly: False, other: False}
    for crash in range(AGAIN + 1):
        node = _Process()
        scheduler.assigned_work[node] = {"ana-line": unit}
        assert scheduler.remove_node(node) == deadly
        assert scheduler.asked_again(deadly) == (crash < AGAIN)
    assert unit == {deadly: True, other: False}
    assert scheduler.workqueue == {"ana-line": unit}


def test_a_loss_is_a_failure_only_where_the_question_has_no_other_try(
    pytestconfig: pytest.Config,
) -> None:
    lost = "t.py::test[ana-line-tall]"
    spreading = Spreading(pytestconfig, lambda count: None)
    spreading._scheduler = scheduler = _scheduler()
    outcomes = []
    for _ in range(AGAIN + 1):
        node = _Process()
        scheduler.assigned_work[node] = {"ana-line": {lost: False}}
        assert scheduler.remove_node(node) == lost
        report = pytest.TestReport(lost, ("t.py", None, ""), {}, "failed", "lost", "call")
        spreading.pytest_handlecrashitem(lost, report)
        told = spreading.pytest_report_teststatus(report)
        outcomes.append((report.outcome, told))
    again: tuple[str, tuple[str, str, str] | None] = (ASKED_AGAIN, ("", "", ""))
    assert outcomes == [again] * AGAIN + [("failed", None)]
