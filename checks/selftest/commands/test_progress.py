"""Does a long run say how far it has come, on a terminal and elsewhere?"""

from __future__ import annotations

import io

import pytest

from checks.commands import progress
from checks.commands.progress import Progress


class Terminal(io.StringIO):
    """Text that is shown to a person."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock whose only entry is the time."""
    now = [1000.0]
    monkeypatch.setattr("checks.commands.progress.time.monotonic", lambda: now[0])
    return now


def test_the_time_left_is_that_of_the_ones_before(clock: list[float]) -> None:
    shown = Terminal()
    told = Progress(4, shown)
    clock[0] += 50.0
    told.step()
    assert shown.getvalue().endswith("1 of 4 graded, 2:30 left")


def test_on_a_terminal_one_line_is_rewritten_and_taken_away(clock: list[float]) -> None:
    shown = Terminal()
    told = Progress(2, shown)
    told.step()
    told.clear()
    assert "\n" not in shown.getvalue()
    assert shown.getvalue().endswith("\r\x1b[K")


def test_elsewhere_a_plain_line_comes_now_and_then(clock: list[float]) -> None:
    shown = io.StringIO()
    told = Progress(100, shown)
    for _ in range(70):
        clock[0] += 1.0
        told.step()
        told.clear()
    lines = shown.getvalue().splitlines()
    assert lines == ["30 of 100 graded, 1:10 left", "60 of 100 graded, 0:40 left"]


def test_a_short_run_elsewhere_says_nothing(clock: list[float]) -> None:
    shown = io.StringIO()
    told = Progress(1, shown)
    clock[0] += progress.SECONDS_BETWEEN_LINES
    told.step()
    assert shown.getvalue() == ""
