"""The point at which a question is asked, as people write it; what makes no sense is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from operator import index
from types import FunctionType, MethodType
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from checks.arrays import PRECISE, array_of
from checks.parameters import Parameter, Parameters


class GradientInputError(ValueError):
    """A question that cannot be asked: parameters or a loss that no gradient belongs to."""


def read_point(at: ArrayLike | Mapping[str, ArrayLike], function: Callable[..., Any]) -> Parameters:
    """The point as Parameters; raises GradientInputError with one sentence where it is none.

    A bare array's components take the name of the function's first argument.
    """
    bare = not isinstance(at, Mapping)
    given = {_first_argument(function): at} if bare else dict(cast("Mapping[str, Any]", at))
    parameters, parts, start = [], [], 0
    for name, value in given.items():
        if not isinstance(name, str):
            raise GradientInputError(f"parameters: expected names as keys, got {name!r}")
        array = _parameter(value, name)
        dtype = None if isinstance(value, (float, int)) else array.dtype
        stop = start + array.size
        parameters.append(Parameter(name, slice(start, stop), array.shape, dtype))
        parts.append(array.ravel().astype(np.float64))
        start = stop
    if not start:
        raise GradientInputError("parameters: expected at least one number, got none")
    return Parameters(np.concatenate(parts), tuple(parameters), bare)


def natural(value: Any, name: str) -> int:
    """An option that counts something; raises GradientInputError for anything else."""
    try:
        number = index(value)
    except TypeError:
        number = -1
    if number < 0:
        raise GradientInputError(f"{name}: expected a whole number, 0 or more, got {value!r}")
    return number


def _parameter(value: Any, name: str) -> NDArray[Any]:
    """One parameter as an array of finite floating-point numbers."""
    if type(value) is int:
        try:
            value = float(value)
        except OverflowError:
            value = np.inf
    array = array_of(value)
    if isinstance(array, str):
        raise GradientInputError(f"parameter {name}: expected real numbers, got {array}")
    if array.dtype.kind in "iub":
        raise GradientInputError(
            f"parameter {name}: expected floating-point numbers, got {array.dtype.name}, in which "
            f"no small step can be taken; try {name}.astype(float)"
        )
    if array.dtype.kind != "f":
        named = isinstance(value, (np.ndarray, np.generic)) and array.size
        observed = array.dtype.name if named else f"a value of type {type(value).__name__}"
        raise GradientInputError(f"parameter {name}: expected real numbers, got {observed}")
    if array.dtype == np.float16:
        raise GradientInputError(
            f"parameter {name}: expected {PRECISE}, got float16; try {name}.astype(np.float32)"
        )
    with np.errstate(over="ignore"):  # a longdouble may be beyond float64
        finite = np.isfinite(array.astype(np.float64, copy=False))
    if not finite.all():
        lost = np.argwhere(~finite)
        where = f" at [{', '.join(map(str, lost[0]))}]" if array.ndim else ""
        number = array[tuple(lost[0])]
        raise GradientInputError(f"parameter {name}: expected finite numbers, got {number}{where}")
    return array


def _first_argument(function: Callable[..., Any]) -> str:
    """The name of a function's first argument, or "at" where it has none to show."""
    plain = function.__func__ if isinstance(function, MethodType) else function
    if isinstance(plain, FunctionType) and not plain.__dict__:  # the signature takes longer
        skipped = int(plain is not function)
        if plain.__code__.co_argcount > skipped:
            return plain.__code__.co_varnames[skipped]
    try:
        named = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return "at"
    first = next(iter(named), None)
    fixed = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return first.name if first is not None and first.kind in fixed else "at"
