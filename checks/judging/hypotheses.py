"""What would have been claimed, had a certain mistake been made: one prediction for each mistake.

Nothing is decided here.  `diagnosis` compares each prediction with the claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from checks.engine.scale import EPS, Array
from checks.judging import patterns
from checks.judging.alternatives import ALTERNATIVES
from checks.judging.factors import FACTORS, SIGN_AND, Size
from checks.judging.hypothesis import (
    ROUNDING,
    Arrays,
    Context,
    Hypothesis,
    number,
    scale,
)
from checks.judging.layouts import by_parameter, by_place, reordered
from checks.judging.patterns import Pattern

# The most decimals that rounding can leave and still be told from rounding errors.
MOST_DECIMALS = 12


def simple(claimed: Arrays, truth: Arrays, error: Arrays, context: Context) -> Iterator[Hypothesis]:
    """Mistakes without an unknown number in them, the simplest first."""
    # Of logits ±z in turn, σ(−z) is also σ(z) in reverse order: people forget the minus.
    first = len(ALTERNATIVES) if context.subject == "prediction" else 1
    yield from by_alternative(ALTERNATIVES[:first], truth, error, context)
    yield from by_factor(truth, error, context)
    yield from by_place(truth, error)
    yield from by_parameter(truth, error)
    yield from reordered(claimed, truth, error)
    yield from by_value(truth, error)
    yield from by_length(claimed, truth, error)
    yield from by_axis(truth, error)
    yield from by_root(truth, error, context)
    yield from by_return(truth, error, context)
    yield from by_alternative(ALTERNATIVES[first:], truth, error, context)
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


def by_value(truth: Arrays, error: Arrays) -> Iterator[Hypothesis]:
    """The right numbers, changed one by one."""

    def entrywise(pattern: Pattern, predicted: Arrays, **more: str) -> Hypothesis:
        return Hypothesis(pattern, predicted, error, words=more)

    yield entrywise(patterns.COMPONENT_ZERO, {n: np.zeros_like(t) for n, t in truth.items()})
    yield entrywise(patterns.ABSOLUTE, {n: np.abs(t) for n, t in truth.items()})
    for decimals in range(MOST_DECIMALS + 1):
        predicted = {n: np.asarray(np.round(t, decimals)) for n, t in truth.items()}
        yield entrywise(patterns.ROUNDED, predicted, n=str(decimals))


def by_length(claimed: Arrays, truth: Arrays, error: Arrays) -> Iterator[Hypothesis]:
    """The gradient divided by its length, or every parameter's by its own."""
    whole = float(np.sqrt(sum(float(np.sum(t**2)) for t in truth.values())))
    lengths = [dict.fromkeys(truth, whole)]
    # A single number of length 1 is a sign, or cut off at 1: it takes a vector to tell.
    if any(value.size > 1 and _of_unit_length(value, error[n]) for n, value in claimed.items()):
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


def _of_unit_length(value: Array, error: Array) -> bool:
    """To the last digit, or as far as a step tells that was subtracted from its parameter."""
    allowed = ROUNDING * EPS + float(np.sqrt(np.sum(error**2)))
    return abs(float(np.sqrt(np.sum(value**2))) - 1) <= allowed


def by_axis(truth: Arrays, error: Arrays) -> Iterator[Hypothesis]:
    """Summed or averaged over an axis of the parameter itself, and repeated along it."""
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


def by_root(truth: Arrays, error: Arrays, context: Context) -> Iterator[Hypothesis]:
    """The square root of a loss."""
    if context.subject == "loss" and all(np.all(t > 0) for t in truth.values()):
        yield Hypothesis(
            patterns.SQUARE_ROOT,
            {n: np.sqrt(t) for n, t in truth.items()},
            {n: e / np.sqrt(truth[n]) for n, e in error.items()},
        )


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
                    name: grown[name] * error[name] + ROUNDING * EPS * scale(value)
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
