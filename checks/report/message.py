"""The message of one failure: five parts, of which the first line alone tells the story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from checks.report.plain import plain
from checks.result import CheckResult, Verdict

CONTRACT = "contract"
NO_CASE = "-"  # of something that no question could be put to
LABEL_WIDTH = 11
GAP = "   "  # between a value and what it is


class Hints(Enum):
    """How much a message gives away; the instructor's choice.

    NONE: expected and observed only.  PATTERN: also what the mistake looks like, and how to keep
    the contract.  FIX: also the line to try.
    """

    NONE = "none"
    PATTERN = "pattern"
    FIX = "fix"


def message(
    result: CheckResult,
    hints: Hints = Hints.PATTERN,
    again: str = "",
    also: Sequence[CheckResult] = (),
) -> str:
    """What a person reads of one failure: headline, expected, observed, looks like, try, again.

    again: the line that reproduces it.  also: results of other cases with the same failure, which
    are named and not repeated.  Every text is made plain, so that no submission writes to the
    terminal of the person who grades it.
    """
    lines = [plain(result.headline)]
    if result.case == NO_CASE:
        lines = [plain(f"{result.subject} cannot be graded")]
    elif result.verdict is not Verdict.FAILED:
        lines[0] += f": {result.verdict.value}"
    lines += [_part(label, text) for label, text in parts(result, hints) if text]
    if also:
        lines.append(_part("also in", _other_cases(result, also)))
    if again and result.case != NO_CASE:
        lines.append(_part("again", again))
    return "\n".join(lines)


def parts(result: CheckResult, hints: Hints) -> Iterable[tuple[str, str]]:
    """Label and text of each part below the headline; the diagnosis has the label ""."""
    expected, observed = aligned(result.expected, result.observed)
    yield "expected", expected
    yield "observed", observed
    if hints is not Hints.NONE and result.diagnosis is not None:
        yield "", result.diagnosis.sentence
    if hints is Hints.FIX or (hints is Hints.PATTERN and result.check == CONTRACT):
        yield "try", line_to_try(result)
    for remark in result.remarks:
        yield "remark", remark


def aligned(expected: str, observed: str) -> tuple[str, str]:
    """Both texts with what follows their values ("value   what it is") in one column."""
    parts = [text.partition(GAP) for text in (expected, observed)]
    if not all(gap for _, gap, _ in parts):
        return expected, observed
    width = max(len(value) for value, _, _ in parts)
    one, other = (f"{value:<{width}}{GAP}{what.strip()}" for value, _, what in parts)
    return one, other


def line_to_try(result: CheckResult) -> str:
    """The hint of the result, or else of its diagnosis."""
    return result.hint or (result.diagnosis.hint if result.diagnosis is not None else "")


def _part(label: str, text: str) -> str:
    return f"  {label:<{LABEL_WIDTH}}{plain(text)}" if label else f"  {plain(text)}"


def _other_cases(result: CheckResult, also: Sequence[CheckResult]) -> str:
    named = [
        other.case + (f" ({other.component})" if other.component != result.component else "")
        for other in also
    ]
    return ("cases " if len(named) > 1 else "case ") + ", ".join(named)


def alike(results: Iterable[CheckResult]) -> list[list[CheckResult]]:
    """The results grouped by what a person would call the same mistake, in order.

    The same mistake is: the same question, and the same diagnosed pattern; without a diagnosis
    the same component and hint.
    """
    groups: dict[tuple[str, ...], list[CheckResult]] = {}
    for result in results:
        if result.diagnosis is not None:
            key: tuple[str, ...] = (result.check, result.diagnosis.pattern)
        else:
            key = (result.check, "", result.component, result.hint)
        groups.setdefault(key, []).append(result)
    return list(groups.values())
