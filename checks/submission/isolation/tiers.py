"""The tiers of isolation, and what a worker of each is started with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from checks.submission.isolation import process
from checks.submission.kit import kit
from checks.submission.snapshot import Snapshot


class Tier(Enum):
    """How far a worker is contained."""

    FULL = "full"
    RESTRICTED = "restricted"
    PROCESS = "process"


@dataclass(frozen=True)
class Sandbox:
    """How to start one worker, and where it sees the files of its snapshot."""

    launch: Callable[[int], list[str]]
    environment: dict[str, str]
    path_of: Callable[[Path], str]


def sandbox(tier: Tier, snapshot: Snapshot) -> Sandbox:
    """The sandbox of one tier for one submission."""
    return Sandbox(lambda fd: process.command(kit(), fd), process.environment(snapshot.root), str)
