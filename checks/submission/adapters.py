"""The adapter that a run was asked to use: one of the five dialects, or a file of the teacher's.

A file is only read here; it is compiled and run in the worker, beside the submission.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from checks.submission.limits import SIZE_CAP

DIALECTS = ("D0", "D1", "D2", "D3", "D4")


@dataclass(frozen=True)
class Adapter:
    """name: D0 … D4, or the file as the user typed it.  source: its text, empty for a dialect."""

    name: str
    source: str = ""


def read_adapter(given: str) -> Adapter:
    """The adapter of this name or file, at most SIZE_CAP bytes.

    Raises ValueError with one sentence where there is none.
    """
    if given in DIALECTS:
        return Adapter(given)
    expected = f"expected one of {', '.join(DIALECTS)} or a Python file with adapt(module)"
    path = Path(given)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ValueError(f"{expected}, got {given!r}, which is no file")
        if path.stat().st_size > SIZE_CAP:
            raise ValueError(f"{expected}, got {given!r}, which is larger than {SIZE_CAP} bytes")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"{expected}, got {given!r}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{expected}, got {given!r}, which is not in UTF-8") from error
    return Adapter(given, text)
