"""Starts a worker on one submission: contained, told what to load, and heard out once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from checks.result import Problem
from checks.submission.channel import Channel
from checks.submission.discovery import Submission
from checks.submission.isolation.names import Tier
from checks.submission.isolation.tiers import sandbox
from checks.submission.limits import Limits
from checks.submission.loaded import RETRY, Loaded, read_loaded
from checks.submission.problems import WORKER_ERRORS, problem_of
from checks.submission.snapshot import Snapshot

START_SECONDS = 30.0  # the interpreter's own start, on a busy machine; not the submission's
SLACK_SECONDS = 0.25  # answers are sent in batches, at most a tenth of a second apart

Contract = Mapping[str, Sequence[str]]  # argument names by function


class IsolationError(Exception):
    """A worker could not be started as its tier demands; not the submission's fault."""


@dataclass(frozen=True)
class Launch:
    """What every worker of one submission is started with.

    shapes: of the contract's arrays, by letters, as `shapes.letters` gives them.
    """

    submission: Submission
    contract: Contract
    limits: Limits
    tier: Tier
    shapes: Mapping[str, Any]

    def deadline(self) -> float:
        """When an answer that is asked for now must be there, on the monotonic clock."""
        return time.monotonic() + self.limits.wall_seconds + SLACK_SECONDS

    def start(self, snapshot: Snapshot, extent: str) -> tuple[Channel, Loaded | Problem]:
        """A fresh worker with the file loaded: what it found, or why it could not be loaded.

        extent: how much of the file is run.  IsolationError, OSError where no worker starts.
        """
        box = sandbox(self.tier, snapshot, self.limits)
        channel = Channel(box.launch, box.environment, snapshot.root)
        try:
            reason = channel.begin(
                self._header(box.orders, box.folder, snapshot.file.name, extent),
                time.monotonic() + START_SECONDS,
            )
            if reason:
                raise IsolationError(f"tier {self.tier.value}: the worker did not start: {reason}")
            return channel, self._heard(channel, snapshot)
        except BaseException:
            channel.kill()
            raise

    def _header(self, orders: Any, folder: str, file: str, extent: str) -> dict[str, Any]:
        adapter = self.submission.adapter
        return {
            "orders": orders,
            "path": f"{folder}/{file}",
            "folder": folder,
            "name": self.submission.model,
            "functions": self.contract,
            "extent": extent,
            "shapes": self.shapes,
            "adapter": None if adapter is None else asdict(adapter),
        }

    def _heard(self, channel: Channel, snapshot: Snapshot) -> Loaded | Problem:
        try:
            said, _ = channel.receive(0, self.deadline())
            return read_loaded(said, snapshot.name, self.contract, self.submission.adapter)
        except WORKER_ERRORS as error:
            problem = problem_of(error, snapshot.name, self.limits)
            return replace(problem, expected="a file that loads", pattern=RETRY)
