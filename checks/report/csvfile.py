"""One line per submission for a spreadsheet, which finds no formula in it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from checks.report.files import replacing
from checks.report.plain import plain
from checks.report.rubric import Rubric
from checks.report.speed import Ratio, Speed
from checks.report.summary import Summary

FACTS = ("submission", "model", "path", "passed", "points", "of")
OVER = ("time over vectorised", "time over loop")
SPEED = ("timed", *(f"{over}{end}" for over in OVER for end in ("", ", low", ", high")))
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def write_csv(
    path: Path, summaries: Sequence[Summary], questions: Sequence[str], rubric: Rubric
) -> None:
    """Columns: submission, model, path, passed, points, of, one for each question, mistakes; then
    the time of its update over the reference's vectorised one and over its loop, with the interval
    of each (empty where it was not measured; the ratio alone where its interval reaches 0, since
    the time cannot be told from that of the way to the worker).

    A question's column has the worst verdict over its cases, and is empty where it does not
    apply.  Text that a spreadsheet would take for a formula starts with an apostrophe.
    """
    with replacing(path) as file:
        writer = csv.writer(file)
        writer.writerow([*FACTS, *questions, "mistakes", *SPEED])
        writer.writerows(_line(row, questions, rubric) for row in summaries)


def _line(row: Summary, questions: Sequence[str], rubric: Rubric) -> list[str]:
    score = rubric.score(row)
    verdicts = [row.verdicts.get(question) for question in questions]
    mistakes = [
        f"{question}: {pattern}" if pattern else question
        for question, pattern in row.patterns.items()
    ]
    return [
        defused(row.subject),
        defused(row.model),
        defused(row.path),
        "yes" if row.passed else "no",
        f"{score.points:g}",
        f"{score.of:g}",
        *(verdict.value if verdict else "" for verdict in verdicts),
        defused("; ".join(mistakes)),
        *_speed(row.speed),
    ]


def _speed(speed: Speed | None) -> list[str]:
    if speed is None:
        return [""] * len(SPEED)
    ratios = (speed.over_vectorised, speed.over_loop)
    return [speed.function, *(figure for one in ratios for figure in _figures(one))]


def _figures(ratio: Ratio) -> list[str]:
    median = f"{ratio.ratio:.3g}" if ratio.resolved else ""
    return [median, f"{ratio.low:.3g}", f"{ratio.high:.3g}"]


def defused(text: str) -> str:
    """The text on one line, and never a formula."""
    shown = plain(text)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA) else shown
