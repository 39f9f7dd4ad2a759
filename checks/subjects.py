"""Whoever a pytest run is about: the reference of each model, or what was handed in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Protocol

from checks.candidate import reference_candidate
from checks.commands.session import Settings, refusal
from checks.grading import Sitting, plan
from checks.report.plain import plain
from checks.result import CheckResult
from checks.submission.discovery import Submission, discover
from checks.submission.supervisor import candidate_for, open_submission
from reference.catalogue import ENTRIES, entry
from reference.contract import Entry

Pairs = tuple[tuple[str, str], ...]


class Subject(Protocol):
    """One implementation that is asked.

    label: the start of its tests' ids.  planned: (check, case) pairs in order.
    trusted: whether an answer that stays open is a failure.
    """

    label: str
    planned: Pairs
    trusted: bool

    def ask(self, check: str, case: str) -> CheckResult:
        """The answer to one planned question."""

    def close(self) -> None:
        """End whatever process answers."""


class Reference:
    """The reference implementation of one model, in this process."""

    trusted = True

    def __init__(self, model: Entry, seed: int) -> None:
        self.label = model.name
        self._plan = {(check.name, case.name): (check, case) for check, case in plan(model, seed)}
        self.planned: Pairs = tuple(self._plan)
        self._sitting = Sitting(reference_candidate(model), seed)

    def ask(self, check: str, case: str) -> CheckResult:
        return self._sitting.ask(*self._plan[check, case])

    def close(self) -> None:
        pass


class HandedIn:
    """A submission in a worker of its own, which is opened at the first question."""

    trusted = False

    def __init__(
        self, label: str, submission: Submission, model: Entry, settings: Settings
    ) -> None:
        self.label = label
        self._submission, self._model, self._settings = submission, model, settings
        self._plan = {
            (check.name, case.name): (check, case) for check, case in plan(model, settings.seed)
        }
        self.planned: Pairs = tuple(self._plan)
        self._open = ExitStack()
        self._sitting: Sitting | None = None

    def ask(self, check: str, case: str) -> CheckResult:
        if self._sitting is None:
            opened = open_submission(
                self._submission, self._model, self._settings.limits, self._settings.tier
            )
            worker = self._open.enter_context(opened)
            candidate = candidate_for(self._submission, self._model, worker)
            self._sitting = Sitting(
                candidate,
                self._settings.seed,
                allow_finite_differences=self._settings.allow_finite_differences,
            )
        return self._sitting.ask(*self._plan[check, case])

    def close(self) -> None:
        self._sitting = None
        self._open.close()


class Refused:
    """A submission that cannot be graded: one failed answer says why."""

    trusted = False

    def __init__(self, label: str, submission: Submission, seed: int) -> None:
        self.label = label
        report = refusal(submission, seed)
        self.planned: Pairs = report.planned
        self._result = report.results[0]

    def ask(self, check: str, case: str) -> CheckResult:
        return self._result

    def close(self) -> None:
        pass


def references(seed: int) -> list[Subject]:
    """The reference implementation of every documented model."""
    return [Reference(model, seed) for model in ENTRIES]


def handed_in(paths: Sequence[str], model: str | None, settings: Settings) -> list[Subject]:
    """Every submission that the paths lead to, also those that cannot be graded."""
    found: list[Subject] = []
    labels: dict[str, int] = {}
    for submission in discover(paths, model, settings.adapter):
        label = plain("-".join(part for part in (submission.name, submission.model) if part))
        labels[label] = labels.get(label, 0) + 1
        if labels[label] > 1:
            label = f"{label}#{labels[label]}"
        if submission.problem is not None or not submission.model:
            found.append(Refused(label, submission, settings.seed))
        else:
            found.append(HandedIn(label, submission, entry(submission.model), settings))
    return found
