"""Names the mistake behind a wrong claim, or says nothing.

Every hypothesis is tested: the claim is compared with what the mistake would give, entry by
entry, within the error bars of the truth.  A match counts only if it cannot be chance: agreeing
where the claim was off by 10^k error bars has a probability of about 10^−k, these decades add up
over the entries, and they must exceed the number of hypotheses by RARE.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from checks.judging import patterns
from checks.judging.components import component_name
from checks.judging.fits import DIFFERENCE_PRECISION, NEARLY, fitted, precision, together
from checks.judging.hypotheses import simple
from checks.judging.hypothesis import (
    EPSILON,
    ROUNDING,
    Array,
    Arrays,
    Context,
    Hypothesis,
    scale,
)
from checks.judging.patterns import Pattern
from checks.result import Diagnosis

__all__ = ["Context", "diagnose", "digits"]

# A chance match may happen once in 10^RARE diagnoses.
RARE = 3.0


def diagnose(claimed: Arrays, truth: Arrays, error: Arrays, context: Context) -> Diagnosis | None:
    """The simplest mistake that explains every wrong component of a claim, or None.

    claimed, truth, error: arrays by parameter name with the same names and shapes; error is how
    far a right claim may be from the truth, entry by entry.  None where nothing is wrong, and
    where nothing explains it.  A component where the truth is within its error bars tells nothing,
    and a truth that is not finite explains nothing.
    """
    with np.errstate(all="ignore"):
        return _diagnose(claimed, truth, error, context)


def _diagnose(claimed: Arrays, truth: Arrays, error: Arrays, context: Context) -> Diagnosis | None:
    infinite = [name for name in truth if not np.all(np.isfinite(claimed[name]))]
    if infinite:
        return _not_finite(claimed, context, infinite)
    if not all(np.all(np.isfinite(part[name])) for part in (truth, error) for name in truth):
        return None
    wrong = [name for name in truth if np.any(_off(claimed, truth, error, name) > 1)]
    if not wrong:
        return None
    known = list(simple(claimed, truth, error, context))
    known += fitted(claimed, truth, error, context, wrong)
    whole = _first(known, claimed, truth, error, context, wrong)
    return (
        whole
        or _by_digits(claimed, truth, context, wrong)
        or _each_its_own(known, claimed, truth, error, context, wrong)
        or _where(claimed, truth, error, context, wrong)
    )


def _allowed(claimed: Array, expected: Array, error: Array) -> Array:
    """How far the claim may be from what is expected."""
    rounding = ROUNDING * EPSILON * max(scale(claimed), scale(expected))
    return error + rounding + np.finfo(np.float64).tiny


def _off(claimed: Arrays, expected: Arrays, error: Arrays, name: str) -> Array:
    """The distance between claim and expectation in error bars, entry by entry."""
    allowed = _allowed(claimed[name], expected[name], error[name])
    with np.errstate(invalid="ignore"):  # an infinite claim is infinitely many or NaN
        return np.asarray(np.abs(claimed[name] - expected[name]) / allowed)


def _evidence(
    hypothesis: Hypothesis, claimed: Arrays, truth: Arrays, wrong: Iterable[str]
) -> float | None:
    """The decades by which a match beats chance; None where a wrong component does not match."""
    decades: list[Array] = []
    for name in wrong:
        if name not in hypothesis.predicted:
            return None
        if np.any(_off(claimed, hypothesis.predicted, hypothesis.error, name) > 1):
            return None
        gone = np.abs(claimed[name] - truth[name])
        allowed = _allowed(claimed[name], hypothesis.predicted[name], hypothesis.error[name])
        decades.append(np.ravel(np.log10(np.maximum(gone / allowed, 1.0))))
    entries = np.sort(np.concatenate(decades))
    return float(np.sum(entries[: entries.size - hypothesis.fitted])) - hypothesis.decades


def _first(
    known: list[Hypothesis],
    claimed: Arrays,
    truth: Arrays,
    error: Arrays,
    context: Context,
    wrong: list[str],
) -> Diagnosis | None:
    """The first hypothesis that explains these components beyond chance."""
    needed = np.log10(len(known)) + RARE
    for hypothesis in known:
        evidence = _evidence(hypothesis, claimed, truth, wrong)
        if evidence is None or evidence < needed:
            continue
        everywhere = set(hypothesis.predicted) >= set(truth) and all(
            np.all(_off(claimed, hypothesis.predicted, hypothesis.error, name) <= 1)
            for name in truth
        )
        residual = _residual(claimed, hypothesis.predicted, wrong)
        named = list(truth) if everywhere else wrong
        what = _what(context, named, list(truth))
        words = {"what": what, "residual": digits(residual), **hypothesis.words}
        return _said(hypothesis.pattern, words, hypothesis.factor, residual)
    return None


def _each_its_own(
    known: list[Hypothesis],
    claimed: Arrays,
    truth: Arrays,
    error: Arrays,
    context: Context,
    wrong: list[str],
) -> Diagnosis | None:
    """A different mistake in each component, every one of them explained."""
    found = []
    for name in wrong if len(wrong) > 1 else ():
        part = _first(known, claimed, truth, error, context, [name])
        if part is None:
            return None
        found.append(part)
    if not found:
        return None
    first = found[0]
    return Diagnosis(
        pattern=" and ".join(dict.fromkeys(part.pattern for part in found)),
        sentence="; ".join(part.sentence for part in found),
        factor=None,
        residual=max(part.residual for part in found),
        hint=first.hint,
    )


def _by_digits(
    claimed: Arrays, truth: Arrays, context: Context, wrong: list[str]
) -> Diagnosis | None:
    """float32 or a difference quotient, told by the digits of the claim."""
    found = precision(claimed, truth, wrong)
    if found is None or found[2] < RARE:
        return None
    pattern, words, _ = found
    residual = _residual(claimed, truth, wrong)
    what = _what(context, wrong, list(truth))
    return _said(pattern, {"what": what, "residual": digits(residual), **words}, None, residual)


def _where(
    claimed: Arrays, truth: Arrays, error: Arrays, context: Context, wrong: list[str]
) -> Diagnosis | None:
    """Where the claim is wrong, if it is right elsewhere, and how little, if it is nearly right."""
    off = {name: _off(claimed, truth, error, name) > 1 for name in truth}
    every = np.concatenate([np.ravel(part) for part in off.values()])
    right = {name: np.where(off[name], truth[name], claimed[name]) for name in truth}
    residual = _residual(right, truth, truth)
    first = wrong[0]
    words = {"residual": digits(residual), "count": str(every.size - 1)}
    if np.sum(every) == 1 and every.size > 2:
        words["entry"] = component_name(first, np.argwhere(off[first])[0])
        return _said(patterns.ONE_ENTRY, words, None, residual)
    what = _what(context, wrong, list(truth))
    apart = _residual(claimed, truth, wrong)
    # A value that is off by a little may have anything added to it; a slope hardly ever has.
    if apart < (NEARLY if context.subject in ("gradient", "step") else DIFFERENCE_PRECISION):
        said = {"what": what, "residual": digits(apart)}
        return _said(patterns.SMALL_ERROR, said, None, apart)
    if len(wrong) > 1:
        return None
    table = np.atleast_2d(off[first])
    rows = np.flatnonzero(np.any(table, axis=1))
    if rows.size == 1 and len(table) > 2:
        words["entry"] = f"{rows[0]} of {first}"
        return _said(patterns.ONE_ROW, words, None, residual)
    if len(truth) > 1:
        others = ", ".join(name for name in truth if name not in wrong)
        said = {**words, "what": what, "others": f"that of {others}"}
        return _said(patterns.ONE_COMPONENT, said, None, residual)
    return None


def _not_finite(claimed: Arrays, context: Context, names: list[str]) -> Diagnosis:
    values = together(claimed, names)
    words = {
        "what": _what(context, names, list(claimed)),
        "count": str(int(np.sum(~np.isfinite(values)))),
        "size": str(values.size),
    }
    return _said(patterns.NOT_FINITE, words, None, float("inf"))


def _residual(claimed: Arrays, expected: Arrays, names: Iterable[str]) -> float:
    """The largest distance relative to its component's largest entry."""
    return max(
        scale(claimed[name] - expected[name]) / (scale(expected[name]) or 1.0) for name in names
    )


def digits(residual: float) -> str:
    """How far two values agree, as a sentence has it: "2e-14" or "the last digit"."""
    return f"{residual:.0e}" if residual >= EPSILON else "the last digit"


def _what(context: Context, names: list[str], every: list[str]) -> str:
    """The thing that is wrong: "the gradient", or "the gradient of b"."""
    subject = f"the {context.subject}"
    return subject if len(names) == len(every) else f"{subject} of {', '.join(names)}"


def _said(
    pattern: Pattern, words: dict[str, str], factor: float | None, residual: float
) -> Diagnosis:
    sentence = "looks like " + pattern.sentence.format(**words)
    return Diagnosis(pattern.name, sentence, factor, residual, pattern.hint)
