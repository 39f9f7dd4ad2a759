"""What every tier says about one worker: how to start it, and what it gives up by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sandbox:
    """How one worker is started.

    launch(fd): the command line of a worker that talks over descriptor fd.
    environment: all that it inherits.  folder: where it sees the submission's files.
    orders: what it gives up by itself (see `worker.confinement.confine`).
    """

    launch: Callable[[int], list[str]]
    environment: dict[str, str]
    folder: str
    orders: dict[str, Any]
