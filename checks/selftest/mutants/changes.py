"""What goes wrong with a gradient that was computed right: named changes, combined into mutants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from checks.selftest.mutants.mutant import ENTRIES, Change, Function, Given, Gradient, returned
from reference.contract import Array, Reduction

Ratio = Callable[[Given], float]


def samples(given: Given) -> int:
    """N, or m for a system of equations."""
    return len(given["y"] if "y" in given else given["X"])


def factor(ratio: float | Ratio, *only: str) -> Change:
    """Every component, or only the named ones, multiplied by a number or by ratio(arguments)."""

    def change(gradient: Gradient, given: Given) -> Gradient:
        times = ratio(given) if callable(ratio) else ratio
        return {
            name: times * value if not only or name in only else value
            for name, value in gradient.items()
        }

    return change


def entrywise(function: Callable[[Array], Any], *only: str) -> Change:
    """Every component, or only the named ones, put through a function."""

    def change(gradient: Gradient, given: Given) -> Gradient:
        return {
            name: function(value) if not only or name in only else value
            for name, value in gradient.items()
        }

    return change


def swapped(first: str, second: str) -> Change:
    """Two components returned in each other's place."""
    return lambda gradient, given: {
        **gradient,
        first: gradient[second],
        second: gradient[first],
    }


def copied(source: str, target: str) -> Change:
    """A line copied for the next parameter, and not changed."""
    return lambda gradient, given: {**gradient, target: gradient[source].copy()}


def transposed(value: Array) -> Array:
    """The transpose, its numbers filled into the right shape."""
    return value.T.reshape(value.shape)


def normalised(gradient: Gradient, given: Given) -> Gradient:
    """The direction of the gradient only: length 1 over all components together."""
    length = np.sqrt(sum(np.sum(value**2) for value in gradient.values()))
    return {name: value / length for name, value in gradient.items()}


def regularised(strength: float, *names: str) -> Change:
    """The derivative of a penalty on the named parameters, added."""
    return lambda gradient, given: {
        name: value + strength * given[name] if name in names else value
        for name, value in gradient.items()
    }


def one_entry(name: str, relative: float) -> Change:
    """The last entry of one component off by a relative amount."""

    def change(gradient: Gradient, given: Given) -> Gradient:
        value = gradient[name].copy()
        value[(-1,) * value.ndim] *= 1 + relative
        return {**gradient, name: value}

    return change


def of_rows(of: str, rows: slice) -> Function:
    """The gradient of a loop over some of the samples that still divides by all of them."""
    entry = ENTRIES[of]
    per_sample = {variable.name for variable in entry.data if variable.per_sample}

    def gradient(**given: Any) -> Any:
        kept = {name: value[rows] if name in per_sample else value for name, value in given.items()}
        share = samples(kept) / samples(given) if entry.reduction is Reduction.MEAN else 1.0
        if samples(kept) == 0:
            return returned(entry, {name: 0.0 * given[name] for name in entry.parameter_names})
        part = entry.module.gradient(**kept)
        return tuple(share * p for p in part) if isinstance(part, tuple) else share * part

    return gradient


def difference(of: str, step: float, *, central: bool = False) -> Function:
    """A difference quotient of the documented loss in place of its derivative."""
    entry = ENTRIES[of]

    def gradient(**given: Any) -> Any:
        loss = entry.module.loss

        def slope(name: str) -> Array:
            at = np.array(given[name], dtype=float)
            quotient = np.empty_like(at)
            for index in np.ndindex(at.shape):
                ahead, behind = at.copy(), at.copy()
                ahead[index] += step
                if central:
                    behind[index] -= step
                rise = loss(**{**given, name: ahead}) - loss(**{**given, name: behind})
                quotient[index] = rise / (2 * step if central else step)
            return quotient

        return returned(entry, {name: slope(name) for name in entry.parameter_names})

    return gradient
