"""Mistakes with an unknown number in them, and mistakes of precision: the number is fitted.

A fitted number explains one entry for free, so `Hypothesis.fitted` entries prove nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from checks.engine.scale import EPS, Array
from checks.judging import patterns
from checks.judging.components import component_names
from checks.judging.hypotheses import scaled
from checks.judging.hypothesis import (
    Arrays,
    Context,
    Hypothesis,
    number,
    scale,
)
from checks.judging.patterns import Pattern

# A forward difference at its best step is good to √ε; twenty times that is a poor step.
DIFFERENCE_PRECISION = 20 * float(np.sqrt(EPS))
# Nearer than this to the truth, half of the digits of a bad difference quotient are right.
NEARLY = EPS**0.25
STEPS = (*(10.0**-k for k in range(1, 13)), float(np.sqrt(EPS)), float(np.cbrt(EPS)))
# The powers of ten in which a limit is written: 1e-6 to 1e6.
DECADES = 13
FLOAT32_ROUNDING = float(np.finfo(np.float32).eps)


def together(arrays: Arrays, names: Collection[str]) -> Array:
    """The named arrays as one vector (P,)."""
    return np.concatenate([np.ravel(arrays[name]) for name in arrays if name in names])


def fitted(
    claimed: Arrays, truth: Arrays, error: Arrays, context: Context, wrong: Collection[str]
) -> Iterator[Hypothesis]:
    """Mistakes whose number is taken from the components that are wrong."""
    yield from clipped(claimed, truth, error, wrong)
    yield from regularised(claimed, truth, error, context, wrong)
    yield from block_constant(claimed, truth, error, context, wrong)
    gap, right = together(claimed, wrong), together(truth, wrong)
    factor = float(gap @ right / (right @ right)) if np.any(right) else 0.0
    if factor:
        spread = float(np.max(together(error, wrong))) / scale(right)
        widened = {name: error[name] + spread * np.abs(truth[name]) for name in truth}
        yield replace(scaled(patterns.CONSTANT_FACTOR, factor, truth, widened, {}), fitted=1)


def clipped(
    claimed: Arrays, truth: Arrays, error: Arrays, wrong: Collection[str]
) -> Iterator[Hypothesis]:
    """Entries cut off at ± the largest claimed one, or nothing left of them but the sign.

    An entry anywhere below the limit that is right speaks for a clip.  A limit that a person
    would write, one digit and a power of ten, is no number taken from the claim, only one of nine
    in each power of ten.
    """
    limit = scale(together(claimed, wrong))
    digit = float(f"{limit:.0e}")
    written = abs(limit - digit) <= float(np.max(together(error, wrong)))
    limit = digit if written else limit
    tried = float(np.log10(9 * DECADES)) if written else 0.0
    words = {"factor": number(limit)}
    small = np.abs(together(truth, truth.keys())) < limit
    if np.any(small) and limit:
        cut = {name: np.clip(value, -limit, limit) for name, value in truth.items()}
        yield Hypothesis(
            patterns.CLIPPED, cut, error, fitted=int(not written), decades=tried, words=words
        )
    signs = {name: limit * np.sign(truth[name]) for name in wrong}
    yield Hypothesis(patterns.SIGN_ONLY, signs, error, fitted=1, words=words)


def regularised(
    claimed: Arrays, truth: Arrays, error: Arrays, context: Context, wrong: Collection[str]
) -> Iterator[Hypothesis]:
    """claim = truth + c · parameters in every component that is wrong."""
    if not set(context.parameters) >= set(truth):
        return
    at = together({name: context.parameters[name] for name in truth}, wrong)
    gap = together(claimed, wrong) - together(truth, wrong)
    if not np.any(at):
        return
    factor = float(gap @ at / (at @ at))
    spread = float(np.max(together(error, wrong))) / scale(at)
    yield Hypothesis(
        patterns.REGULARISED,
        {name: truth[name] + factor * context.parameters[name] for name in wrong},
        {name: error[name] + spread * np.abs(context.parameters[name]) for name in wrong},
        fitted=1,
        words={"factor": number(factor)},
    )


def block_constant(
    claimed: Arrays, truth: Arrays, error: Arrays, context: Context, wrong: Collection[str]
) -> Iterator[Hypothesis]:
    """One constant added to a whole block, everything else as good as a finite difference."""
    blunt = {
        name: error[name] + DIFFERENCE_PRECISION * max(scale(value), scale(claimed[name]))
        for name, value in truth.items()
    }
    every = together(truth, truth.keys())
    names = component_names(truth)
    for block in wrong:
        added = float(np.median(claimed[block] - truth[block]))
        if not added:
            continue
        predicted = {**truth, block: truth[block] + added}
        what = f"the {context.subject} of {block}" if len(truth) > 1 else f"the {context.subject}"
        words = {"factor": number(added), "what": what}
        nearest = int(np.argmin(np.abs(every - added)))
        inside = names[nearest].split("[")[0] == block
        if abs(every[nearest] - added) <= np.min(blunt[block]) and not inside:
            yield Hypothesis(
                patterns.STATE_LEFT_PERTURBED,
                predicted,
                blunt,
                decades=float(np.log10(len(names))),
                words={**words, "entry": names[nearest]},
            )
        yield Hypothesis(patterns.BLOCK_CONSTANT, predicted, blunt, fitted=1, words=words)


def precision(
    claimed: Arrays, truth: Arrays, wrong: Collection[str]
) -> tuple[Pattern, dict[str, str], float] | None:
    """A claim near the truth whose digits give away how they came about.

    Returned as (pattern, words, decades of evidence): float32 numbers are recognised by their
    29 zero bits, difference quotients because, multiplied by the step, they are whole multiples
    of the rounding unit of the loss (the difference of two nearby floats is exact, Sterbenz 1974).
    """
    values, right = together(claimed, wrong), together(truth, wrong)
    off = scale(values - right) / (scale(right) or 1.0)
    if off > NEARLY:
        return None
    nonzero = values[values != 0]
    if nonzero.size and np.array_equal(nonzero, nonzero.astype(np.float32)):
        # Zero bits beyond float32's are a coincidence of one in ε_float32 / ε for each entry.
        decades = nonzero.size * float(np.log10(FLOAT32_ROUNDING / EPS))
        return patterns.SINGLE_PRECISION, {}, decades
    best: tuple[float, float] = (0.0, 0.0)
    for step in STEPS:
        for divisor in (step, 2 * step):
            best = max(best, (_whole_multiples(nonzero * divisor), step))
    if best[0] > 0:
        return patterns.FINITE_DIFFERENCES, {"n": f"{best[1]:.2g}"}, best[0]
    return None


def _whole_multiples(quotients: Array) -> float:
    """Decades of evidence that all numbers are whole multiples of one rounding unit.

    The unit is the coarsest power of two that fits.  A multiple r known to 2 ε r is whole by
    chance with probability 4 ε r.
    """
    top = int(np.log2(scale(quotients) or 1.0))
    units = [2.0 ** (top - bits) for bits in range(8, 48)]
    tried = float(np.log10(len(units) * 2 * len(STEPS)))
    for unit in units:
        multiples = np.abs(quotients) / unit
        known = 2 * EPS * multiples
        if np.all(np.abs(multiples - np.rint(multiples)) <= known):
            chance = np.clip(2 * known, EPS, 1.0)
            return float(-np.sum(np.log10(chance))) - tried
    return 0.0
