"""Asks one submission through its worker, and outlives whatever the submission does.

A call that hangs or dies costs that call: the worker is replaced and the next call goes on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from checks.candidate import Candidate
from checks.respondent import NOTHING, Answer, Arguments
from checks.result import Problem
from checks.submission.answers import read_answers
from checks.submission.channel import Channel
from checks.submission.discovery import Submission
from checks.submission.isolation.names import Tier
from checks.submission.launch import Contract, IsolationError, Launch
from checks.submission.limits import Limits
from checks.submission.loaded import RETRY, Loaded, other_names
from checks.submission.notebook import NotebookError
from checks.submission.problems import WORKER_ERRORS, problem_of, session_over
from checks.submission.questions import question
from checks.submission.shapes import NO_SHAPES, letters
from checks.submission.snapshot import Snapshot
from checks.submission.worker.loading import DEFINITIONS, NEEDED, WHOLE
from checks.submission.worker.text import printable
from reference.contract import Entry

STRIKES = 2
DOES_NOT_RUN = "file does not run"
UNREADABLE = "file cannot be read"


class Worker:
    """One submission, asked in a process of its own: a `Respondent`, and a context manager.

    problem: why nothing can be asked, if so.  notes: how the file was loaded.
    likeness: digest and fingerprints of the program, as hexadecimal texts.
    """

    def __init__(
        self,
        submission: Submission,
        contract: Contract,
        limits: Limits,
        tier: Tier,
        shapes: Mapping[str, Any] = NO_SHAPES,
    ) -> None:
        self.problem: Problem | None = submission.problem
        self.notes: tuple[str, ...] = ()
        self.likeness: tuple[str, ...] = ()
        self.others: tuple[str, ...] = ()
        self._launch = Launch(submission, contract, limits, tier, shapes)
        self._limits = limits
        self._extent = WHOLE
        self._functions: frozenset[str] = frozenset()
        self._strikes: dict[str, tuple[int, Problem]] = {}
        self._left = limits.session_seconds
        self._channel: Channel | None = None
        self._snapshot: Snapshot | None = None
        if self.problem is not None:
            return
        try:
            self._snapshot = Snapshot(submission)
        except OSError as error:
            reason = printable(str(error))
            self.problem = Problem(
                submission.path, "a file that can be read", reason, pattern=UNREADABLE
            )
            return
        except NotebookError as error:
            self.problem = Problem(
                submission.path, "a notebook with Python in it", str(error), pattern=UNREADABLE
            )
            return
        self.notes = self._snapshot.notes
        try:
            self._load()
        except BaseException:
            self.close()
            raise

    @property
    def functions(self) -> frozenset[str]:
        """The contract functions that the submission has."""
        return self._functions

    @property
    def pid(self) -> int | None:
        """The process that is running now, if there is one."""
        return self._channel.pid if self._channel else None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker and remove its copy of the submission."""
        self._kill()
        if self._snapshot is not None:
            self._snapshot.remove()
            self._snapshot = None

    def ask(
        self,
        function: str,
        fixed: Arguments,
        varying: Sequence[Arguments] = ({},),
        *,
        trace: bool = False,
    ) -> list[Answer]:
        """One answer for each of `varying`, each call with fixed | varying[i] and fresh arrays.

        All calls go in one frame.  Where one of them hangs or dies, the calls that were not
        answered are asked one at a time, so that each problem falls on its own call.
        """
        answers: list[Answer] = []
        together = len(varying)
        while len(answers) < len(varying):
            refusal = self._refusal(function)
            if refusal is not None:
                return answers + [Answer(problem=refusal)] * (len(varying) - len(answers))
            batch = varying[len(answers) : len(answers) + together]
            given, problem = self._exchange(function, fixed, batch, trace)
            answers += given
            if problem is None:
                continue
            self._kill()
            if len(batch) - len(given) == 1:
                strikes, _ = self._strikes.get(function, (0, problem))
                self._strikes[function] = (strikes + 1, problem)
                answers.append(Answer(problem=problem, seconds=self._limits.wall_seconds))
            together = 1
        return answers

    def _refusal(self, function: str) -> Problem | None:
        """Why this function is not asked (any more), if so; a fresh worker where one is due."""
        if self.problem is not None:
            return self.problem
        if function not in self._functions and function != NOTHING:
            names = ", ".join(sorted(self._functions)) or "none"
            return Problem(function, f"a function {function}", f"only {names}")
        strikes, problem = self._strikes.get(function, (0, None))
        if strikes >= STRIKES:
            return problem
        if self._left <= 0:
            return session_over(function, self._limits)
        if self._channel is None:
            return self._restart(function)
        return None

    def _restart(self, function: str) -> Problem | None:
        try:
            outcome = self._start(self._extent)
        except (IsolationError, OSError) as error:
            return Problem(function, "a new worker after the last one ended", printable(str(error)))
        if isinstance(outcome, Problem):
            self._kill()
            return replace(outcome, where=function, pattern=DOES_NOT_RUN)
        return None

    def _exchange(
        self, function: str, fixed: Arguments, varying: Sequence[Arguments], trace: bool
    ) -> tuple[list[Answer], Problem | None]:
        """The answers that came, and the problem that prevented the others."""
        channel = self._channel
        assert channel is not None
        header, payload = question(function, fixed, varying, trace)
        names = header["names"]
        answers: list[Answer] = []
        started = since = time.monotonic()
        try:
            channel.send(header, payload, self._launch.deadline())
            while len(answers) < len(varying):
                left = len(varying) - len(answers)
                cap = self._limits.output_bytes * left
                part, numbers = channel.receive(cap, self._launch.deadline())
                seconds = time.monotonic() - since
                since += seconds
                answers += read_answers(
                    part,
                    numbers,
                    function,
                    names,
                    self._limits,
                    most=left,
                    trace=trace,
                    seconds=seconds,
                )
        except WORKER_ERRORS as error:
            return answers, problem_of(error, function, self._limits)
        finally:
            self._left -= time.monotonic() - started
        return answers, None

    def _kill(self) -> None:
        if self._channel is not None:
            self._channel.kill()
            self._channel = None

    def _load(self) -> None:
        """Run the file as it is; where that fails or hangs, what it defines and that needs."""
        first = self._start(WHOLE)
        if not isinstance(first, Problem):
            self._settle(first)
            return
        self._kill()
        if first.pattern != RETRY:
            self.problem = first
            return
        for extent in (NEEDED, DEFINITIONS):
            second = self._start(extent)
            if not isinstance(second, Problem):
                break
            self._kill()
        if isinstance(second, Problem) or not second.functions:
            self._kill()
            self.problem = replace(first, pattern=DOES_NOT_RUN)
            return
        self._extent = extent
        why = first.observed.removeprefix("none: ")  # an answer was expected there, no end of a run
        self.notes += (f"the file did not run to its end: {why}",)
        self._settle(second)

    def _settle(self, loaded: Loaded) -> None:
        self._functions = loaded.functions
        self.notes += loaded.notes
        self.likeness = loaded.likeness
        self.others = loaded.others
        if not self._functions:
            launch = self._launch
            self.problem = other_names(launch.submission.model, launch.contract, loaded.others)
            self._kill()

    def _start(self, extent: str) -> Loaded | Problem:
        """A fresh worker with the file loaded: what it found, or why it could not be loaded."""
        assert self._snapshot is not None
        self._channel, outcome = self._launch.start(self._snapshot, extent)
        return outcome


def open_submission(
    submission: Submission, entry: Entry, limits: Limits | None = None, tier: Tier = Tier.PROCESS
) -> Worker:
    """A worker with the submission loaded, or with the problem that says why it is not.

    Open and close it in one thread: where Linux is asked to end a worker with its parent, the
    parent is the thread.
    """
    contract = {name: entry.arguments(name) for name in entry.functions}
    return Worker(submission, contract, limits or Limits(), tier, letters(entry))


def candidate_for(submission: Submission, entry: Entry, worker: Worker) -> Candidate:
    """The submission as the battery asks it."""
    return Candidate(
        submission.name,
        entry,
        worker,
        "submission",
        submission.path,
        worker.notes,
        worker.problem,
        worker.others,
    )
