"""Finds out what isolation this machine gives, by trying what it should refuse.

A tier is available when its worker starts, calculates, and is refused every forbidden act.  No
version of a kernel or of bubblewrap is trusted to mean anything by itself.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checks.submission.discovery import Submission
from checks.submission.isolation.names import Tier
from checks.submission.launch import IsolationError
from checks.submission.limits import Limits
from checks.submission.private import fresh_folder
from checks.submission.supervisor import Worker

ACTS = {
    "read_a_file": "read a file outside its folder",
    "write_a_file": "write a file outside its folder",
    "change_a_library": "open a library's file for writing",
    "open_a_connection": "connect to a port of this machine",
    "signal_the_grader": "signal the grading process",
    "trace_the_grader": "trace the grading process",
    "read_the_graders_memory": "open the grading process's memory",
    "start_a_process": "start a process of its own",
    "raise_a_limit": "lift its limit of memory",
}
_PERMITTED = "calculate"
_LIMITS = Limits(wall_seconds=5.0)


@dataclass(frozen=True)
class Act:
    """One forbidden act as it was tried: what it was, whether it was refused, and how."""

    what: str
    refused: bool
    said: str


@dataclass(frozen=True)
class Probe:
    """What one tier did here.  reason: why it is not available, empty where it is."""

    tier: Tier
    reason: str
    acts: tuple[Act, ...] = ()

    @property
    def available(self) -> bool:
        """Whether the tier can be used (the tier process promises to refuse nothing)."""
        return not self.reason


@functools.cache
def probe(tier: Tier) -> Probe:
    """Start a worker of this tier and try every forbidden act, once in a grading process."""
    with _target() as submission:
        contract = dict.fromkeys((_PERMITTED, *ACTS), ("n",))
        try:
            with Worker(submission, contract, _LIMITS, tier) as worker:
                return _tried(tier, worker)
        except (IsolationError, OSError) as error:
            return Probe(tier, str(error))


def _tried(tier: Tier, worker: Worker) -> Probe:
    (answer,) = worker.ask(_PERMITTED, {}, [{"n": 2.0}])
    if answer.value != 2.0:
        return Probe(tier, f"NumPy does not work in it: {worker.problem or answer.problem}")
    acts = []
    for function, what in ACTS.items():
        (answer,) = worker.ask(function, {}, [{"n": 1.0}])
        said = answer.problem.observed if answer.problem else "done"
        acts.append(Act(what, answer.problem is not None, said.partition(", ")[2] or said))
    done = [act.what for act in acts if not act.refused]
    reason = f"it could {', '.join(done)}" if done and tier is not Tier.PROCESS else ""
    return Probe(tier, reason, tuple(acts))


@contextmanager
def _target() -> Iterator[Submission]:
    """A submission of forbidden acts, with a canary to read and a port to connect to."""
    folder = fresh_folder("probe")
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            (folder / "acts").mkdir()
            (folder / "canary").write_text("canary")
            shutil.copy(Path(__file__).parent / "acts.py", folder / "acts")
            facts = {
                "canary": str(folder / "canary"),
                "folder": str(folder),
                "port": listener.getsockname()[1],
                "pid": os.getpid(),
            }
            (folder / "acts" / "target.json").write_text(json.dumps(facts))
            yield Submission("probe", "acts", str(folder / "acts" / "acts.py"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def text() -> str:
    """What was tried in each tier and what came of it, for `python -m checks --probe`."""
    lines = []
    for tier in Tier:
        found = probe(tier)
        state = "available" if found.available else f"not available: {found.reason}"
        lines.append(f"tier {tier.value}: {state}")
        for act in found.acts:
            state = f"refused, {act.said}" if act.refused else "DONE"
            lines.append(f"  {act.what:<36}{state}")
    return "\n".join(lines)
