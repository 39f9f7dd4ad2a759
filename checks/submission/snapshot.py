"""Copies what a worker may see into a private folder: the submission as it stood when graded.

The copy is taken by the grading side without following a link, so that nothing that changes
afterwards, and nothing outside the student's own folder, can reach the worker.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from checks.submission.discovery import Submission
from checks.submission.limits import SIZE_CAP
from checks.submission.notebook import NOTEBOOK_CAP, NotebookError, read_notebook
from checks.submission.private import fresh_folder

NOTEBOOK = ".ipynb"
FILES_CAP = 100
TOTAL_CAP = 10 << 20
DEPTH_CAP = 3


class Snapshot:
    """A private folder (`root`) with the submission's file (`file`) and what lies beside it.

    name: the file's own name.  notes: how a notebook was read.  Raises OSError, NotebookError.
    """

    def __init__(self, submission: Submission) -> None:
        self.root = fresh_folder("submission")
        try:
            source = submission.location
            self.name = source.name
            self.notes: tuple[str, ...] = ()
            self.file = self.root / f"{source.stem}.py"
            if not submission.alone:
                self._copy_neighbours(source.parent)
            self.file.write_bytes(self._source(source))
        except (OSError, NotebookError):
            self.remove()
            raise

    def _source(self, path: Path) -> bytes:
        if path.suffix != NOTEBOOK:
            return _read(path.resolve())
        notebook = read_notebook(_read(path.resolve(), NOTEBOOK_CAP))
        self.notes = (notebook.note,)
        return notebook.text.encode("utf-8", "surrogatepass")

    def remove(self) -> None:
        """Delete the copy."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _copy_neighbours(self, folder: Path) -> None:
        total = 0
        for count, (path, size) in enumerate(regular_files(folder, DEPTH_CAP)):
            total += size
            if count >= FILES_CAP or total > TOTAL_CAP:
                break
            target = self.root / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.write_bytes(_read(path))
            except OSError:
                continue


def regular_files(folder: Path, depth: int) -> Iterator[tuple[Path, int]]:
    """Every file below a folder with its size, in order: no links, none hidden or too large.

    depth: how many folders further down are gone into.
    """
    for path in sorted(folder.iterdir()):
        if path.name[0] == "." or path.name == "__pycache__":
            continue
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= SIZE_CAP:
            yield path, status.st_size
        elif stat.S_ISDIR(status.st_mode) and depth:
            yield from regular_files(path, depth - 1)


def _read(path: Path, most: int = SIZE_CAP) -> bytes:
    """At most this many bytes of a regular file; a link or a pipe in its place is an OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path.name} is no regular file")
        return file.read(most)
