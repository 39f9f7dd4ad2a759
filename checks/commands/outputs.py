"""Writes the reports that a command asked for."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.battery import BATTERY
from checks.report.csvfile import write_csv
from checks.report.gradescope import write_gradescope
from checks.report.html import write_html
from checks.report.jsonfile import write_json
from checks.report.markdown import write_markdown
from checks.report.message import Hints
from checks.report.rubric import Rubric
from checks.report.summary import Summary
from checks.result import Report

QUESTIONS = {check.name: check.question for check in BATTERY}


@dataclass(frozen=True)
class Graded:
    """What a run has found; reports() reads them again from the first, one at a time."""

    facts: Mapping[str, str | int]
    summaries: Sequence[Summary]
    reports: Callable[[], Iterable[Report]]
    again: Callable[[Report], str]


def write(chosen: Namespace, graded: Graded) -> bool:
    """Write each report that was asked for; False, and a sentence, where one cannot be.

    One that cannot be written does not keep the others from being written.
    """
    rubric: Rubric = chosen.rubric or Rubric()
    hints = Hints(chosen.hints)

    def html(path: Path) -> None:
        write_html(
            path,
            graded.facts,
            graded.summaries,
            graded.reports(),
            QUESTIONS,
            hints=hints,
            again=graded.again,
            rubric=chosen.rubric,
            anonymous=chosen.audience == "student",
        )

    def gradescope(folder: Path) -> None:
        for number, report in enumerate(graded.reports(), 1):
            write_gradescope(folder, number, report, rubric, hints)

    writers: tuple[tuple[Path | None, Callable[[Path], None]], ...] = (
        (chosen.json, lambda path: write_json(path, graded.facts, graded.reports())),
        (chosen.html, html),
        (chosen.csv, lambda path: write_csv(path, graded.summaries, list(QUESTIONS), rubric)),
        (chosen.markdown, lambda path: write_markdown(path, graded.summaries, list(QUESTIONS))),
        (chosen.gradescope, gradescope),
    )
    written = [_written(path, writer) for path, writer in writers if path is not None]
    return all(written)


def _written(path: Path, writer: Callable[[Path], None]) -> bool:
    try:
        writer(path)
    except OSError as error:
        print(
            f"python -m checks: {path} cannot be written: {error.strerror}; the same command with "
            "--resume writes it without grading again",
            file=sys.stderr,
        )
        return False
    return True
