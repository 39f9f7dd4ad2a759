"""The right numbers in the wrong places: within a parameter, or under another one's name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import numpy as np

from checks.engine.scale import Array
from checks.judging import patterns
from checks.judging.hypothesis import Arrays, Hypothesis
from checks.judging.patterns import Pattern


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


def by_place(truth: Arrays, error: Arrays) -> Iterator[Hypothesis]:
    """The right numbers in the wrong places of their parameter."""
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


def by_parameter(truth: Arrays, error: Arrays) -> Iterator[Hypothesis]:
    """The right numbers under another parameter's name."""
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


def reordered(claimed: Arrays, truth: Arrays, error: Arrays) -> Iterator[Hypothesis]:
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
