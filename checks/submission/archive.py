"""Unpacks the zip of a class as course platforms export it, or that of one student.

Every entry is checked before anything is written, and never gives more bytes than it declares.
What must not be unpacked is left out and named; an archive that swells is refused as a whole.
"""

from __future__ import annotations

import contextlib
import functools
import lzma
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from checks.submission.exports import read_name
from checks.submission.limits import SIZE_CAP
from checks.submission.notebook import NOTEBOOK_CAP
from checks.submission.private import fresh_folder
from checks.submission.worker.text import printable

ENTRIES_CAP = 50_000
TOTAL_CAP = 1 << 30
RATIO_CAP = 100  # text shrinks tenfold, rarely thirtyfold; zeros a thousandfold
RATIO_FLOOR = 10 << 20  # below this size nothing has to be proportionate
NAME_CAP = 255
_HANDED_IN = frozenset({".py", ".ipynb", ".zip"})
# What zipfile raises for bytes that are no archive, or no entry of one; bz2 says OSError.
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)
LITTER = frozenset({"__MACOSX", "__pycache__", ".ipynb_checkpoints"})


class ArchiveError(Exception):
    """An archive that is not unpacked; expected and observed as in a Problem."""

    def __init__(self, expected: str, observed: str) -> None:
        super().__init__(f"expected {expected}, got {observed}")
        self.expected = expected
        self.observed = observed


@dataclass(frozen=True)
class LeftOut:
    """One entry that was not unpacked, by its name in the archive, and why."""

    entry: str
    expected: str
    observed: str


@dataclass(frozen=True)
class Unpacked:
    """folder: where the entries lie, one folder for each student where the names say so."""

    folder: Path
    left_out: tuple[LeftOut, ...]


@functools.cache
def unpacked(path: Path, size: int, changed: int) -> Unpacked:
    """An archive's entries in a private folder, removed when the grading process ends.

    size, changed: of the file, so that one that was replaced is unpacked again.  Raises
    ArchiveError for what is no archive, is encrypted, or is too large for what it holds.
    """
    folder = fresh_folder("archive") / path.stem  # what lies at the top is named after the archive
    folder.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_whole(entries, size)
            return Unpacked(folder, tuple(_unpack(archive, entries, folder)))
    except (*DAMAGE, OSError) as error:
        raise ArchiveError("a zip archive that can be read", _told(error)) from error


def _told(error: Exception) -> str:
    """What is wrong with an archive or one of its entries, in zipfile's words where it has some."""
    if isinstance(error, UnicodeDecodeError):
        return "a name that is not in the encoding it declares"
    return printable(str(error)) or "one that breaks off"


def _check_whole(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > ENTRIES_CAP:
        raise ArchiveError(f"at most {ENTRIES_CAP} entries", str(len(entries)))
    total = sum(entry.file_size for entry in entries)
    if total > TOTAL_CAP:
        raise ArchiveError(f"at most {TOTAL_CAP >> 20} MiB unpacked", f"{total >> 20} MiB")
    if total > max(RATIO_FLOOR, RATIO_CAP * size):
        observed = f"{total >> 20} MiB out of {size} bytes"
        raise ArchiveError(f"at most {RATIO_CAP} times its size unpacked", observed)
    if any(entry.flag_bits & 1 for entry in entries):
        raise ArchiveError("an archive without a password", "encrypted entries")


def _unpack(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path
) -> Iterator[LeftOut]:
    students: dict[str, str] = {}
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if entry.is_dir() or any(part in LITTER for part in name.split("/")):
            continue
        if entry.file_size > SIZE_CAP and PurePosixPath(name).suffix not in _HANDED_IN:
            continue  # larger than a worker is given of what lies beside a submission
        objection = _objection(name, entry)
        if objection is not None:
            yield LeftOut(entry.filename, *objection)
            continue
        target = folder / _target(PurePosixPath(name), students)
        if target.exists():
            yield LeftOut(entry.filename, "one entry of a name", "two of the same name")
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            yield LeftOut(entry.filename, "a folder", "a file of the same name in its place")
            continue
        try:
            with archive.open(entry) as source, target.open("xb") as file:
                shutil.copyfileobj(source, file)  # zipfile ends an entry at the size it declares
        except (*DAMAGE, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # this machine's, such as a full disk
            target.unlink(missing_ok=True)
            if target.parent != folder:
                with contextlib.suppress(OSError):  # where more lies, somebody has that
                    target.parent.rmdir()
            yield LeftOut(entry.filename, "an entry that can be read", _told(error))


def _objection(name: str, entry: zipfile.ZipInfo) -> tuple[str, str] | None:
    """(expected, observed) of an entry that must not be unpacked; None for any other."""
    parts = name.split("/")
    if name.startswith("/") or (len(parts[0]) > 1 and parts[0][1] == ":"):
        return "a path within the archive", "an absolute path"
    if ".." in parts:
        return "a path within the archive", "a path that leaves it"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "a regular file", "a link" if kind == stat.S_IFLNK else "no regular file"
    if any(not part.isprintable() or len(part.encode()) > NAME_CAP for part in parts):
        return "a printable name", "a name with control characters, or too long"
    if entry.file_size > NOTEBOOK_CAP:
        return f"a file of at most {NOTEBOOK_CAP >> 20} MiB", f"{entry.file_size >> 20} MiB"
    return None


def _target(name: PurePosixPath, students: dict[str, str]) -> PurePosixPath:
    """Where an entry goes: below the student's name where a platform's name says it.

    students: the names so far, by platform's number, so that namesakes stay apart.
    """
    for depth, part in enumerate(name.parts):
        handed_in = read_name(part)
        if handed_in is not None:
            rest = [handed_in.file] if handed_in.file else []
            rest += name.parts[depth + 1 :]
            return PurePosixPath(_student(handed_in.student, handed_in.number, students), *rest)
    return name


def _student(student: str, number: str, students: dict[str, str]) -> str:
    key = f"{number}/{student}"
    if key not in students:
        taken = student in students.values()
        students[key] = f"{student} ({number})" if taken else student
    return students[key]
