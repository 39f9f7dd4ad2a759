"""Folders that reports are written into, marked so that the next run takes them for no student."""

from __future__ import annotations

from pathlib import Path

MARK = ".gradproof-reports"
WHY = "gradproof writes reports into this folder; it is not graded unless something is handed in.\n"


def report_folder(path: Path) -> Path:
    """The folder, made and marked; OSError where it cannot be."""
    path.mkdir(parents=True, exist_ok=True)
    (path / MARK).write_text(WHY, "utf-8")
    return path


def is_marked(path: Path) -> bool:
    """Whether reports were written into this folder; anybody may have put the mark there."""
    try:
        return (path / MARK).is_file()
    except OSError:  # a folder that cannot be searched
        return False
