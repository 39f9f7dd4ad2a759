"""What of a student's folder a worker may see: a copy, within bounds, and nothing by a link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.submission import snapshot
from checks.submission.discovery import Submission
from checks.submission.limits import SIZE_CAP
from checks.submission.snapshot import Snapshot

SOURCE = b"def loss(x): return x * x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder with a submission in it."""
    student = tmp_path / "ana"
    student.mkdir()
    (student / "parabola.py").write_bytes(SOURCE)
    return student


def copied(folder: Path, *, alone: bool = False) -> set[str]:
    """The paths of the files that the copy holds."""
    held = Snapshot(Submission("ana", "parabola", str(folder / "parabola.py"), alone=alone))
    try:
        assert held.file.read_bytes() == SOURCE
        return set(_files(held.root))
    finally:
        held.remove()
        assert not held.root.exists()


def _files(root: Path) -> Iterator[str]:
    return (str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())


def test_neighbours_come_along_to_three_folders_below(folder: Path) -> None:
    deepest = folder / "a" / "b" / "c" / "d"
    deepest.mkdir(parents=True)
    for place in (folder, *list(deepest.parents)[:3], deepest):
        (place / "data.txt").write_text("1 2 3")
    assert copied(folder) == {
        *("parabola.py", "data.txt", "a/data.txt", "a/b/data.txt", "a/b/c/data.txt"),
    }


def test_a_file_that_lies_among_others_comes_alone(folder: Path) -> None:
    (folder / "bens.py").write_bytes(SOURCE)
    assert copied(folder, alone=True) == {"parabola.py"}


def test_nothing_hidden_cached_large_or_linked_comes_along(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the solution")
    (folder / "link.txt").symlink_to(secret)
    (folder / "linked").symlink_to(tmp_path)
    (folder / ".hidden").write_text("")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "parabola.pyc").write_text("")
    (folder / "large.txt").write_bytes(bytes(SIZE_CAP + 1))
    os.mkfifo(folder / "pipe")
    assert copied(folder) == {"parabola.py"}


def test_the_number_of_files_has_a_bound(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "FILES_CAP", 3)
    for number in range(5):
        (folder / f"a{number}.txt").write_text("")
    assert copied(folder) == {"parabola.py", "a0.txt", "a1.txt", "a2.txt"}


def test_their_bytes_have_a_bound(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "TOTAL_CAP", 250)
    for number in range(5):
        (folder / f"a{number}.txt").write_bytes(bytes(100))
    assert copied(folder) == {"parabola.py", "a0.txt", "a1.txt"}


def test_what_changes_afterwards_changes_no_copy(folder: Path) -> None:
    held = Snapshot(Submission("ana", "parabola", str(folder / "parabola.py")))
    (folder / "parabola.py").write_text("raise SystemExit")
    assert held.file.read_bytes() == SOURCE
    held.remove()
