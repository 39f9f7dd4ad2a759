"""A second look at diagnoses, over all cases of a question: what one case suggests, others test.

With one or two numbers a coincidence looks like a pattern.  And one mistake shows only across
cases: a divisor that stays the same while the number of samples changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from checks.battery.check import Check
from checks.battery.explain import FACTOR, FACTOR_ERROR
from checks.battery.samples import sample_letter, samples, sizes
from checks.judging.diagnosis import digits
from checks.judging.factors import FACTORS, Size
from checks.judging.patterns import (
    CLIPPED,
    FINITE_DIFFERENCES,
    SIGN_ONLY,
    STATE_LEFT_PERTURBED,
    Pattern,
)
from checks.judging.wording import number
from checks.result import CheckResult, Diagnosis, Verdict
from reference.contract import Case, Entry, Kind, Reduction

FIXED_NUMBER = "fixed number of samples"
# A pattern that one case alone shows is withdrawn where at least this many others contradict it,
# one that a few show where more than these, and at least as many as this, show nothing at all.
CONTRADICTIONS = 2
# Rounding hides these in some cases; where they show, they explain eight digits of all entries.
BY_DIFFERENCES = {FINITE_DIFFERENCES.name, STATE_LEFT_PERTURBED.name}
HALF_WAY = 0.5  # from one whole number to the next
QUESTIONS = ("gradient_own", "gradient_reference", "update", "predict", "loss")


def reconsidered(
    entry: Entry, asked: Sequence[tuple[Check, Case]], results: Sequence[CheckResult]
) -> tuple[CheckResult, ...]:
    """The results with diagnoses that hold over the cases of each question, in the same order."""
    if entry.kind is Kind.STEP_RULE:
        return tuple(results)  # it is asked none of these, and has no data
    lengths = {case.name: sizes(entry, case) for _, case in asked}
    numbers: dict[str, int] = {}
    if entry.reduction is Reduction.MEAN:
        numbers = {case.name: samples(entry, case) for _, case in asked}
    kept = list(results)
    for question in QUESTIONS:
        places = [
            i
            for i, result in enumerate(results)
            if result.check == question and result.verdict is Verdict.FAILED
        ]
        failed = [results[i] for i in places]
        axis = _one_axis(failed, lengths, sample_letter(entry), entry.reduction.value)
        for i, diagnosis in zip(places, axis or _second_look(failed, numbers), strict=True):
            if diagnosis is not results[i].diagnosis:
                hint = diagnosis.hint if diagnosis else ""
                kept[i] = replace(results[i], diagnosis=diagnosis, hint=hint)
    return tuple(kept)


def _second_look(
    failed: Sequence[CheckResult], numbers: Mapping[str, int]
) -> list[Diagnosis | None]:
    divisor = _fixed_divisor(failed, numbers)
    if divisor is not None:
        return [_fixed(result, divisor, numbers) for result in failed]
    counted = Counter(result.diagnosis.pattern for result in failed if result.diagnosis)
    withdrawn = {pattern for pattern in counted if _contradicted(pattern, counted, len(failed))}
    return [
        None if result.diagnosis and result.diagnosis.pattern in withdrawn else result.diagnosis
        for result in failed
    ]


def _contradicted(pattern: str, counted: Mapping[str, int], failed: int) -> bool:
    """Whether the other failures speak against what one or a few of them suggest.

    Where a pattern is the exception and nothing explains the rule, the cases are special: of one
    sample every wrong gradient of a weighted sum is the right one times a factor.
    """
    support, unexplained = counted[pattern], failed - sum(counted.values())
    if CLIPPED.name in counted and SIGN_ONLY.name in counted:
        if pattern == SIGN_ONLY.name:
            return True  # all that a clip leaves of large entries is their sign
        support += counted[SIGN_ONLY.name] * (pattern == CLIPPED.name)
    if support == 1:
        return failed - 1 >= CONTRADICTIONS
    return unexplained > support and pattern not in BY_DIFFERENCES


def _fixed_divisor(failed: Sequence[CheckResult], numbers: Mapping[str, int]) -> int | None:
    """K > 2 where every factor is N/K for one whole K and at least two different N, else None.

    N/factor must be K within its own error, which has to tell K from its neighbours.
    """
    if not numbers or not failed or not all(FACTOR in result.measurements for result in failed):
        return None
    divisors = [numbers[result.case] / result.measurements[FACTOR] for result in failed]
    errors = [
        abs(divisor) * result.measurements[FACTOR_ERROR]
        for divisor, result in zip(divisors, failed, strict=True)
    ]
    whole = round(divisors[0])
    different = len({numbers[result.case] for result in failed})
    same = all(
        abs(divisor - whole) <= error < HALF_WAY
        for divisor, error in zip(divisors, errors, strict=True)
    )
    # K = 1 and 2 are the sum and half the sum in place of the mean, which have names of their own.
    return whole if same and different > 1 and whole > 2 else None


def _one_axis(
    failed: Sequence[CheckResult],
    lengths: Mapping[str, Mapping[str, int]],
    of_samples: str,
    reduction: str,
) -> list[Diagnosis] | None:
    """Every case's diagnosis where the length of one axis explains all factors, else None.

    In a single case that length may be 2, or one less than the number of samples: it takes two
    different lengths to tell.
    """
    if not failed or not all(FACTOR in result.measurements for result in failed):
        return None
    known = [lengths[result.case] for result in failed]
    for factor in FACTORS:
        if factor.size is not Size.OTHER or factor.reduction not in ("", reduction):
            continue
        for letter in (axis for axis in known[0] if axis != of_samples):
            ratios = [factor.ratio(at.get(of_samples, 1), at[letter]) for at in known]
            off = [abs(r.measurements[FACTOR] / q - 1) for r, q in zip(failed, ratios, strict=True)]
            bars = [result.measurements[FACTOR_ERROR] for result in failed]
            close = all(gap <= bar for gap, bar in zip(off, bars, strict=True))
            told = all(at[letter] * bar < HALF_WAY for at, bar in zip(known, bars, strict=True))
            if close and told and len({at[letter] for at in known}) > 1:
                return [
                    _of_axis(factor.pattern, letter, at[letter], ratio, gap)
                    for at, ratio, gap in zip(known, ratios, off, strict=True)
                ]
    return None


def _of_axis(pattern: Pattern, letter: str, n: int, ratio: float, residual: float) -> Diagnosis:
    words = {"letter": letter, "n": str(n), "inverse": number(1 / ratio)}
    sentence = pattern.sentence.format(what="the gradient", residual=digits(residual), **words)
    return Diagnosis(pattern.name, f"looks like {sentence}", ratio, residual, pattern.hint)


def _fixed(result: CheckResult, divisor: int, numbers: Mapping[str, int]) -> Diagnosis:
    factor = numbers[result.case] / divisor
    residual = abs(result.measurements[FACTOR] / factor - 1)
    return Diagnosis(
        FIXED_NUMBER,
        f"looks like a division by {divisor} whatever the number of samples, here "
        f"{numbers[result.case]}: so it is at every case that fails",
        factor,
        residual,
        "divide by len(y)",
    )
