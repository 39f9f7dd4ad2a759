"""Names the mistake behind a wrong claim, or says nothing.

Every hypothesis is tested: the claim is compared with what the mistake would give, entry by
entry, within the error bars of the truth.  A match counts only if it cannot be chance: agreeing
where the claim was off by 10^k error bars has a probability of about 10^−k, these decades add up
over the entries, and they must exceed the number of hypotheses by RARE.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from checks.engine.scale import EPS, Array
from checks.judging import patterns
from checks.judging.components import component_name
from checks.judging.fits import DIFFERENCE_PRECISION, NEARLY, fitted, precision, together
from checks.judging.hypotheses import simple
from checks.judging.hypothesis import (
    ROUNDING,
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


@dataclass(frozen=True)
class Wrong:
    """A claim that is wrong: all of it by parameter, and the names of what is wrong."""

    claimed: Arrays
    truth: Arrays
    error: Arrays
    context: Context
    names: list[str]

    def residual(self, expected: Arrays, names: Iterable[str]) -> float:
        """The largest distance relative to its component's largest entry."""
        return max(
            scale(self.claimed[name] - expected[name]) / (scale(expected[name]) or 1.0)
            for name in names
        )

    def what(self, names: list[str]) -> str:
        """The thing that is wrong: "the gradient", or "the gradient of b"."""
        subject = f"the {self.context.subject}"
        return subject if len(names) == len(self.truth) else f"{subject} of {', '.join(names)}"


def diagnose(claimed: Arrays, truth: Arrays, error: Arrays, context: Context) -> Diagnosis | None:
    """The simplest mistake that explains every wrong component of a claim, or None.

    claimed, truth, error: arrays by parameter name with the same names and shapes; error is how
    far a right claim may be from the truth, entry by entry.  None where nothing is wrong, and
    where nothing explains it.  A component where the truth is within its error bars tells nothing,
    and a truth that is not finite explains nothing.
    """
    with np.errstate(all="ignore"):
        infinite = [name for name in truth if not np.all(np.isfinite(claimed[name]))]
        if infinite:
            return _not_finite(Wrong(claimed, truth, error, context, infinite))
        if not all(np.all(np.isfinite(part[name])) for part in (truth, error) for name in truth):
            return None
        names = [name for name in truth if np.any(_off(claimed, truth, error, name) > 1)]
        return _explained(Wrong(claimed, truth, error, context, names)) if names else None


def _explained(wrong: Wrong) -> Diagnosis | None:
    given = (wrong.claimed, wrong.truth, wrong.error, wrong.context)
    known = [*simple(*given), *fitted(*given, wrong.names)]
    return _first(known, wrong) or _by_digits(wrong) or _each_its_own(known, wrong) or _where(wrong)


def _allowed(claimed: Array, expected: Array, error: Array) -> Array:
    """How far the claim may be from what is expected."""
    rounding = ROUNDING * EPS * max(scale(claimed), scale(expected))
    return error + rounding + np.finfo(np.float64).tiny


def _off(claimed: Arrays, expected: Arrays, error: Arrays, name: str) -> Array:
    """The distance between claim and expectation in error bars, entry by entry."""
    allowed = _allowed(claimed[name], expected[name], error[name])
    return np.asarray(np.abs(claimed[name] - expected[name]) / allowed)


def _evidence(hypothesis: Hypothesis, wrong: Wrong) -> float | None:
    """The decades by which a match beats chance; None where a wrong component does not match."""
    decades: list[Array] = []
    for name in wrong.names:
        if name not in hypothesis.predicted:
            return None
        claimed, predicted = wrong.claimed[name], hypothesis.predicted[name]
        if np.any(_off(wrong.claimed, hypothesis.predicted, hypothesis.error, name) > 1):
            return None
        allowed = _allowed(claimed, predicted, hypothesis.error[name])
        gone = np.abs(claimed - wrong.truth[name])
        decades.append(np.ravel(np.log10(np.maximum(gone / allowed, 1.0))))
    entries = np.sort(np.concatenate(decades))
    return float(np.sum(entries[: entries.size - hypothesis.fitted])) - hypothesis.decades


