"""What a function remembers between its calls: asked again, and asked at moved parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON
from checks.result import Problem
from reference.contract import Array, Case

# Ruling 6: the same question again gives the same answer to 64 ε.
REPEATABLE = 64 * EPSILON
MOVED = 0.75  # by which the parameters are multiplied: elsewhere, of the same sign and size
HALF_THE_DIGITS = EPSILON**0.5
HINT = "compute everything from the arguments: no globals, no cache, no random numbers"
PATTERN = "memory between calls"


def elsewhere(case: Case) -> Case:
    """The same data with every parameter moved, to uncover what is remembered between calls."""
    moved = {name: value * MOVED for name, value in case.parameters.items()}
    return replace(case, parameters=moved)


def differs(function: str, before: Sequence[Array], after: Sequence[Array]) -> Problem | None:
    """The same call twice, others in between: the same answer to 64 ε of its largest entry."""
    for one, other in zip(before, after, strict=True):
        same = _same(one, other)
        if not np.all(same):
            where = np.unravel_index(int(np.argmin(same)), same.shape)
            return Problem(
                function,
                f"the same answer to the same question: {float(one[where]):.6g}",
                f"{float(other[where]):.6g} the second time, with other calls in between",
                HINT,
                PATTERN,
            )
    return None


def recalled(
    function: str,
    first: Sequence[Array],
    second: Sequence[Array],
    case: Case,
    oracle: Oracle,
    right: Callable[[Case], list[Array]],
) -> Problem | None:
    """The answer to an earlier call, given again at other parameters, as a cache by shape does.

    first, second: the answers at the case and elsewhere.  right(case): the reference's answer.

    A function that leaves its parameters out has one answer to both as well.  So the answer must
    be right at this case or at one asked before, to half of the digits of the distance by which
    the right answers at the two places are apart, and these must differ in half of their digits.
    An answer that is right at both places cannot do that, and a wrong one only by accident.
    """
    kept = [k for k, pair in enumerate(zip(first, second, strict=True)) if np.all(_same(*pair))]
    if not kept:
        return None
    here, there = right(case), right(elsewhere(case))
    telling = {
        k: apart
        for k in kept
        if (apart := _largest(here[k] - there[k]))
        > HALF_THE_DIGITS * max(_largest(here[k]), _largest(there[k]))
    }
    for earlier in (case, *oracle.points) if telling else ():
        known = right(earlier)
        for k, apart in telling.items():
            answer = first[k]
            alike = answer.shape == known[k].shape
            if alike and _largest(answer - known[k]) <= HALF_THE_DIGITS * apart:
                where = np.unravel_index(int(np.argmax(np.abs(answer - there[k]))), answer.shape)
                return Problem(
                    function,
                    f"another answer at {MOVED} times the parameters: {there[k][where]:.6g}",
                    f"{answer[where]:.6g}, the answer to an earlier call",
                    HINT,
                    PATTERN,
                )
    return None


def _same(before: Array, after: Array) -> NDArray[np.bool_]:
    """Which entries are the same to 64 ε of the largest."""
    scale = _largest(before[np.isfinite(before)])
    return np.isclose(after, before, rtol=0.0, atol=REPEATABLE * scale, equal_nan=True)


def _largest(values: Array) -> float:
    return float(np.max(np.abs(values), initial=0.0))
