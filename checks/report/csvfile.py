"""One line per submission for a spreadsheet, which finds no formula in it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from checks.report.files import replacing
from checks.report.plain import plain
from checks.report.rubric import Rubric
from checks.report.summary import Summary

FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def write_csv(
    path: Path, summaries: Sequence[Summary], questions: Sequence[str], rubric: Rubric
) -> None:
    """Columns: submission, model, path, passed, points, of, one for each question, mistakes.

    A question's column has the worst verdict over its cases, and is empty where it does not
    apply.  Text that a spreadsheet would take for a formula starts with an apostrophe.
    """
    with replacing(path) as file:
        writer = csv.writer(file)
        writer.writerow(
            ["submission", "model", "path", "passed", "points", "of", *questions, "mistakes"]
        )
        for row in summaries:
            score = rubric.score(row)
            verdicts = [row.verdicts.get(question) for question in questions]
            mistakes = [
                f"{question}: {pattern}" if pattern else question
                for question, pattern in row.patterns.items()
            ]
            writer.writerow(
                [
                    defused(row.subject),
                    defused(row.model),
                    defused(row.path),
                    "yes" if row.passed else "no",
                    f"{score.points:g}",
                    f"{score.of:g}",
                    *(verdict.value if verdict else "" for verdict in verdicts),
                    defused("; ".join(mistakes)),
                ]
            )


def defused(text: str) -> str:
    """The text on one line, and never a formula."""
    shown = plain(text)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA) else shown
