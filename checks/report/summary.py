"""One line per submission: what stays in memory when its report has been written away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from checks.report.speed import Speed, speed_of
from checks.result import CheckResult, Report, Verdict

# From the worst on: a question is as good as its worst case.
WORST_FIRST = (Verdict.FAILED, Verdict.UNDECIDED, Verdict.BLOCKED, Verdict.PASSED)


@dataclass(frozen=True)
class Summary:
    """A report in brief.

    verdicts: by question, the worst over its cases.  patterns: by failed question, the mistake
    that its first failure looks like, "" where none is known.  counts: results by verdict.
    planned, run: the numbers of questions put and answered.  likeness: as the report has it.
    speed: beside the reference's, where it was measured.
    """

    subject: str
    model: str
    path: str
    passed: bool
    complete: bool
    planned: int
    run: int
    verdicts: Mapping[str, Verdict]
    patterns: Mapping[str, str]
    counts: Mapping[Verdict, int]
    likeness: tuple[str, ...] = ()
    speed: Speed | None = None

    @property
    def failures(self) -> tuple[str, ...]:
        """The questions that failed, in order."""
        return tuple(check for check, verdict in self.verdicts.items() if verdict is Verdict.FAILED)


def summarise(report: Report) -> Summary:
    """The summary of one report; its questions in the order in which they were planned."""
    by_check: dict[str, list[CheckResult]] = {check: [] for check, _ in report.planned}
    for result in report.results:
        by_check.setdefault(result.check, []).append(result)
    return Summary(
        subject=report.subject,
        model=report.model,
        path=report.path,
        passed=report.passed,
        complete=report.complete,
        planned=len(report.planned),
        run=len(report.results),
        verdicts={check: worst(results) for check, results in by_check.items()},
        patterns={
            check: first_pattern(results)
            for check, results in by_check.items()
            if worst(results) is Verdict.FAILED
        },
        counts=Counter(result.verdict for result in report.results),
        likeness=report.likeness,
        speed=speed_of(report),
    )


def worst(results: list[CheckResult]) -> Verdict:
    """The worst verdict of some results; without any answer BLOCKED, never a pass."""
    verdicts = {result.verdict for result in results}
    return next((verdict for verdict in WORST_FIRST if verdict in verdicts), Verdict.BLOCKED)


def first_pattern(results: list[CheckResult]) -> str:
    """The pattern of the first diagnosed failure, "" where there is none."""
    return next(
        (
            result.diagnosis.pattern
            for result in results
            if result.verdict is Verdict.FAILED and result.diagnosis is not None
        ),
        "",
    )
