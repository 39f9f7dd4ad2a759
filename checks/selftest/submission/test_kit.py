"""What a worker imports from is complete, readable, and removed in the end."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from checks.submission.kit import LEFTOVER_SECONDS, kit, readable_by_all, remove_leftovers


def test_the_kit_holds_numpy_scipy_and_the_worker_and_nothing_else() -> None:
    names = {path.name for path in kit().iterdir()}
    assert {"numpy", "scipy", "worker"} <= names
    assert names <= {"numpy", "scipy", "worker", "numpy.libs", "scipy.libs"}


def test_the_kit_is_readable_whatever_the_umask(tmp_path: Path) -> None:
    part = tmp_path / "worker"
    part.mkdir(0o700)
    (part / "serve.py").touch(0o600)
    readable_by_all(tmp_path)
    assert [p.stat().st_mode & 0o777 for p in (part, part / "serve.py")] == [0o755, 0o644]


def test_the_kit_goes_with_its_process() -> None:
    program = "from checks.submission.kit import kit; print(kit())"
    command = [sys.executable, "-c", program]
    made = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    assert Path(made).name.startswith("gradproof-")
    assert not Path(made).exists()


@pytest.mark.parametrize(
    ("gone", "old", "left"),
    [(True, True, False), (True, False, True), (False, True, True)],
    ids=["killed long ago", "killed just now", "running"],
)
def test_leftovers_of_killed_graders_are_removed(
    gone: bool, old: bool, left: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    folder = tmp_path / f"gradproof-{ended.pid if gone else os.getpid()}-abc"
    folder.mkdir()
    age = LEFTOVER_SECONDS + 60 if old else 0
    os.utime(folder, (folder.stat().st_mtime - age,) * 2)
    remove_leftovers()
    assert left == folder.exists()
