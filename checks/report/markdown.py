"""The comparison in Markdown, short enough for the job summary of a CI system."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from checks.report.files import replacing
from checks.report.plain import plain
from checks.report.statistics import statistics
from checks.report.summary import Summary
from checks.report.terminal import closing
from checks.result import Verdict

CELLS = {
    Verdict.PASSED: "pass",
    Verdict.FAILED: "**FAIL**",
    Verdict.UNDECIDED: "undecided",
    Verdict.BLOCKED: "not asked",
}
TIME = "time over the reference's"
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def write_markdown(path: Path, summaries: Sequence[Summary], questions: Sequence[str]) -> None:
    """Write `markdown` to a file."""
    with replacing(path) as file:
        file.write(markdown(summaries, questions))


def markdown(summaries: Sequence[Summary], questions: Sequence[str]) -> str:
    """A table of submissions × questions and times, and a list of the commonest mistakes."""
    asked = [name for name in questions if any(name in row.verdicts for row in summaries)]
    timed = [TIME] if any(row.speed for row in summaries) else []
    lines = [
        "# gradproof",
        "",
        escaped(closing(summaries)),
        "",
        _row(["submission", "model", *map(escaped, asked), *timed]),
        _row(["---"] * (len(asked) + 2 + len(timed))),
    ]
    lines += [
        _row(
            [
                escaped(row.subject),
                escaped(row.model),
                *(CELLS[row.verdicts[name]] if name in row.verdicts else "" for name in asked),
                *([_time(row)] if timed else []),
            ]
        )
        for row in summaries
    ]
    mistakes = [
        f"- {escaped(one.question)}: {escaped(mistake.pattern)} ({len(mistake.submissions)})"
        for one in statistics(summaries, questions)
        for mistake in one.mistakes
    ]
    if mistakes:
        lines += ["", "## Mistakes", "", *mistakes]
    return "\n".join(lines) + "\n"


def _time(row: Summary) -> str:
    ratio = row.speed.over_vectorised if row.speed else None
    return escaped(str(ratio)) if ratio and ratio.resolved else ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def escaped(text: str) -> str:
    """The text with every character that Markdown or HTML could act on escaped."""
    return PUNCTUATION.sub(r"\\\1", plain(text)).replace("\\<", "&lt;").replace("\\&", "&amp;")
