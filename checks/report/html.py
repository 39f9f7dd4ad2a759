"""A whole class on one self-contained page: no network, no framework, light and dark."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from checks.report.details import MARKS, details
from checks.report.environment import suite_version
from checks.report.files import replacing
from checks.report.likeness import alike
from checks.report.message import Hints
from checks.report.plain import plain
from checks.report.rubric import Rubric
from checks.report.speed import LIMIT, Speed
from checks.report.statistics import Mistake, QuestionStatistics, mistakes, patterns, statistics
from checks.report.summary import WORST_FIRST, Summary
from checks.result import Report, Verdict

PAGE = Path(__file__).parent / "page"


@dataclass(frozen=True)
class Cell:
    """One question of one submission; order sorts failures before passes before blanks."""

    verdict: str
    mark: str
    pattern: str
    order: int


@dataclass(frozen=True)
class Row:
    """One submission in the grid; words is what a search looks through."""

    number: int
    name: str
    model: str
    state: str
    failed: str
    words: str
    points: str
    of: str
    cells: tuple[Cell, ...]
    speed: Speed | None


@dataclass(frozen=True)
class Card:
    """One question over the class."""

    question: str
    asked: int
    passed: int
    failed: int
    open: int
    mistakes: tuple[Mistake, ...]


def write_html(
    path: Path,
    facts: Mapping[str, str | int],
    summaries: Sequence[Summary],
    reports: Iterable[Report],
    questions: Mapping[str, str],
    *,
    hints: Hints = Hints.PATTERN,
    again: Callable[[Report], str] | None = None,
    rubric: Rubric | None = None,
    anonymous: bool = False,
) -> None:
    """Write the page; reports are taken one at a time, in the order of the summaries.

    questions: the sentence of each question, in order.  again: the command that repeats a report.
    rubric: with it the grid has a column of points.  anonymous: numbers stand for names, and paths
    and commands are left out, so that the page can be shown to the class.

    Everything shown is escaped by the template engine, and the page's own policy lets no other
    style or script act.
    """
    if anonymous:
        summaries = [
            replace(row, subject=f"submission {number}", path="")
            for number, row in enumerate(summaries, 1)
        ]
        reports = (without_name(number, report) for number, report in enumerate(reports, 1))
        again = None
    page = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, finalize=_plain
    ).get_template("page.html.jinja")
    chunks = page.generate(
        **_frame(facts),
        **_counts(summaries),
        **_grid(summaries, questions, rubric),
        groups=alike(summaries),
        details=(
            details(number, report, hints, again(report) if again else "")
            for number, report in enumerate(reports, 1)
        ),
    )
    with replacing(path) as file:
        file.writelines(chunks)


def _frame(facts: Mapping[str, str | int]) -> dict[str, object]:
    """What every page has: who made it, how it looks, and the policy that lets only that act."""
    style, script = (_text(name) for name in ("style.css", "grid.js"))
    return {
        "version": suite_version(),
        "facts": facts,
        "style": style,
        "script": script,
        "style_hash": _policy(style),
        "script_hash": _policy(script),
    }


def _counts(summaries: Sequence[Summary]) -> dict[str, object]:
    """The class in figures, and the mistakes that several may share."""
    answered = (Verdict.PASSED, Verdict.FAILED)
    return {
        "total": len(summaries),
        "passed": sum(row.passed for row in summaries),
        "planned": sum(row.planned for row in summaries),
        "answers": sum(row.counts.get(v, 0) for row in summaries for v in answered),
        "mistakes": mistakes(summaries) if len(summaries) > 1 else (),
    }


def _grid(
    summaries: Sequence[Summary], questions: Mapping[str, str], rubric: Rubric | None
) -> dict[str, object]:
    """The grid of submissions and questions, with a card for each question of several."""
    asked = [name for name in questions if any(name in row.verdicts for row in summaries)]
    counted = statistics(summaries, asked) if len(summaries) > 1 else ()
    return {
        "questions": asked,
        "meanings": questions,
        "timed": any(row.speed for row in summaries),
        "speed_limit": LIMIT,
        "points": rubric is not None,
        "rows": [_row(number, row, asked, rubric) for number, row in enumerate(summaries, 1)],
        "statistics": [_card(one) for one in counted],
    }


def without_name(number: int, report: Report) -> Report:
    """The report with a number for the name, and nothing that tells where the file was."""
    name = f"submission {number}"
    return replace(
        report,
        subject=name,
        path="",
        notes=tuple(note.replace(report.path, "the file") for note in report.notes),
        results=tuple(
            replace(
                result,
                subject=name,
                expected=result.expected.replace(report.path, "the file"),
                observed=result.observed.replace(report.path, "the file"),
            )
            for result in report.results
        ),
    )


def _plain(value: object) -> object:
    """Everything that is put into the page, but for its own style and script."""
    return plain(value, len(value)) if type(value) is str else value


def _text(name: str) -> str:
    return (PAGE / name).read_text("utf-8")


def _policy(text: str) -> str:
    """The digest by which a content security policy knows a style or script."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return f"sha256-{digest}"


def _row(number: int, row: Summary, asked: Sequence[str], rubric: Rubric | None) -> Row:
    score = rubric.score(row) if rubric else None
    named = dict.fromkeys([*patterns(row), *filter(None, row.patterns.values())])
    quoted = " ".join(f'"{pattern}"' for pattern in named)  # found whole, or by a word
    return Row(
        number,
        plain(row.subject),
        plain(row.model),
        "passed" if row.passed else "failed",
        " ".join(row.failures),
        plain(f"{row.subject} {row.model} {row.path} {quoted}").lower(),
        f"{score.points:g}" if score else "",
        f"{score.of:g}" if score else "",
        tuple(_cell(row, question) for question in asked),
        row.speed,
    )


def _cell(row: Summary, question: str) -> Cell:
    verdict = row.verdicts.get(question)
    if verdict is None:
        return Cell("", "", "", len(WORST_FIRST))
    pattern = plain(row.patterns.get(question, ""))
    return Cell(verdict.value, MARKS[verdict], pattern, WORST_FIRST.index(verdict))


def _card(one: QuestionStatistics) -> Card:
    open_ends = one.counts[Verdict.UNDECIDED] + one.counts[Verdict.BLOCKED]
    passed, failed = one.counts[Verdict.PASSED], one.counts[Verdict.FAILED]
    return Card(one.question, one.asked, passed, failed, open_ends, one.mistakes)
