"""Finds the submissions under the paths that a teacher types.

A file `line.py`; a student's folder with files named after models; a class, a folder of such
folders.  `--model` names the model of files whose names do not.  Nothing is opened here: names
and `lstat` decide, and whatever cannot be graded is a Submission with the problem that says why.
"""

from __future__ import annotations

import difflib
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.result import Problem
from checks.submission.adapters import Adapter
from reference.catalogue import ENTRIES

SIZE_CAP = 1 << 20
DEPTH_CAP = 4
SUFFIXES = (".py",)
_IGNORED = frozenset({"conftest.py", "setup.py", "__init__.py", "__pycache__", "node_modules"})
_MODELS = tuple(entry.name for entry in ENTRIES)


@dataclass(frozen=True)
class Submission:
    """One file that one student handed in for one model, or the problem with it.

    name: the student's folder where there is one, else the file's stem.
    path: as the user typed it, joined with what was found below.
    alone: the file's neighbours are other people's, so the worker may not see its folder.
    adapter: what puts the file's own names under the contract, where one was asked for.
    unpacked: where the file lies, for one out of an archive.
    """

    name: str
    model: str
    path: str
    problem: Problem | None = None
    alone: bool = False
    adapter: Adapter | None = None
    unpacked: str = ""

    @property
    def location(self) -> Path:
        """Where the file lies."""
        return Path(self.unpacked or self.path)


def discover(
    paths: Sequence[str], model: str | None = None, adapter: Adapter | None = None
) -> tuple[Submission, ...]:
    """Every submission under the paths, in the order of the paths and then by name.

    A file that is reached twice counts once.  Bad paths become submissions with a problem.
    """
    found: list[Submission] = []
    seen: set[Path] = set()
    for typed in paths:
        for submission in _under(typed, model):
            resolved = submission.location.resolve()
            if resolved not in seen:
                seen.add(resolved)
                found.append(replace(submission, adapter=adapter))
    return tuple(found)


def _under(typed: str, model: str | None) -> Iterator[Submission]:
    path = Path(typed)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        yield _refused(path, "a file or a folder", "no such file or folder")
        return
    if stat.S_ISDIR(mode):
        yield from _folder(path, path.resolve().name, model, DEPTH_CAP)
    else:
        yield _file(path, _name_of(path), model, alone=path.stem not in _MODELS)


def _folder(folder: Path, name: str, model: str | None, depth: int) -> Iterator[Submission]:
    """The submissions of a student's folder, or of a class, whose folders are the students."""
    try:
        visible = sorted(p for p in folder.iterdir() if p.name[0] != "." and p.name not in _IGNORED)
    except OSError as error:
        yield _refused(folder, "a folder that can be read", str(error.strerror), name=name)
        return
    files = [path for path in visible if path.suffix in SUFFIXES and not path.is_dir()]
    named = [path for path in files if path.stem in _MODELS]
    folders = [path for path in visible if path.is_dir() and not path.is_symlink()]
    if named:
        for path in named:
            yield _file(path, name, None, alone=False)
        return
    for path in files:
        yield _file(path, path.stem, model, alone=True)
    for path in folders if depth else []:
        yield from _folder(path, path.name, model, depth - 1)
    if not files and not folders:
        yield _refused(folder, f"files named after models: {_examples()}", "none", name=name)


def _file(path: Path, name: str, model: str | None, *, alone: bool) -> Submission:
    """One file, refused by name, kind or size before anything opens it."""
    known = path.stem if path.stem in _MODELS else model
    if known is None:
        close = difflib.get_close_matches(path.stem.lower(), _MODELS, 1, 0.5) or ["line"]
        expected = f"a file named after a model: {_examples()}"
        return _refused(path, expected, path.name, f"try --model={close[0]}", name)
    if known not in _MODELS:
        close = difflib.get_close_matches(known, _MODELS, 1)
        hint = f"did you mean --model={close[0]}?" if close else ""
        return _refused(path, f"a model: {', '.join(_MODELS)}", known, hint, name)
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode) and path.resolve().parent == path.parent.resolve():
            status = path.stat()
    except OSError as error:
        return _refused(path, "a file that can be read", str(error.strerror), name=name)
    if path.suffix not in SUFFIXES:
        return _refused(path, "a Python file (.py)", path.name, name=name, model=known)
    if not stat.S_ISREG(status.st_mode):
        what = "a link out of its folder" if stat.S_ISLNK(status.st_mode) else "no regular file"
        return _refused(path, "a regular file", what, "hand in the file itself", name, known)
    if status.st_size > SIZE_CAP:
        size = f"{status.st_size} bytes"
        return _refused(path, f"a file of at most {SIZE_CAP} bytes", size, "", name, known)
    return Submission(name, known, str(path), alone=alone)


def _name_of(path: Path) -> str:
    """ana for ana/line.py, ana for ana.py, line for a bare line.py."""
    parent = path.parent.name
    return parent if path.stem in _MODELS and parent not in ("", "..") else path.stem


def _examples() -> str:
    return f"{_MODELS[0]}.py, {_MODELS[1]}.py, …"


def _refused(
    path: Path, expected: str, observed: str, hint: str = "", name: str = "", model: str = ""
) -> Submission:
    return Submission(
        name or path.name, model, str(path), Problem(str(path), expected, observed, hint)
    )
