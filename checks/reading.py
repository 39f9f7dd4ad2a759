"""Reads what a function returned by the rulings of the contract; says in one sentence why not.

Only exact types count: float, int, NumPy float64 scalars and arrays, and tuples, lists and dicts
of these.  Anything else is named by its type.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

import numpy as np

from checks.result import Problem
from reference.contract import Array

# The patterns of what was returned, as a class page heads its mistakes with them.
PRECISION = "precision"
SHAPE = "wrong shape"
NOTHING = "nothing returned"
NO_NUMBERS = "no numbers returned"
KEYS = "a dict with other names"
# The share of letters that a misspelt name has in common with the right one: los and loss.
SLIP = 0.75


class UnusableError(Exception):
    """An answer that cannot be read, with the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as people write it: "a scalar" or "shape (3, 2)"."""
    return f"shape {shape}" if shape else "a scalar"


def _number_array(value: object, where: str, expected: str) -> Array:
    """Any exact numeric value as a float64 array; raises UnusableError for the rest."""
    if type(value) in (float, int):
        return np.array(value, dtype=np.float64)
    if type(value) is list:
        parts = [_number_array(part, where, expected) for part in value]
        if len({part.shape for part in parts}) > 1:
            raise UnusableError(Problem(where, expected, "a ragged list", pattern=SHAPE))
        return np.array(parts, dtype=np.float64)
    if isinstance(value, np.generic) or type(value) is np.ndarray:
        array = np.asarray(value)
        if array.dtype == np.float64:
            return array
        if array.dtype.kind in "iu":
            return array.astype(np.float64)
        if array.dtype.kind == "f":
            raise UnusableError(
                Problem(
                    where,
                    f"{expected} in float64",
                    f"{array.dtype.name}",
                    "keep float64 throughout: the data come in float64",
                    PRECISION,
                )
            )
        observed = f"an array of dtype {array.dtype.name}"
        raise UnusableError(Problem(where, expected, observed, pattern=NO_NUMBERS))
    observed, hint, pattern = _kind_of(value), _kind_hint(value), _pattern(value, NO_NUMBERS)
    raise UnusableError(Problem(where, expected, observed, hint, pattern))


def near_miss(function: str, others: Collection[str]) -> str:
    """ "did you mean loss where you have los?", "" where no other name is a slip of this one.

    A slip differs by case or by a letter or two; gradient_b is no slip but the name of a part.
    """
    lower = {other.lower(): other for other in others if function not in other.split("_")}
    close = difflib.get_close_matches(function, lower, 1, SLIP)
    return f"did you mean {function} where you have {lower[close[0]]}?" if close else ""


def _kind_of(value: object) -> str:
    if value is None:
        return "None"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a value of type {type(value).__name__}"


def _kind_hint(value: object) -> str:
    return "does the function end with a return?" if value is None else ""


def _pattern(value: object, otherwise: str) -> str:
    return NOTHING if value is None else otherwise


def read_array(value: object, shape: tuple[int, ...], where: str) -> Array:
    """The value as a float64 array of exactly this shape, or UnusableError."""
    expected = shape_text(shape)
    array = _number_array(value, where, expected)
    if array.shape != shape:
        hint = ""
        if array.size == int(np.prod(shape)) and array.size:
            hint = f"the number of values is right: return it with {expected}"
        raise UnusableError(Problem(where, expected, shape_text(array.shape), hint, SHAPE))
    return array


def read_scalar(value: object, where: str) -> float:
    """A float, an int, a NumPy scalar or a 0-d array; shape (1,) is UnusableError and says so."""
    return float(read_array(value, (), where))


def read_parameters(
    value: object, shapes: Mapping[str, tuple[int, ...]], where: str, prefix: str
) -> dict[str, Array]:
    """One array per parameter, by name, out of a tuple, list or dict (ruling 3).

    A dict has the parameters' names, or `prefix` + name.  With a single parameter the bare value
    counts, and a tuple of one is unwrapped.  Raises UnusableError where that is not what came.
    """
    names = list(shapes)
    if isinstance(value, dict):
        entries = _entries_by_name(value, names, where, prefix)
    elif len(names) == 1:
        entries = {names[0]: _single(value, shapes[names[0]])}
    elif isinstance(value, (tuple, list)) and len(value) == len(names):
        entries = dict(zip(names, value, strict=True))
    else:
        wanted = ", ".join(names if where == "update" else [prefix + name for name in names])
        observed = shape_text(np.shape(value)) if isinstance(value, np.ndarray) else _kind_of(value)
        if isinstance(value, np.ndarray):
            observed = f"one array of {observed}"
        hint = _kind_hint(value) or f"return a tuple: return {wanted}"
        pattern = _pattern(value, SHAPE)
        raise UnusableError(Problem(where, f"({wanted})", observed, hint, pattern))
    return {
        name: read_array(entry, shapes[name], f"{where}, component {name}")
        for name, entry in entries.items()
    }


def _single(value: object, shape: tuple[int, ...]) -> object:
    """The bare value of a single parameter; a tuple or list of one entry is unwrapped."""
    if isinstance(value, tuple) and len(value) == 1:
        return value[0]
    if isinstance(value, list) and len(value) == 1 and np.shape(value[0]) == shape:
        return value[0]
    return list(value) if isinstance(value, tuple) else value


def _entries_by_name(
    value: dict[object, object], names: list[str], where: str, prefix: str
) -> dict[str, object]:
    keys = {str(key) for key in value}
    prefixed = [prefix + name for name in names]
    for wanted in (names, prefixed):
        if keys == set(wanted):
            return {name: value[key] for name, key in zip(names, wanted, strict=True)}
    close = [match for name in names for match in difflib.get_close_matches(name, keys, 1)]
    hint = f"did you mean {', '.join(names)} where you have {', '.join(close)}?" if close else ""
    observed = f"keys {', '.join(sorted(keys))}"
    raise UnusableError(Problem(where, f"a dict of {', '.join(names)}", observed, hint, KEYS))
