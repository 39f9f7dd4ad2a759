"""Hands in a file as a student would and opens a worker for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from checks.submission.discovery import Submission, discover
from checks.submission.limits import Limits
from checks.submission.supervisor import Worker, open_submission
from reference.catalogue import entry


class HandIn(Protocol):
    """Writes a file for a model and opens a worker for it."""

    def __call__(
        self, source: str | bytes, model: str = ..., limits: Limits | None = ...
    ) -> Worker: ...


def handed_in(folder: Path, source: str | bytes, model: str = "line") -> Submission:
    """The submission that a file of this text in this folder makes."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{model}.py"
    path.write_bytes(source.encode() if isinstance(source, str) else source)
    (submission,) = discover([str(path)])
    return submission


@pytest.fixture
def hand_in(tmp_path: Path) -> Iterator[HandIn]:
    """Workers opened so are closed at the end of the test."""
    with ExitStack() as opened:

        def open_one(
            source: str | bytes, model: str = "line", limits: Limits | None = None
        ) -> Worker:
            submission = handed_in(tmp_path / "ana", source, model)
            return opened.enter_context(open_submission(submission, entry(model), limits))

        yield open_one
