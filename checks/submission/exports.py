"""How course platforms name what students hand in, read back to (student, file).

Moodle: "Ana Perez_12345_assignsubmission_file_/line.py", or the same before the file's own name.
Canvas: "perezana_LATE_12345_67890_line-1.py".  Blackboard: "hw1_aperez_attempt_2026-…_line.py".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PATTERNS = (
    re.compile(r"(?P<student>[^/]+?)_(?P<number>\d+)_assignsubmission_[a-z]+_(?P<file>.*)"),
    re.compile(r"[^/]*?_(?P<student>[^_/]+)_attempt_[\d-]+_?(?P<number>)(?P<file>.*)"),
    re.compile(r"(?P<student>[^_/]+)(_LATE)?_(?P<number>\d+)_\d+_(?P<file>.+)"),
)
_VERSION = re.compile(r"-\d+(?=\.\w+$)")


@dataclass(frozen=True)
class HandedIn:
    """student: the name that the platform wrote.  number: its own, which tells namesakes apart.

    file: the name that the student gave; empty where the platform made a folder.
    """

    student: str
    number: str
    file: str


def read_name(name: str) -> HandedIn | None:
    """What a platform's name of a file or folder says; None for any other name."""
    for pattern in _PATTERNS:
        found = pattern.fullmatch(name)
        if found is not None:
            student, file = found["student"].strip(), _VERSION.sub("", found["file"])
            if student.strip(".") and (file.strip(".") or not file):
                return HandedIn(student, found["number"], file)
    return None
