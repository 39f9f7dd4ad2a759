"""What makes two gradings the same: the files, and everything else a verdict rests on."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from checks.commands.session import Settings
from checks.guard import SUITE
from checks.report.environment import environment, suite_version
from checks.submission.discovery import Submission
from checks.submission.snapshot import regular_files

DEPTH = 3
GRADING = ("reference", "checks")
NOT_GRADING = frozenset({"selftest", "examples"})


def key(submission: Submission, chosen: Settings) -> str:
    """A digest of name, model, path, content, questions, seed, limits, tier and versions."""
    return _digest(
        [
            submission.name,
            submission.model,
            submission.path,
            None if submission.adapter is None else asdict(submission.adapter),
            content(submission),
            sorted(chosen.only) if chosen.only is not None else None,
            chosen.allow_finite_differences,
            asdict(chosen.limits),
            suite_version(),
            environment(chosen.tier.value, chosen.seed),
        ]
    )


def content(submission: Submission) -> str:
    """A digest of the submission's file, and of the files beside it that it can import.

    A submission that is refused by its name, kind or size is not read.
    """
    if submission.problem is not None:
        return str(submission.problem)
    path = submission.location
    digest = hashlib.sha256()
    unread: list[OSError] = []
    neighbours = [] if submission.alone else regular_files(path.parent, DEPTH, unread.append)
    for file in (path, *(neighbour for neighbour, _ in neighbours)):
        try:
            data = file.read_bytes() if file.is_file() else b""
        except OSError as error:
            unread.append(error)
            continue
        digest.update(f"{file.name} {len(data)}\n".encode("utf-8", "surrogateescape"))
        digest.update(data)
    digest.update(f"{[error.errno for error in unread]}".encode())
    return digest.hexdigest()


@functools.cache
def grading_code(suite: Path = SUITE) -> str:
    """A digest of the code that verdicts rest on: reference and checks without their selftests."""
    digest = hashlib.sha256()
    for room in GRADING:
        for path in sorted((suite / room).rglob("*.py")):
            if NOT_GRADING.isdisjoint(path.relative_to(suite).parts):
                data = path.read_bytes()
                digest.update(f"{path.relative_to(suite).as_posix()} {len(data)}\n".encode())
                digest.update(data)
    return digest.hexdigest()


def default_journal(paths: Sequence[str], model: str | None) -> Path:
    """Where a run of these paths keeps its journal while it is not complete."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    name = _digest([*(os.path.abspath(path) for path in paths), model])
    return Path(base) / "gradproof" / f"{name[:32]}.jsonl"


def _digest(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
