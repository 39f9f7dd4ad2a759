"""What a run prints: header, one block per submission, comparison table, closing line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from checks.report.environment import suite_version
from checks.report.likeness import Alike
from checks.report.message import Hints, alike, message
from checks.report.plain import plain
from checks.report.speed import sentence, speed_of
from checks.report.summary import Summary, summarise
from checks.result import CheckResult, Report, Verdict

COUNTED = (Verdict.PASSED, Verdict.FAILED, Verdict.UNDECIDED, Verdict.BLOCKED)
CELLS = {
    Verdict.PASSED: "pass",
    Verdict.FAILED: "FAIL",
    Verdict.UNDECIDED: "?",
    Verdict.BLOCKED: "-",
}
LEGEND = "pass  FAIL  ? undecided  - could not be asked  (blank: does not apply)"


def header(environment: Mapping[str, str | int], submissions: int, planned: int) -> str:
    """Versions, isolation tier, seed and what was planned, in two lines."""
    things = "1 submission" if submissions == 1 else f"{submissions} submissions"
    return (
        f"gradproof {suite_version()}: Python {environment['python']}, NumPy "
        f"{environment['numpy']}, SciPy {environment['scipy']}, {environment['system']} "
        f"{environment['machine']}\n"
        f"isolation {environment['isolation']}, seed {environment['seed']}, "
        f"{things}, {planned} checks planned"
    )


def block(report: Report, hints: Hints, again: str) -> str:
    """One submission: a line with its counts, its failures, and what could not be asked."""
    failed = [result for result in report.results if result.verdict is Verdict.FAILED]
    open_ends = [
        result
        for result in report.results
        if result.verdict not in (Verdict.PASSED, Verdict.FAILED)
    ]
    parts = [plain(f"{_who(report)}: {_counts(report)}")]
    parts += [f"  note       {plain(note)}" for note in report.notes]
    parts += [
        "\n" + message(first, hints, f"{again} --only={first.check}", also)
        for first, *also in alike(failed)
    ]
    if open_ends:
        parts.append(("\n" if failed else "") + _unanswered(open_ends))
    speed = speed_of(report)
    if speed is not None:
        parts.append(f"  speed      {sentence(speed)}")
    remarks = _remarks(report)
    if remarks:
        parts.append(remarks)
    return "\n".join(parts)


def _who(report: Report) -> str:
    return " · ".join(part for part in (report.subject, report.model, report.path) if part)


def _counts(report: Report) -> str:
    summary = summarise(report)
    told = [
        f"{summary.counts[verdict]} {verdict.value}"
        for verdict in COUNTED
        if summary.counts.get(verdict)
    ]
    if not report.complete:
        told.append(f"INCOMPLETE: planned {summary.planned}, run {summary.run}")
    return ", ".join(told) or "nothing was asked"


def _unanswered(results: Sequence[CheckResult]) -> str:
    """Questions without a verdict, grouped by the reason; how many cases of each."""
    groups: dict[tuple[Verdict, str], Counter[str]] = {}
    for result in results:
        why = (result.verdict, result.observed)
        groups.setdefault(why, Counter())[result.check] += 1
    return "\n".join(
        f"  {verdict.value:<10} {_listed(checks)}: {plain(why)}"
        for (verdict, why), checks in groups.items()
    )


def _listed(checks: Counter[str]) -> str:
    return ", ".join(
        check if count == 1 else f"{check} ({count} cases)" for check, count in checks.items()
    )


def _remarks(report: Report) -> str:
    """Remarks of results that did not fail, each once (a failure's message has its own)."""
    told = dict.fromkeys(
        remark
        for result in report.results
        if result.verdict is not Verdict.FAILED
        for remark in result.remarks
        if remark not in {result.observed for result in report.results}
    )
    return "\n".join(f"  remark     {plain(remark)}" for remark in told)


def comparison(summaries: Sequence[Summary], questions: Sequence[str]) -> str:
    """Submissions × questions, the worst verdict of each, and what the cells mean."""
    asked = [name for name in questions if any(name in row.verdicts for row in summaries)]
    headings = [name.partition("_")[::2] for name in asked]
    table = [
        ["", "", *(first for first, _ in headings)],
        ["submission", "model", *(second for _, second in headings)],
        *(
            [
                plain(row.subject, 24),
                row.model,
                *(CELLS[row.verdicts[name]] if name in row.verdicts else "" for name in asked),
            ]
            for row in summaries
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    ]
    return "\n".join([*lines, LEGEND])


def similar(groups: Sequence[Alike]) -> str:
    """A line for each group of submissions that are the same program, or nearly; "" for none."""
    return "\n".join(
        f"{'the same' if group.same else 'nearly the same'} {group.model} but for names and layout"
        f": {plain(', '.join(row.subject for row in group.submissions))}"
        for group in groups
    )


def closing(summaries: Sequence[Summary]) -> str:
    """How many passed, and that everything planned was run."""
    planned = sum(row.planned for row in summaries)
    run = sum(row.run for row in summaries)
    right = sum(row.passed for row in summaries)
    return f"{right} of {len(summaries)} passed; planned {planned}, run {run}"
