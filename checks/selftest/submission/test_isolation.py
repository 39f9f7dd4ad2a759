"""The tiers refuse what they promise, the probe says so, and the choice of a tier is honest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checks.selftest.submission.conftest import handed_in
from checks.submission.isolation import choice, probe
from checks.submission.isolation.choice import Choice, choose
from checks.submission.isolation.names import Tier, TierError
from checks.submission.isolation.probe import Act, Probe
from checks.submission.launch import IsolationError
from checks.submission.limits import Limits
from checks.submission.supervisor import Worker, open_submission
from reference.catalogue import entry

RIGHT = "def loss(X, y, w, b): return 0.5\n"
AVAILABLE = [tier for tier in Tier if probe.probe(tier).available]
CONTAINING = [tier for tier in AVAILABLE if tier is not Tier.PROCESS]


@pytest.mark.parametrize("tier", AVAILABLE, ids=lambda tier: tier.value)
def test_a_tier_that_is_available_calculates(tier: Tier, tmp_path: Path) -> None:
    with open_submission(handed_in(tmp_path, RIGHT), entry("line"), tier=tier) as worker:
        (answer,) = worker.ask("loss", {}, [{"X": 0.0, "y": 0.0, "w": 0.0, "b": 0.0}])
    assert answer.value == 0.5


@pytest.mark.parametrize("tier", CONTAINING, ids=lambda tier: tier.value)
@pytest.mark.parametrize("number", range(len(probe.ACTS)), ids=list(probe.ACTS))
def test_a_containing_tier_refuses_every_forbidden_act(tier: Tier, number: int) -> None:
    act = probe.probe(tier).acts[number]
    assert act.refused, act


@pytest.mark.parametrize("tier", [Tier.FULL, Tier.RESTRICTED], ids=lambda tier: tier.value)
def test_a_tier_that_starts_holds(tier: Tier) -> None:
    """A tier may be missing on a machine; where it is there it is never found leaking."""
    assert not probe.probe(tier).reason.startswith("it could ")


def test_the_probe_sees_an_act_that_is_not_refused() -> None:
    """The acts are real: the tier that promises nothing lets some of them happen."""
    done = {act.what for act in probe.probe(Tier.PROCESS).acts if not act.refused}
    assert {"read a file outside its folder", "start a process of its own"} <= done


@pytest.mark.parametrize("tier", CONTAINING, ids=lambda tier: tier.value)
def test_a_tier_that_lets_one_act_happen_is_not_available(tier: Tier) -> None:
    with probe._target() as submission:
        contract = dict.fromkeys(("calculate", *probe.ACTS), ("n",))
        with Worker(submission, contract, Limits(), Tier.PROCESS) as worker:
            found = probe._tried(tier, worker)
    assert not found.available
    assert "read a file outside its folder" in found.reason


def test_the_probes_text_names_every_tier_and_act() -> None:
    text = probe.text()
    for tier in Tier:
        assert f"tier {tier.value}: " in text
    for what in probe.ACTS.values():
        assert text.count(what) == len(AVAILABLE)


def _machine(monkeypatch: pytest.MonkeyPatch, *available: Tier) -> None:
    """A machine on which only these tiers are to be had."""
    found = {
        tier: Probe(tier, "" if tier in available else "it is not installed", (Act("x", True, ""),))
        for tier in Tier
    }
    monkeypatch.setattr(choice, "probe", found.__getitem__)


def test_auto_takes_the_strongest_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(monkeypatch, *Tier)
    assert choose() == Choice(Tier.FULL)


def test_auto_falls_back_with_one_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(monkeypatch, Tier.RESTRICTED, Tier.PROCESS)
    expected = "isolation is restricted, not full: it is not installed"
    assert choose() == Choice(Tier.RESTRICTED, expected)


def test_auto_takes_a_plain_process_only_with_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(monkeypatch, Tier.PROCESS)
    with pytest.raises(TierError, match="add --trust-submissions"):
        choose()
    assert choose(trusted=True).tier is Tier.PROCESS
    assert "can do whatever you can do" in choose(trusted=True).notice


def test_a_named_tier_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _machine(monkeypatch, Tier.PROCESS)
    with pytest.raises(TierError, match="isolation full is not available here: it is not inst"):
        choose("full")
    with pytest.raises(TierError, match="add --trust-submissions"):
        choose("process")
    with pytest.raises(TierError, match="expected an isolation of auto, full"):
        choose("complete")


def test_a_sandbox_that_does_not_start_is_no_fault_of_the_submission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from checks.submission.isolation import process

    monkeypatch.setattr(process, "START", "import sys; sys.exit('no sandbox today')")
    with pytest.raises(IsolationError, match="tier process: the worker did not start: no sandbox"):
        open_submission(handed_in(tmp_path, RIGHT), entry("line"))


GRADER = """
import sys, time
from checks.submission.discovery import discover
from checks.submission.isolation.names import Tier, TierError
from checks.submission.supervisor import open_submission
from reference.catalogue import entry
(submission,) = discover([sys.argv[1]])
with open_submission(submission, entry("line"), tier=Tier(sys.argv[2])) as worker:
    print("ready", flush=True)
    worker.ask("loss", {}, [{"X": 0.0, "y": 0.0, "w": 0.0, "b": 0.0}])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers die with their parent on Linux only")
@pytest.mark.parametrize("tier", AVAILABLE, ids=lambda tier: tier.value)
def test_killing_the_grader_leaves_no_worker(tier: Tier, tmp_path: Path) -> None:
    marker = f"canary{os.getpid()}"
    source = f"{marker} = 1\ndef loss(X, y, w, b):\n    while True: pass\n"
    submission = handed_in(tmp_path / marker, source)
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER, submission.path, tier.value],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert grader.stdout is not None
    assert grader.stdout.readline() == "ready\n"
    family = _descendants(grader.pid)
    assert family
    grader.send_signal(signal.SIGKILL)
    grader.wait()
    grader.stdout.close()
    deadline = time.monotonic() + 10
    while (alive := {pid for pid in family if _alive(pid)}) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert set() == alive


def _descendants(pid: int) -> set[int]:
    found: set[int] = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found |= {child} | _descendants(child)
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
