"""The journal of a run: what was graded is on the disk before anything else happens to it.

One JSON line per report, appended and fsynced: {"key": …, "seed": …, "code": …, "subject": …}
with the subject as `checks.report.jsonfile` has it.  A kill leaves every line but the one that was
being written, which is cut off when the journal is opened again.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from checks.report.jsonfile import report_of, subject
from checks.result import Report

if sys.platform != "win32":
    import fcntl


START = b'{"key": '


class JournalError(Exception):
    """A journal that cannot be used or written, in one sentence."""


class Journal:
    """Reports by key, in a file; only where each one starts is kept in memory.

    seed: that of the run that left the first report, None where there is none.
    code: what the reports are graded by, a digest.  A report that other code has left is not taken
    over; outdated holds the keys of those.
    resume: keep what an earlier run has left.  Without it a journal that holds anything is set
    aside as `FILE.old`, so that nothing is lost by a forgotten option.
    JournalError where the file cannot be opened, or is another run's at this moment.
    """

    def __init__(self, path: Path, *, resume: bool, code: str = "") -> None:
        self.path = path
        self.seed: int | None = None
        self.outdated: set[str] = set()
        self._code = code
        self._starts: dict[str, int] = {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not resume and path.is_file() and path.stat().st_size:
                os.replace(path, f"{path}.old")
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
            self._file = os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)
        except OSError as error:
            raise JournalError(f"the journal {path} cannot be opened: {error.strerror}") from error
        self._lock()
        self._end = self._read()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __contains__(self, key: str) -> bool:
        return key in self._starts

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, key: str, seed: int, report: Report) -> None:
        """Append one report and the seed of its run; when this returns it outlives the process.

        JournalError where it cannot be written (a full disk): all earlier reports are kept.
        """
        record = {"key": key, "seed": seed, "code": self._code, "subject": subject(report)}
        data = json.dumps(record, allow_nan=False).encode("ascii") + b"\n"
        try:
            written = self._file.write(data)
            if written != len(data):
                raise OSError(0, f"{written} of {len(data)} bytes were written")
            os.fsync(self._file.fileno())
        except OSError as error:
            self._file.truncate(self._end)
            raise JournalError(
                f"the journal {self.path} cannot be written: {error.strerror}; the "
                f"{len(self)} reports before are kept, and --resume goes on from there"
            ) from error
        self._starts[key] = self._end
        self._end += len(data)

    def report(self, key: str) -> Report:
        """One report, read from the file; KeyError where it is not there."""
        self._file.seek(self._starts[key])
        with os.fdopen(os.dup(self._file.fileno()), "rb") as reader:
            return report_of(json.loads(reader.readline())["subject"])

    def reports(self, keys: Iterable[str]) -> Iterator[Report]:
        """The reports of those keys that are there, one at a time."""
        return (self.report(key) for key in keys if key in self)

    def close(self) -> None:
        """Close the file, which stays."""
        self._file.close()

    def remove(self) -> None:
        """Delete the file of a run that is complete."""
        self.path.unlink(missing_ok=True)

    def _lock(self) -> None:
        if sys.platform != "win32":
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                self._file.close()
                raise JournalError(
                    f"another run is writing the journal {self.path}; wait for it, or name "
                    "another file with --journal=FILE"
                ) from error

    def _read(self) -> int:
        """Where the last whole line ends; a line that a kill left unfinished is cut off."""
        end = 0
        with os.fdopen(os.dup(self._file.fileno()), "rb") as reader:
            for line in reader:
                if not line.endswith(b"\n"):
                    break
                try:
                    record = json.loads(line)
                    report_of(record["subject"])
                    if record["code"] == self._code:
                        self._starts[record["key"]] = end
                        self.outdated.discard(record["key"])
                    elif record["key"] not in self._starts:
                        self.outdated.add(record["key"])
                    if self.seed is None:
                        self.seed = int(record["seed"])
                except (ValueError, KeyError, TypeError):
                    pass  # graded again
                end += len(line)
        if not self._starts and not self.outdated and not self._own():
            self._file.close()
            raise JournalError(f"expected a journal, got {self.path}, which is none; left as it is")
        self._file.truncate(end)
        return end

    def _own(self) -> bool:
        """Whether a file without a whole report is empty or starts as a journal does."""
        self._file.seek(0)
        start = self._file.read(len(START))
        return START.startswith(start)
