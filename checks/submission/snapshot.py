"""Copies what a worker may see into a private folder: the submission as it stood when graded.

The copy is taken by the grading side without following a link, so that nothing that changes
afterwards, and nothing outside the student's own folder, can reach the worker.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from checks.submission.discovery import Submission
from checks.submission.limits import SIZE_CAP
from checks.submission.notebook import NOTEBOOK_CAP, NotebookError, read_notebook
from checks.submission.private import fresh_folder
from checks.submission.worker.text import printable

NOTEBOOK = ".ipynb"
FILES_CAP = 100
TOTAL_CAP = 10 << 20
DEPTH_CAP = 3


class Snapshot:
    """A private folder (`root`) with the submission's file (`file`) and what lies beside it.

    name: the file's own name.  notes: how a notebook was read, and what beside the file cannot be
    read and is left out.  Raises OSError where the file itself cannot be, and NotebookError.
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
        self.notes += (notebook.note,)
        return notebook.text.encode("utf-8", "surrogatepass")

    def remove(self) -> None:
        """Delete the copy."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _copy_neighbours(self, folder: Path) -> None:
        total = 0
        unread: list[OSError] = []
        for count, (path, size) in enumerate(regular_files(folder, DEPTH_CAP, unread.append)):
            total += size
            if count >= FILES_CAP or total > TOTAL_CAP:
                break
            target = self.root / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.write_bytes(_read(path))
            except OSError as error:
                unread.append(error)
        if unread:
            names = ", ".join(_name(error, folder) for error in unread)
            self.notes += (printable(f"cannot be read and is left out: {names}"),)


def regular_files(
    folder: Path, depth: int, unread: Callable[[OSError], object]
) -> Iterator[tuple[Path, int]]:
    """Every file below a folder with its size, in order: no links, none hidden or too large.

    depth: how many folders further down are gone into.  unread: told of each that cannot be read,
    which is then passed over.
    """
    try:
        below = [
            (path, path.lstat())
            for path in sorted(folder.iterdir())
            if path.name[0] != "." and path.name != "__pycache__"
        ]
    except OSError as error:
        unread(error)
        return
    for path, status in below:
        if stat.S_ISREG(status.st_mode) and status.st_size <= SIZE_CAP:
            yield path, status.st_size
        elif stat.S_ISDIR(status.st_mode) and depth:
            yield from regular_files(path, depth - 1, unread)


def _name(error: OSError, folder: Path) -> str:
    """What could not be read, from the submission's folder on."""
    path = Path(str(error.filename))
    return path.relative_to(folder).as_posix() if path != folder else "what lies beside the file"


def _read(path: Path, most: int = SIZE_CAP) -> bytes:
    """At most this many bytes of a regular file; a link or a pipe in its place is an OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path.name} is no regular file")
        return file.read(most)
