"""The mistakes that people make in Adam and AdaGrad: what each would have moved, and its name.

The gradients of a case are given, so what a rule moves does not depend on where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from checks.battery.rule_parts import BETAS, GUARD, Rule, adam, guarded, published
from checks.judging.patterns import Pattern
from reference.contract import Array

# What other implementations, and slips of a digit, have in the place of the published constants.
OTHER_BETAS = (
    (0.9, 0.99),
    (0.9, 0.9999),
    (0.9, 0.9),
    (0.9, 0.95),
    (0.95, 0.999),
    (0.99, 0.999),
    (0.8, 0.999),
    (0.5, 0.999),
)
LARGER_GUARDS = tuple(10.0**k for k in range(-6, 1))
DECAYS = (0.9, 0.99, 0.999, 0.95)
STARTS = (0.1, 1.0)


def mistaken_rules(name: str) -> Iterator[tuple[Pattern, Rule]]:
    """Every known mistake in this rule, the simplest first, with the rule that it makes."""
    right = published(name)
    yield from _in_adam(right) if name == "adam" else _in_adagrad(right)
    yield from _in_both(right)


def _said(name: str, sentence: str, hint: str) -> Pattern:
    return Pattern(name, f"the step {sentence}: computed so it agrees to {{residual}}", hint)


def _in_adam(right: Rule) -> Iterator[tuple[Pattern, Rule]]:
    beta1, beta2 = BETAS
    divide = "divide m by 1 - beta1**t and v by 1 - beta2**t, with t = 1 at the first step"
    first_raw = replace(right, numerator=lambda m, g, t: m)
    second_raw = replace(right, size=lambda v, t: v)
    both_raw = replace(first_raw, size=second_raw.size)
    yield _said("no bias correction", "uses both moments uncorrected", divide), both_raw
    yield _said("first moment uncorrected", "uses the first moment uncorrected", divide), first_raw
    yield (
        _said("second moment uncorrected", "uses the second moment uncorrected", divide),
        second_raw,
    )
    yield (
        _said(
            "correction without its power",
            "corrects by 1 − β in the place of 1 − βᵗ, as if every step were the first",
            "keep t in the state and divide by 1 - beta1**t",
        ),
        replace(
            right,
            numerator=lambda m, g, t: m / (1 - beta1),
            size=lambda v, t: v / (1 - beta2),
        ),
    )
    keep = "keep m and v as they are; the corrected ones are for this step alone"
    yield (
        _said("corrected moments kept", "goes on with the corrected moments", keep),
        replace(right, kept=lambda m, v, t: (m / (1 - beta1**t), v / (1 - beta2**t))),
    )
    counting = "count once per step, over all parameters: t = 1 at the first one"
    yield (
        _said("counts one step too many", "counts one step too many", counting),
        replace(right, count=lambda t, place, parameters: t + 1),
    )
    yield (
        _said("counts a step for every parameter", "counts a step for every parameter", counting),
        replace(right, count=lambda t, place, parameters: (t - 1) * parameters + place + 1),
    )
    yield (
        _said("betas exchanged", "has β₁ and β₂ exchanged", "beta1, beta2 = 0.9, 0.999"),
        adam(beta2, beta1),
    )
    for first, second in OTHER_BETAS:
        yield (
            _said(
                "other betas",
                f"has β₁ = {first:g} and β₂ = {second:g} where 0.9 and 0.999 belong",
                "beta1, beta2 = 0.9, 0.999",
            ),
            adam(first, second),
        )
    yield (
        _said("absolute value for the square", "averages |g| where g² belongs", "use g**2"),
        replace(right, second=lambda v, g, m: beta2 * v + (1 - beta2) * np.abs(g)),
    )
    yield (
        _said("square of the moment", "averages m² where g² belongs", "use the gradient: g**2"),
        replace(right, second=lambda v, g, m: beta2 * v + (1 - beta2) * m * m),
    )
    yield (
        _said(
            "one size for all entries",
            "averages g² over the entries of a parameter",
            "every entry has a second moment of its own: no mean, no norm",
        ),
        replace(right, second=lambda v, g, m: beta2 * v + (1 - beta2) * np.mean(g * g)),
    )
    yield (
        _said("weights exchanged", "weighs the old moment with 1 − β and the gradient with β", ""),
        replace(right, first=lambda m, g: (1 - beta1) * m + beta1 * g),
    )
    yield (
        _said("gradient added whole", "adds g in the place of (1 − β₁) g", "(1 - beta1) * g"),
        replace(right, first=lambda m, g: beta1 * m + g),
    )
    yield (
        _said("no first moment", "has the gradient in the place of its moving average", ""),
        replace(right, numerator=lambda m, g, t: g),
    )
    yield (
        _said("not divided", "is not divided by the root of the second moment", "np.sqrt(v)"),
        replace(right, divisor=np.ones_like),
    )
    yield (
        _said("Nesterov's form", "is that of Nadam, which looks one gradient ahead", ""),
        replace(
            right,
            numerator=lambda m, g, t: (
                beta1 * right.numerator(m, g, t) + (1 - beta1) * g / (1 - beta1**t)
            ),
        ),
    )
    yield (
        _said(
            "AMSGrad's form",
            "divides by the largest second moment so far, as AMSGrad does",
            "divide by the second moment of this step",
        ),
        replace(right, largest=True),
    )


def _in_adagrad(right: Rule) -> Iterator[tuple[Pattern, Rule]]:
    adding = "G = state + g**2, and return G as the new state"
    yield (
        _said("sum not kept", "forgets the squares of earlier gradients", adding),
        replace(right, second=lambda v, g, m: g * g),
    )
    yield (
        _said("this gradient missing", "leaves the square of this gradient out of G", adding),
        replace(right, second=lambda v, g, m: v, kept=lambda m, v, t: (m, np.asarray(v + m * m))),
    )
    yield (
        _said("absolute value for the square", "adds up |g| where g² belongs", "use g**2"),
        replace(right, second=lambda v, g, m: v + np.abs(g)),
    )
    for decay in DECAYS:
        yield (
            _said(
                "RMSProp's form",
                f"averages the squares with a decay of {decay:g}, as RMSProp does",
                adding,
            ),
            replace(right, second=_average(decay)),
        )
    for words, combine in (("sum", np.sum), ("mean", np.mean)):
        yield (
            _said(
                "one size for all entries",
                f"has the {words} of g² over the entries of a parameter in the place of g²",
                "every entry has a sum of its own",
            ),
            replace(right, second=_sum_of(combine)),
        )
    for start in STARTS:
        yield (
            _said("other start", f"starts with G = {start:g} where 0 belongs", "start with zeros"),
            replace(right, start=start),
        )
    yield (
        _said("not divided", "is not divided by the root of G", "divide by delta + np.sqrt(G)"),
        replace(right, divisor=np.ones_like),
    )


def _average(decay: float) -> Callable[[Array, Array, Array], Array]:
    return lambda v, g, m: decay * v + (1 - decay) * g * g


def _sum_of(combine: Callable[[Array], float]) -> Callable[[Array, Array, Array], Array]:
    return lambda v, g, m: v + combine(g * g)


def _in_both(right: Rule) -> Iterator[tuple[Pattern, Rule]]:
    yield (
        _said("uphill", "is added where it should be subtracted", "subtract it"),
        replace(right, rate=lambda rate, t: -rate),
    )
    yield (
        _said("root missing", "divides by the mean square itself, not by its root", "np.sqrt"),
        replace(right, divisor=lambda size: size + GUARD),
    )
    yield (
        _said("learning rate twice", "has the learning rate in it twice", "multiply once"),
        replace(right, rate=lambda rate, t: rate * rate),
    )
    yield (
        _said("decaying learning rate", "divides the learning rate by √t as well", ""),
        replace(right, rate=lambda rate, t: rate / float(np.sqrt(t))),
    )
    yield (
        _said(
            "guard missing",
            "has no guard, which makes it 0/0 where every gradient so far was 0",
            f"add {GUARD:g} to the root",
        ),
        replace(right, divisor=np.sqrt),
    )
    for guard in LARGER_GUARDS:
        for where, divisor in guarded(guard):
            yield (
                _said("large guard", f"has a guard of {guard:g} {where}", f"use {GUARD:g}"),
                replace(right, divisor=divisor),
            )
