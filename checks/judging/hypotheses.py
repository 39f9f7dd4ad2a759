"""What would have been claimed, had a certain mistake been made: one prediction for each mistake.

Nothing is decided here.  `diagnosis` compares each prediction with the claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import permutations

import numpy as np

from checks.judging import patterns
from checks.judging.alternatives import ALTERNATIVES
from checks.judging.factors import FACTORS, SIGN_AND, Size
from checks.judging.hypothesis import (
    EPSILON,
    ROUNDING,
    Array,
    Arrays,
    Context,
    Hypothesis,
    number,
    scale,
)
from checks.judging.patterns import Pattern

# The most decimals that rounding can leave and still be told from rounding errors.
MOST_DECIMALS = 12


def simple(claimed: Arrays, truth: Arrays, error: Arrays, context: Context) -> Iterator[Hypothesis]:
    """Mistakes without an unknown number in them, the simplest first."""
    yield from by_alternative(ALTERNATIVES[:1], truth, error, context)
    yield from by_factor(truth, error, context)
    yield from by_layout(claimed, truth, error)
    yield from by_value(claimed, truth, error, context)
    yield from by_return(truth, error, context)
    yield from by_alternative(ALTERNATIVES[1:], truth, error, context)
    yield from by_flipped_factor(truth, error, context)


def scaled(
    pattern: Pattern, factor: float, truth: Arrays, error: Arrays, words: Mapping[str, str]
) -> Hypothesis:
    """The hypothesis claim = factor · truth.

    The error bars shrink with no factor: part of them may be rounding of the claim itself.
    """
    return Hypothesis(
        pattern,
        {name: factor * value for name, value in truth.items()},
        {name: max(1.0, abs(factor)) * value for name, value in error.items()},
        factor=factor,
        words={"factor": number(factor), "inverse": number(1 / factor), **words},
    )


def _factors(context: Context) -> Iterator[tuple[Pattern, float, dict[str, str]]]:
    """Every factor of the table that exists in this context, with the words of its sentence."""
    samples = context.sizes.get(context.samples)
    for factor in FACTORS:
        if factor.reduction and (factor.reduction == "mean") != (context.reduction == "mean"):
            continue
        if factor.size is Size.RATE:
            sizes: list[tuple[str, float]] = []
            if context.learning_rate is not None:
                sizes = [(context.samples, context.learning_rate)]
        elif factor.size is Size.OTHER:
            sizes = [(at, n) for at, n in context.sizes.items() if at != context.samples]
        elif factor.size is Size.SAMPLES:
            sizes = [(context.samples, samples)] if samples is not None else []
        else:
            sizes = [("", 1)]
        for letter, size in sizes:
            ratio = factor.ratio(samples or 1, size)
            if ratio not in (0, 1):
                yield factor.pattern, ratio, {"letter": letter, "n": number(size)}


def by_factor(truth: Arrays, error: Arrays, context: Context) -> Iterator[Hypothesis]:
    """claim = known factor · truth, the same for every entry."""
    for pattern, ratio, words in _factors(context):
        yield scaled(pattern, ratio, truth, error, words)


def by_flipped_factor(truth: Arrays, error: Arrays, context: Context) -> Iterator[Hypothesis]:
    """A wrong sign together with a wrong factor."""
    for pattern, ratio, words in _factors(context):
        both = Pattern(
            SIGN_AND.name.format(name=pattern.name),
            SIGN_AND.sentence.replace("{name}", pattern.name),
            SIGN_AND.hint.replace("{hint}", pattern.hint),
        )
        yield scaled(both, -ratio, truth, error, words)


def _rearranged(array: Array) -> Iterator[tuple[Pattern, Array]]:
    """An array in the wrong orders in which people hand it over."""
    if array.ndim == 2 and min(array.shape) > 1:
        yield patterns.TRANSPOSED, array.T.reshape(array.shape)
        yield patterns.TRANSPOSED, array.reshape(array.shape[::-1]).T
    if array.ndim:
        yield patterns.ROWS_REVERSED, np.flip(array, 0)
    if array.ndim > 1:
        yield patterns.COLUMNS_REVERSED, np.flip(array, -1)
    for axis in range(array.ndim):
        for places in (1, -1):
            yield patterns.SHIFTED, np.roll(array, places, axis)


def by_layout(claimed: Arrays, truth: Arrays, error: Arrays) -> Iterator[Hypothesis]:
    """The right numbers in the wrong places."""
    variants = {name: list(_rearranged(value)) for name, value in truth.items()}
    bars = {name: [bar for _, bar in _rearranged(value)] for name, value in error.items()}
    known = (
        patterns.TRANSPOSED,
        patterns.ROWS_REVERSED,
        patterns.COLUMNS_REVERSED,
        patterns.SHIFTED,
    )
    for pattern in known:
        chosen = {
            name: [(value, bars[name][at]) for at, (p, value) in enumerate(found) if p is pattern]
            for name, found in variants.items()
        }
        for variant in range(max((len(found) for found in chosen.values()), default=0)):
            here = {name: f[variant] for name, f in chosen.items() if len(f) > variant}
            yield Hypothesis(
                pattern,
                {name: value for name, (value, _) in here.items()},
                {name: bar for name, (_, bar) in here.items()},
            )
    same_size = [
        pair for pair in permutations(truth, 2) if truth[pair[0]].size == truth[pair[1]].size
    ]

    def moved(arrays: Arrays, source: str, target: str) -> Array:
        return arrays[source].reshape(truth[target].shape)

    for first, second in same_size:
        yield Hypothesis(
            patterns.COPIED,
            {first: moved(truth, second, first)},
            {first: moved(error, second, first)},
            words={"first": first, "second": second},
        )
    for first, second in same_size:
        yield Hypothesis(
            patterns.SWAPPED,
            {first: moved(truth, second, first), second: moved(truth, first, second)},
            {first: moved(error, second, first), second: moved(error, first, second)},
            words={"first": first, "second": second},
        )
    yield from _reordered(claimed, truth, error)


def _reordered(claimed: Arrays, truth: Arrays, error: Arrays) -> Iterator[Hypothesis]:
    """Each component sorted as the claim is sorted: a permutation nobody has a name for."""
    predicted, bars, decades = {}, {}, 0.0
    for name, value in truth.items():
        place = np.argsort(claimed[name], axis=None)
        order = np.argsort(value, axis=None)
        moved, bar = np.empty(value.size), np.empty(value.size)
        moved[place], bar[place] = value.ravel()[order], error[name].ravel()[order]
        predicted[name], bars[name] = moved.reshape(value.shape), bar.reshape(value.shape)
        decades += float(np.sum(np.log10(np.arange(1, value.size + 1))))
    yield Hypothesis(patterns.REORDERED, predicted, bars, decades=decades)


def by_value(
    claimed: Arrays, truth: Arrays, error: Arrays, context: Context
) -> Iterator[Hypothesis]:
    """The right numbers, changed one by one or divided by something that is known."""

    def entrywise(pattern: Pattern, predicted: Arrays, **more: str) -> Hypothesis:
        return Hypothesis(pattern, predicted, error, words=more)

    yield entrywise(patterns.COMPONENT_ZERO, {n: np.zeros_like(t) for n, t in truth.items()})
    yield entrywise(patterns.ABSOLUTE, {n: np.abs(t) for n, t in truth.items()})
    for decimals in range(MOST_DECIMALS + 1):
        predicted = {n: np.asarray(np.round(t, decimals)) for n, t in truth.items()}
        yield entrywise(patterns.ROUNDED, predicted, n=str(decimals))
    whole = float(np.sqrt(sum(float(np.sum(t**2)) for t in truth.values())))
    lengths = [dict.fromkeys(truth, whole)]
    # A single number of length 1 is a sign, or cut off at 1: it takes a vector to tell.
    if any(value.size > 1 and _of_unit_length(value) for value in claimed.values()):
        lengths += [{name: float(np.sqrt(np.sum(t**2))) for name, t in truth.items()}]
    for length in lengths:
        if all(length.values()):
            yield Hypothesis(
                patterns.NORMALISED,
                {n: t / length[n] for n, t in truth.items()},
                {n: e / length[n] for n, e in error.items()},
                factor=1 / whole if len(set(length.values())) == 1 else None,
                words={"inverse": ", ".join(number(v) for v in dict.fromkeys(length.values()))},
            )
    combine = (
        (patterns.SUMMED_OVER_AXIS, np.sum),
        (patterns.AVERAGED_OVER_AXIS, np.mean),
    )
    for pattern, reduce in combine:
        for axis in range(max(t.ndim for t in truth.values())):
            deep = {n: t for n, t in truth.items() if t.ndim > axis and t.size}
            yield Hypothesis(
                pattern,
                {n: reduce(t, axis=axis, keepdims=True) + 0 * t for n, t in deep.items()},
                {n: reduce(error[n], axis=axis, keepdims=True) + 0 * t for n, t in deep.items()},
                words={"n": str(axis)},
            )
    if context.subject == "loss" and all(np.all(t > 0) for t in truth.values()):
        yield Hypothesis(
            patterns.SQUARE_ROOT,
            {n: np.sqrt(t) for n, t in truth.items()},
            {n: e / np.sqrt(truth[n]) for n, e in error.items()},
        )


def _of_unit_length(value: Array) -> bool:
    return abs(float(np.sqrt(np.sum(value**2))) - 1) <= ROUNDING * EPSILON


def by_return(truth: Arrays, error: Arrays, context: Context) -> Iterator[Hypothesis]:
    """Something else returned: the parameters, or the step in place of where it leads."""
    at, rate = context.parameters, context.learning_rate
    if context.subject not in ("gradient", "step") or not set(at) >= set(truth):
        return
    yield Hypothesis(patterns.PARAMETERS_RETURNED, {n: at[n] for n in truth}, error)
    if rate is None:
        return
    moved = {n: at[n] - rate * t for n, t in truth.items()}
    yield Hypothesis(patterns.NEW_PARAMETERS, moved, error)
    if context.subject == "step":
        added = {n: at[n] / rate + t for n, t in truth.items()}
        yield Hypothesis(patterns.STEP_RETURNED, added, error)


def by_alternative(
    known: tuple[Pattern, ...], truth: Arrays, error: Arrays, context: Context
) -> Iterator[Hypothesis]:
    """The wrong gradients that the caller computed, under the pattern's name with underscores.

    What is behind a blank in the caller's name says where: "sigma_prime_missing at hidden layer 1".
    Where samples are left out or paired wrongly, the mean may be taken over any number of them.
    """
    n = context.sizes.get(context.samples, 0)
    divisors = (1.0, n / (n - 1), (n - 1) / n, 1 / n, float(n)) if n > 1 else (1.0,)
    for pattern, where, computed in _computed(known, context):
        alternative = {k: v for k, v in computed.items() if k in truth}
        grown = {
            name: 1 + scale(value) / (scale(truth[name]) or 1.0)
            for name, value in alternative.items()
        }
        sentence = pattern.sentence.replace("{what}", f"{{what}}, {where},") if where else ""
        for ratio in divisors if pattern.name.endswith((" sample", " broadcast")) else (1.0,):
            yield Hypothesis(
                replace(pattern, sentence=sentence) if where else pattern,
                {name: ratio * value for name, value in alternative.items()},
                {
                    name: grown[name] * error[name] + ROUNDING * EPSILON * scale(value)
                    for name, value in alternative.items()
                },
            )


def _computed(
    known: tuple[Pattern, ...], context: Context
) -> Iterator[tuple[Pattern, str, Arrays]]:
    """Patterns in order, each with where the mistake is and the gradient that it gives."""
    for pattern in known:
        for name, gradient in context.alternatives.items():
            key, _, where = name.partition(" ")
            if key == pattern.name.replace(" ", "_"):
                yield pattern, where, gradient
