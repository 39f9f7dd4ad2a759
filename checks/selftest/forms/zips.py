"""Zips made for a test, and what is found in them."""

from __future__ import annotations

import warnings
import zipfile

from checks.submission.discovery import discover

SOURCE = "def loss(X, y, w, b): return 0.0\n"


def zipped(name: str, entries: dict[str, str | bytes], *, kind: int = 0) -> str:
    """Write a zip with these entries, all of this kind of file; its name."""
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for entry, data in entries.items():
            info = zipfile.ZipInfo(entry)
            info.external_attr = kind << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, data)
    return name


def gradable(path: str, model: str | None = None) -> list[tuple[str, str, str]]:
    """Name, model and path of every submission that can be graded."""
    return [(s.name, s.model, s.path) for s in discover([path], model) if s.problem is None]


def refusals(path: str) -> list[str]:
    """Why each of the others cannot be."""
    return [str(s.problem) for s in discover([path]) if s.problem is not None]
