"""What a class found hard: for each question who failed it, and what the mistakes looked like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from checks.report.summary import Summary
from checks.result import Verdict

UNEXPLAINED = "not explained"
# Questions that a wrong gradient or update fails as well, with a name for what is seen there.
CONSEQUENCES = frozenset({"convergence", "vectorised"})


@dataclass(frozen=True)
class Mistake:
    """One kind of mistake and the submissions that show it."""

    pattern: str
    submissions: tuple[Summary, ...]


@dataclass(frozen=True)
class QuestionStatistics:
    """One question over a class.

    asked: how many submissions it was put to.  counts: submissions by verdict.
    mistakes: of those that failed, the commonest first.
    """

    question: str
    asked: int
    counts: Counter[Verdict]
    mistakes: tuple[Mistake, ...]

    def share(self, verdict: Verdict) -> float:
        """The part of the submissions asked that got this verdict, 0 to 1."""
        return self.counts[verdict] / self.asked if self.asked else 0.0


def statistics(
    summaries: Sequence[Summary], questions: Sequence[str]
) -> tuple[QuestionStatistics, ...]:
    """The statistics of every question that was put to anybody, in order."""
    return tuple(
        _of_question(question, [row for row in summaries if question in row.verdicts])
        for question in questions
        if any(question in row.verdicts for row in summaries)
    )


def _of_question(question: str, asked: Sequence[Summary]) -> QuestionStatistics:
    by_pattern: dict[str, list[Summary]] = {}
    for row in asked:
        if question in row.patterns:
            by_pattern.setdefault(row.patterns[question] or UNEXPLAINED, []).append(row)
    return QuestionStatistics(
        question,
        len(asked),
        Counter(row.verdicts[question] for row in asked),
        tuple(
            Mistake(pattern, tuple(rows))
            for pattern, rows in sorted(by_pattern.items(), key=lambda one: (-len(one[1]), one[0]))
        ),
    )


def mistakes(summaries: Sequence[Summary]) -> tuple[Mistake, ...]:
    """Every mistake of a class and who shows it, in whatever questions, the commonest first.

    A submission with failures of which none is explained shows the mistake UNEXPLAINED, the last.
    """
    by_pattern: dict[str, list[Summary]] = {}
    for row in summaries:
        for pattern in patterns(row):
            by_pattern.setdefault(pattern, []).append(row)
    order = sorted(
        by_pattern.items(), key=lambda one: (one[0] == UNEXPLAINED, -len(one[1]), one[0])
    )
    return tuple(Mistake(pattern, tuple(rows)) for pattern, rows in order)


def patterns(row: Summary) -> tuple[str, ...]:
    """The mistakes of one submission, each once.

    What CONSEQUENCES show is told where no other question names the mistake behind it.
    """
    for questions in (row.patterns.keys() - CONSEQUENCES, row.patterns.keys()):
        known = tuple(sorted({row.patterns[name] for name in questions if row.patterns[name]}))
        if known:
            return known
    return (UNEXPLAINED,) if row.failures else ()
