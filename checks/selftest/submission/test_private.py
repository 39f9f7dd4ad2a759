"""Nothing of a grading process is left in the temporary folder, but for a kill's until the next."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checks.commands.run import INTERRUPTED
from checks.guard import SUITE
from checks.selftest.commands.students import RIGHT, TRUSTED
from checks.submission.private import PREFIX, fresh_folder, own_folder, remove_leftovers

PATIENCE_SECONDS = 60.0
STUDENTS = 4
HOLDING = """
import sys
from checks.submission.private import fresh_folder
print(fresh_folder("submission"), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@contextmanager
def started(temporary: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A Python with that temporary folder, killed in the end if it still runs."""
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=SUITE,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def left(temporary: Path) -> list[str]:
    return sorted(path.name for path in temporary.iterdir())


def awaited(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def swept(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the next process of this user leaves standing."""
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    remove_leftovers()
    return left(temporary)


def test_a_process_takes_its_folder_along(temporary: Path) -> None:
    with started(temporary, "-c", HOLDING) as process:
        assert process.stdout is not None
        made = Path(process.stdout.readline().strip())
        assert made.parent.parent == temporary
        assert made.is_dir()
        process.communicate()
    assert left(temporary) == []


def test_the_next_process_removes_what_a_killed_one_left_and_nothing_of_a_running_one(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(temporary, "-c", HOLDING) as killed, started(temporary, "-c", HOLDING) as running:
        assert killed.stdout is not None
        assert running.stdout is not None
        gone = Path(killed.stdout.readline().strip()).parent
        there = Path(running.stdout.readline().strip()).parent
        killed.kill()
        killed.wait()
        assert gone.is_dir()
        assert swept(temporary, monkeypatch) == [there.name]


def test_other_files_and_links_are_left_alone(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(target)
    (temporary / f"{PREFIX}file").touch()
    (temporary / "theirs").mkdir()
    assert swept(temporary, monkeypatch) == [f"{PREFIX}file", f"{PREFIX}link", "theirs"]
    assert target.is_dir()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_another_users_folder_is_left_alone(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (temporary / f"{PREFIX}theirs").mkdir()
    os.chown(temporary / f"{PREFIX}theirs", 65534, 65534)
    assert swept(temporary, monkeypatch) == [f"{PREFIX}theirs"]


def test_processes_that_begin_at_once_do_not_sweep_each_other_away(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sweeps without a pause, while processes make their folders."""
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    over = threading.Event()

    def sweep() -> None:
        while not over.is_set():
            remove_leftovers()

    sweeping = threading.Thread(target=sweep)
    sweeping.start()
    try:
        for _ in range(STUDENTS):
            with started(temporary, "-c", HOLDING) as process:
                assert process.stdout is not None
                assert Path(process.stdout.readline().strip()).is_dir()
    finally:
        over.set()
        sweeping.join()


def test_the_folder_is_closed_to_listing_and_its_parts_to_all_others() -> None:
    part = fresh_folder("submission")
    try:
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (own_folder(), part)]
    finally:
        part.rmdir()
    assert modes == [0o711, 0o700]


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGKILL], ids=["asked", "killed"])
def test_a_run_that_is_ended_leaves_at_most_one_folder_until_the_next(
    ended_by: signal.Signals, temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes grade beside the one that is ended; they clean up after themselves."""
    for number in range(STUDENTS):
        student = tmp_path / "class" / f"s{number}"
        student.mkdir(parents=True)
        (student / "line.py").write_text("while True: pass" if number > 1 else RIGHT, "utf-8")
    journal = f"--journal={tmp_path / 'journal.jsonl'}"
    command = ["-m", "checks", str(tmp_path / "class"), "--only=loss", "--workers=2", journal]
    with started(temporary, *command, TRUSTED) as run:
        # Each of the two has a copy of a submission open.
        assert awaited(lambda: len(list(temporary.glob(f"{PREFIX}*/submission-*"))) == 2)
        run.send_signal(ended_by)
        run.communicate()
    graders, status = (1, -ended_by) if ended_by is signal.SIGKILL else (0, INTERRUPTED)
    assert run.returncode == status
    assert awaited(lambda: len(left(temporary)) <= graders), left(temporary)
    assert swept(temporary, monkeypatch) == []