def _first(known: list[Hypothesis], wrong: Wrong) -> Diagnosis | None:
    """The first hypothesis that explains the wrong components beyond chance."""
    needed = np.log10(len(known)) + RARE
    for hypothesis in known:
        evidence = _evidence(hypothesis, wrong)
        if evidence is None or evidence < needed:
            continue
        predicted, error = hypothesis.predicted, hypothesis.error
        everywhere = set(predicted) >= set(wrong.truth) and all(
            np.all(_off(wrong.claimed, predicted, error, name) <= 1) for name in wrong.truth
        )
        residual = wrong.residual(predicted, wrong.names)
        what = wrong.what(list(wrong.truth) if everywhere else wrong.names)
        words = {"what": what, "residual": digits(residual), **hypothesis.words}
        return _said(hypothesis.pattern, words, hypothesis.factor, residual)
    return None


def _each_its_own(known: list[Hypothesis], wrong: Wrong) -> Diagnosis | None:
    """A different mistake in each component, every one of them explained."""
    found = []
    for name in wrong.names if len(wrong.names) > 1 else ():
        part = _first(known, replace(wrong, names=[name]))
        if part is None:
            return None
        found.append(part)
    if not found:
        return None
    return Diagnosis(
        pattern=" and ".join(dict.fromkeys(part.pattern for part in found)),
        sentence="; ".join(part.sentence for part in found),
        factor=None,
        residual=max(part.residual for part in found),
        hint=found[0].hint,
    )


def _by_digits(wrong: Wrong) -> Diagnosis | None:
    """float32 or a difference quotient, told by the digits of the claim."""
    found = precision(wrong.claimed, wrong.truth, wrong.names)
    if found is None or found[2] < RARE:
        return None
    pattern, words, _ = found
    residual = wrong.residual(wrong.truth, wrong.names)
    words = {"what": wrong.what(wrong.names), "residual": digits(residual), **words}
    return _said(pattern, words, None, residual)


def _where(wrong: Wrong) -> Diagnosis | None:
    """Where the claim is wrong, if it is right elsewhere, and how little, if it is nearly right."""
    claimed, truth = wrong.claimed, wrong.truth
    off = {name: _off(claimed, truth, wrong.error, name) > 1 for name in truth}
    every = np.concatenate([np.ravel(part) for part in off.values()])
    right = {name: np.where(off[name], truth[name], claimed[name]) for name in truth}
    residual = replace(wrong, claimed=right).residual(truth, truth)
    first, *others = wrong.names
    words = {"residual": digits(residual), "count": str(every.size - 1)}
    if np.sum(every) == 1 and every.size > 2:
        words["entry"] = component_name(first, np.argwhere(off[first])[0])
        return _said(patterns.ONE_ENTRY, words, None, residual)
    what = wrong.what(wrong.names)
    apart = wrong.residual(truth, wrong.names)
    # A value that is off by a little may have anything added to it; a slope hardly ever has.
    slope = wrong.context.subject in ("gradient", "step")
    if apart < (NEARLY if slope else DIFFERENCE_PRECISION):
        said = {"what": what, "residual": digits(apart)}
        return _said(patterns.SMALL_ERROR, said, None, apart)
    if others:
        return None
    table = np.atleast_2d(off[first])
    rows = np.flatnonzero(np.any(table, axis=1))
    if rows.size == 1 and len(table) > 2:
        words["entry"] = f"{rows[0]} of {first}"
        return _said(patterns.ONE_ROW, words, None, residual)
    if len(truth) > 1:
        agreeing = ", ".join(name for name in truth if name != first)
        said = {**words, "what": what, "others": f"that of {agreeing}"}
        return _said(patterns.ONE_COMPONENT, said, None, residual)
    return None


def _not_finite(wrong: Wrong) -> Diagnosis:
    values = together(wrong.claimed, wrong.names)
    words = {
        "what": wrong.what(wrong.names),
        "count": str(int(np.sum(~np.isfinite(values)))),
        "size": str(values.size),
    }
    return _said(patterns.NOT_FINITE, words, None, float("inf"))


def digits(residual: float) -> str:
    """How far two values agree, as a sentence has it: "2e-14" or "the last digit"."""
    return f"{residual:.0e}" if residual >= EPS else "the last digit"


def _said(
    pattern: Pattern, words: dict[str, str], factor: float | None, residual: float
) -> Diagnosis:
    sentence = "looks like " + pattern.sentence.format(**words)
    return Diagnosis(pattern.name, sentence, factor, residual, pattern.hint)
