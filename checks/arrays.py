"""What anybody's function returned as an array of real numbers, or in words what it is instead."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from checks.reading import UnusableError
from checks.result import Problem

PRECISE = "float32 or float64"  # a difference of two float16 has two digits left, or none


def real_array(value: Any, where: str, expected: str) -> NDArray[Any]:
    """The value as an array of real numbers; raises UnusableError for anything else."""
    if value is None:
        raise UnusableError(
            Problem(where, expected, "None", "does the function end with a return?")
        )
    array = array_of(value)
    if isinstance(array, str):
        raise UnusableError(Problem(where, expected, array))
    if array.dtype.kind not in "fiu":
        observed = f"a value of type {type(value).__name__}"
        if array.dtype.kind in "cb" and array.size:
            observed = {"c": "complex numbers", "b": "truth values"}[array.dtype.kind]
        raise UnusableError(Problem(where, expected, observed))
    if array.dtype == np.float16:
        raise UnusableError(Problem(where, f"{expected} in {PRECISE}", "float16"))
    return array


def array_of(value: Any) -> NDArray[Any] | str:
    """The value as NumPy reads it, or in words what came instead."""
    try:
        array = np.asarray(value)
    except Exception as error:  # a value's own __array__ may raise anything
        kind = type(value).__name__
        return f"a value of type {kind} that NumPy cannot read ({first_line(error)})"
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        return "masked entries"  # whose hidden numbers would be taken for given ones
    return array


def first_line(error: Exception) -> str:
    """What an exception says, in one line; nothing where it cannot even say that."""
    try:
        return next(iter(str(error).splitlines()), "")
    except Exception:  # its own __str__ may raise anything
        return ""
