"""Two submissions of one model side by side: verdicts, accuracy, speed and memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from checks.report.plain import plain
from checks.report.terminal import CELLS, LEGEND
from checks.result import Verdict

NONE = "-"


@dataclass(frozen=True)
class Side:
    """One of the two.

    verdicts: by question, the worst over its cases.  passed: the whole report's verdict.
    digits: by quantity, the correct decimal digits at the worst point; None where nothing could
    be read.  peak_bytes: memory of one gradient beyond its start; None where it failed.
    """

    path: str
    verdicts: Mapping[str, Verdict]
    passed: bool
    digits: Mapping[str, float | None]
    peak_bytes: int | None


@dataclass(frozen=True)
class Speed:
    """How many times as long the first takes as the second: median of pairs, with its interval.

    function: what was called.  size: what it was called at, such as "N = 16384".
    """

    function: str
    size: str
    ratio: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True)
class SideBySide:
    """Both sides, and their speed where both could be timed; else `why` they were not."""

    model: str
    first: Side
    second: Side
    speed: Speed | None
    why: str = ""


def text(one: SideBySide) -> str:
    """A table with a column for each side, then the speed in one sentence."""
    first, second = one.first, one.second
    rows = [("", "first", "second")]
    rows += [
        (question, _cell(first, question), _cell(second, question))
        for question in dict.fromkeys([*first.verdicts, *second.verdicts])
    ]
    rows.append(("passed", _yes(first.passed), _yes(second.passed)))
    rows += [
        (f"digits of {name}", _digits(first.digits[name]), _digits(second.digits[name]))
        for name in first.digits
    ]
    if first.peak_bytes is not None or second.peak_bytes is not None:
        rows.append(("peak memory", _bytes(first.peak_bytes), _bytes(second.peak_bytes)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    who = [f"first   {plain(first.path)}", f"second  {plain(second.path)}"]
    return "\n".join([f"model {one.model}", *who, *lines, LEGEND, _speed(one)])


def _speed(one: SideBySide) -> str:
    speed = one.speed
    if speed is None:
        return f"speed: not compared, {plain(one.why)}"
    if speed.low <= 1 <= speed.high:
        word = "no difference is resolved"
    else:
        word = "the first is faster" if speed.ratio < 1 else "the first is slower"
    if 0 < speed.ratio < inf:
        ratio = f"{speed.ratio:.3g} [{speed.low:.3g}, {speed.high:.3g}]"
    else:  # one of the two takes no time that could be seen
        ratio = f"more than {speed.low:.3g}" if speed.ratio else f"less than {speed.high:.3g}"
    return (
        f"speed: the first's {speed.function} takes {ratio} "
        f"times as long as the second's at {speed.size} "
        f"({speed.pairs} pairs, the way there and back subtracted): {word}"
    )


def _cell(side: Side, question: str) -> str:
    verdict = side.verdicts.get(question)
    return "" if verdict is None else CELLS[verdict]


def _yes(passed: bool) -> str:
    return "yes" if passed else "NO"


def _digits(value: float | None) -> str:
    return NONE if value is None else f"{value:.1f}"


def _bytes(value: int | None) -> str:
    return NONE if value is None else f"{value / 1024:.1f} KiB"
