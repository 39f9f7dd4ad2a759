"""Who answers calls by name, and what an answer is: functions of this process, or a worker."""

from __future__ import annotations

import copy
import time
import tracemalloc
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np

from checks.reading import UnusableError
from checks.result import Problem
from reference.contract import Array

# A step rule takes its parameters, gradient and state as nested containers of these.
Value: TypeAlias = "float | Array | Mapping[str, Any] | list[Any] | tuple[Any, ...] | None"
Arguments: TypeAlias = Mapping[str, Value]

EXCEPTION = "raises an exception"  # the pattern of a problem: the call raised
# Asked of a worker in the place of a function: nothing is called, and the answer is two zeros, as
# long as most.  What it takes is the cost of the way there and back.
NOTHING = ""


@dataclass(frozen=True)
class Answer:
    """What one call gave: a value or the problem that prevented one.

    value: float, int, NumPy scalar or array, or a tuple, list or dict of these.
    changed: the arguments that the call changed in place.
    warnings: as "RuntimeWarning: overflow encountered in exp".
    seconds: time of the call itself, of this thread's processor where the call is made in this
    process, of the wall clock where it is made through a wire.
    peak_bytes: memory traced beyond the start, if asked.
    """

    value: object = None
    problem: Problem | None = None
    changed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    peak_bytes: int | None = None


class Respondent(Protocol):
    """Answers calls by name: in this process (`Local`) or through a worker's wire."""

    @property
    def functions(self) -> frozenset[str]:
        """The contract functions that are there."""

    def ask(
        self,
        function: str,
        fixed: Arguments,
        varying: Sequence[Arguments] = ({},),
        *,
        trace: bool = False,
    ) -> list[Answer]:
        """One answer for each of `varying`, each call with fixed | varying[i] and fresh arrays."""


# Waiting for others is no cost of a call; some systems count processor time too coarsely.
_FINE = time.get_clock_info("thread_time").resolution <= 1e-6
_clock = time.thread_time if _FINE else time.perf_counter


class Local:
    """Functions of this process: the reference, mutants and twins.  Never a submission."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._functions = dict(functions)

    @property
    def functions(self) -> frozenset[str]:
        return frozenset(self._functions)

    def ask(
        self,
        function: str,
        fixed: Arguments,
        varying: Sequence[Arguments] = ({},),
        *,
        trace: bool = False,
    ) -> list[Answer]:
        with (
            warnings.catch_warnings(record=True) as caught,
            np.errstate(all="warn", under="ignore"),
        ):
            warnings.simplefilter("always")
            return [self._call(function, {**fixed, **more}, trace, caught) for more in varying]

    def _call(
        self,
        function: str,
        arguments: Arguments,
        trace: bool,
        caught: list[warnings.WarningMessage],
    ) -> Answer:
        given = {name: fresh(value) for name, value in arguments.items()}
        peak: int | None = None
        caught.clear()
        if trace:
            tracemalloc.start()
        start = _clock()
        try:
            value = self._functions[function](**given)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            observed = f"an exception, {text}"
            return Answer(problem=Problem(function, "a value", observed, pattern=EXCEPTION))
        finally:
            seconds = _clock() - start
            if trace:
                peak = tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
        changed = tuple(name for name, was in arguments.items() if not same(was, given[name]))
        told = tuple(f"{w.category.__name__}: {w.message}" for w in caught)
        return Answer(value, None, changed, told, seconds, peak)


def fresh(value: Value) -> Value:
    """A copy that a call may spoil: arrays, the common case, by their own quick copy."""
    return value.copy() if type(value) is np.ndarray else copy.deepcopy(value)


def same(one: object, other: object) -> bool:
    """Whether two values are equal to the last bit, container by container; NaN equals NaN."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape == other.shape and one.tobytes() == other.tobytes():
            return True  # the common case, ten times quicker
        return np.array_equal(one, other, equal_nan=True)
    if is_dataclass(one):  # the state of a reference step rule
        return same(vars(one), vars(other))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    return one is other or bool(one == other) or (one != one and other != other)


def value_of(answer: Answer) -> object:
    """The answer's value; raises UnusableError with its problem where there is none."""
    if answer.problem is not None:
        raise UnusableError(answer.problem)
    return answer.value


def raised(answer: Answer) -> bool:
    """Whether the call ended in an exception of its own: neither a limit nor a wrong type."""
    return answer.problem is not None and answer.problem.pattern == EXCEPTION
