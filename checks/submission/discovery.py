"""Finds the submissions under the paths that a teacher types.

A file `line.py` or `line.ipynb`; a student's folder with files named after models; a class, a
folder of such folders; the zip of any of these.  `--model` names the model of files whose names do
not.  Nothing is opened here but archives: names and `lstat` decide, and whatever cannot be graded
is a Submission with the problem that says why.  Reports that an earlier run has written among them
are passed over.
"""

from __future__ import annotations

import difflib
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.report.folders import is_marked
from checks.result import Problem
from checks.submission.adapters import Adapter
from checks.submission.archive import LITTER, ArchiveError, unpacked
from checks.submission.exports import read_name
from checks.submission.limits import SIZE_CAP
from checks.submission.notebook import NOTEBOOK_CAP
from checks.submission.worker.text import printable
from reference.catalogue import ENTRIES

DEPTH_CAP = 4
TOLD = 3  # names of files
SIZE_CAPS = {".py": SIZE_CAP, ".ipynb": NOTEBOOK_CAP}
ARCHIVE = ".zip"
_IGNORED = LITTER | {"conftest.py", "setup.py", "__init__.py", "node_modules"}
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
        for submission in _under(Path(typed), model):
            resolved = submission.location.resolve()
            if resolved not in seen:
                seen.add(resolved)
                found.append(replace(submission, adapter=adapter))
    return tuple(found)


def _under(path: Path, model: str | None) -> Iterator[Submission]:
    try:
        archive = next((p for p in (*reversed(path.parents), path) if _is_archive(p)), None)
        mode = path.stat().st_mode if archive is None else 0
    except (OSError, ValueError):
        yield _refused(path, "a file or a folder", "no such file or folder")
        return
    if archive is not None:
        yield from _archive(archive, path.relative_to(archive), path.name, model, DEPTH_CAP)
    elif stat.S_ISDIR(mode):
        yield from _folder(path, path.resolve().name, model, DEPTH_CAP)
    else:
        yield _file(path, _name_of(path), model, alone=path.stem not in _MODELS)


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() == ARCHIVE and path.is_file()


def _archive(
    path: Path, inner: Path, name: str, model: str | None, depth: int, *, below: bool = False
) -> Iterator[Submission]:
    """What a zip holds, or the part of it that was asked for, under the zip's own path."""
    status = path.stat()
    try:
        opened = unpacked(path.resolve(), status.st_size, status.st_mtime_ns)
    except ArchiveError as error:
        yield _refused(path, error.expected, error.observed, name=name)
        return
    if inner != Path():
        found = _under(opened.folder / inner, model)
    else:
        found = _folder(opened.folder, Path(name).stem, model, depth - 1, below=below)
    for submission in found:
        yield _as_typed(submission, path, opened.folder)
    for entry in opened.left_out if inner == Path() else ():
        where = path / entry.entry.lstrip("/")
        hint = "the rest of the archive is graded"
        label = f"{Path(name).stem}/{entry.entry}" if below else entry.entry
        yield _refused(where, entry.expected, entry.observed, hint, label)


def _as_typed(submission: Submission, archive: Path, folder: Path) -> Submission:
    """A submission out of an archive, named by the archive's path and not by the private one."""
    path = str(archive / Path(submission.path).relative_to(folder))
    problem = submission.problem
    if problem is not None and problem.where == submission.path:
        problem = replace(problem, where=path)
    return replace(submission, path=path, problem=problem, unpacked=str(submission.location))


def _folder(
    folder: Path, name: str, model: str | None, depth: int, *, below: bool = False
) -> Iterator[Submission]:
    """The submissions of a student's folder, or of a class, whose folders are the students.

    A folder that lies alone in another one is the same student's, but for the first.
    below: it is below the folder that was typed, so that files in it go by its name.
    """
    try:
        visible = sorted(path for path in folder.iterdir() if not _is_litter(path))
        folders = [path for path in visible if stat.S_ISDIR(path.lstat().st_mode)]
    except OSError as error:
        yield _refused(folder, "a folder that can be read", str(error.strerror), name=name)
        return
    files = [path for path in visible if path.suffix in SIZE_CAPS and path not in folders]
    named = [path for path in files if path.stem in _MODELS]
    archives = [path for path in visible if not path.is_symlink() and _is_archive(path)]
    alone = name if len(visible) == 1 and depth < DEPTH_CAP else None
    if named:
        for path in named:
            yield _file(path, name, None, alone=False)
        return
    for path in files:
        stem = path.stem if len(files) > 1 else ""
        yield _exported(path, "/".join(filter(None, (name, stem))) if below else path.stem, model)
    for path in folders if depth else []:
        yield from _folder(path, alone or _student(path.name), model, depth - 1, below=True)
    for path in archives if depth else []:
        yield from _archive(path, Path(), alone or _student(path.name), model, depth, below=True)
    if not files and not folders and not archives:
        there = "reports of gradproof" if is_marked(folder) else _told(visible) or "none"
        yield _refused(folder, f"files named after models: {_examples()}", there, name=name)


def _told(files: Sequence[Path]) -> str:
    """The first names of what lies there instead."""
    names = [printable(path.name, 60) for path in files]
    return ", ".join(names[:TOLD]) + (", …" if len(names) > TOLD else "")


def _is_litter(path: Path) -> bool:
    """Whether nobody handed this in: hidden, a tool's own, or a folder of reports and no more.

    A mark alone does not hide what could be graded: a student may have put it there.
    """
    if path.name[0] == "." or path.name in _IGNORED:
        return True
    return is_marked(path) and not any(
        below.suffix.lower() in (*SIZE_CAPS, ARCHIVE) for below in path.rglob("*")
    )


def _student(name: str) -> str:
    """The student whom a platform's name of a folder or an archive names; else the name."""
    handed_in = read_name(name)
    return name if handed_in is None else handed_in.student


def _exported(path: Path, name: str, model: str | None) -> Submission:
    """A file among other people's: named by its platform, else as given."""
    handed_in = read_name(path.name)
    if handed_in is None:
        return _file(path, name, model, alone=True)
    stem = Path(handed_in.file).stem
    return _file(path, handed_in.student, stem if stem in _MODELS else model, alone=True)


def _file(path: Path, name: str, model: str | None, *, alone: bool) -> Submission:
    """One file, refused by name, kind or size before anything opens it."""
    known = path.stem if path.stem in _MODELS else model
    if known is None:
        close = difflib.get_close_matches(path.stem.lower(), _MODELS, 1, 0.5) or ["line"]
        expected = f"a file named after a model: {_examples()}"
        return _refused(path, expected, path.name, f"--model={close[0]}", name)
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
    if path.suffix not in SIZE_CAPS:
        expected = "a Python file (.py) or a notebook (.ipynb)"
        return _refused(path, expected, path.name, name=name, model=known)
    if not stat.S_ISREG(status.st_mode):
        what = "a link out of its folder" if stat.S_ISLNK(status.st_mode) else "no regular file"
        return _refused(path, "a regular file", what, "hand in the file itself", name, known)
    cap = SIZE_CAPS[path.suffix]
    if status.st_size > cap:
        size = f"{status.st_size} bytes"
        return _refused(path, f"a file of at most {cap} bytes", size, "", name, known)
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
