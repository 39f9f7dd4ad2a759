"""What a page shows of one submission: its failures in parts, its cases at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checks.report.curve import Curve, curve
from checks.report.heat import Drawing, drawings
from checks.report.message import GAP, NO_CASE, Hints, alike, parts
from checks.report.plain import plain
from checks.report.speed import sentence
from checks.report.summary import summarise
from checks.result import CheckResult, Report, Verdict

MARKS = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.UNDECIDED: "?",
    Verdict.BLOCKED: "–",
}


@dataclass(frozen=True)
class Square:
    """One case of one question; the title, of one not passed, is what a pointer over it says."""

    verdict: str
    title: str


@dataclass(frozen=True)
class Strip:
    """All cases of one question."""

    question: str
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class Part:
    """One part of a message; value is set where the text says what a value is."""

    label: str
    value: str
    text: str


@dataclass(frozen=True)
class Failure:
    """One kind of failure: the parts of its message, and where in the parameters it sits.

    heat: of the first case that failed; empty, and heat_above true, where it has been drawn.
    """

    headline: str
    looks_like: str
    parts: tuple[Part, ...]
    heat: tuple[Drawing, ...]
    heat_above: bool
    again: str


@dataclass(frozen=True)
class Details:
    """One submission as a page shows it; every text is plain."""

    number: int
    name: str
    model: str
    path: str
    state: str
    mark: str
    counts: str
    notes: tuple[str, ...]
    strip: tuple[Strip, ...]
    strip_text: str
    curve: Curve | None
    speed: str
    failures: tuple[Failure, ...]
    open_ends: tuple[str, ...]
    remarks: tuple[str, ...]


def details(number: int, report: Report, hints: Hints, again: str) -> Details:
    """The details of one report; again: the command that repeats it."""
    failed = [result for result in report.results if result.verdict is Verdict.FAILED]
    summary = summarise(report)
    counts = ", ".join(
        f"{summary.counts[verdict]} {verdict.value}"
        for verdict in MARKS
        if summary.counts.get(verdict)
    )
    verdict = Verdict.PASSED if report.passed else Verdict.FAILED
    return Details(
        number,
        plain(report.subject),
        plain(report.model),
        plain(report.path),
        verdict.value,
        MARKS[verdict],
        counts if report.complete else f"{counts}, incomplete",
        tuple(plain(note) for note in report.notes),
        _strip(report),
        counts,
        curve(report),
        sentence(summary.speed) if summary.speed else "",
        _failures(alike(failed), hints, again),
        _open_ends(report),
        _remarks(report),
    )


def _strip(report: Report) -> tuple[Strip, ...]:
    by_check: dict[str, list[Square]] = {}
    for result in report.results:
        passed = result.verdict is Verdict.PASSED
        title = "" if passed else plain(f"{result.case}: {result.verdict.value}")
        by_check.setdefault(result.check, []).append(Square(result.verdict.value, title))
    return tuple(Strip(check, tuple(squares)) for check, squares in by_check.items())


def _failures(
    groups: Iterable[Sequence[CheckResult]], hints: Hints, again: str
) -> tuple[Failure, ...]:
    shown: list[Failure] = []
    for group in groups:
        one = _failure(group, hints, again)
        if one.heat and any(one.heat == other.heat for other in shown):
            one = replace(one, heat=(), heat_above=True)
        shown.append(one)
    return tuple(shown)


def _failure(group: Sequence[CheckResult], hints: Hints, again: str) -> Failure:
    first, *others = group
    told = [(label, plain(text)) for label, text in parts(first, hints) if text]
    looks_like = " ".join(text for label, text in told if not label)
    if others:
        told.append(("also in", plain(", ".join(other.case for other in others))))
    return Failure(
        plain(first.headline if first.case != NO_CASE else "cannot be graded"),
        looks_like,
        tuple(_part(label, text) for label, text in told if label),
        drawings(first.where),
        False,
        plain(f"{again} --only={first.check}") if again and first.case != NO_CASE else "",
    )


def _part(label: str, text: str) -> Part:
    value, gap, what = text.partition(GAP)
    return Part(label, value, what.strip()) if gap else Part(label, "", text)


def _open_ends(report: Report) -> tuple[str, ...]:
    groups: dict[str, list[CheckResult]] = {}
    for result in report.results:
        if result.verdict in (Verdict.UNDECIDED, Verdict.BLOCKED):
            groups.setdefault(f"{result.verdict.value}: {result.observed}", []).append(result)
    return tuple(
        plain(f"{', '.join(dict.fromkeys(one.check for one in results))} {why}")
        for why, results in groups.items()
    )


def _remarks(report: Report) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            plain(remark)
            for result in report.results
            if result.verdict is not Verdict.FAILED
            for remark in result.remarks
        )
    )
