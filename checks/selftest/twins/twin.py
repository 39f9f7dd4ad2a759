"""What a twin is, and the forms in which one and the same answer may be returned."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from checks.candidate import Candidate
from checks.respondent import Local
from checks.selftest.mutants.mutant import (
    ENTRIES,
    Function,
    Gradient,
    named,
    reference_functions,
    with_gradient,
)
from reference.contract import Entry


@dataclass(frozen=True)
class Twin:
    """One right implementation of the model `of`."""

    name: str
    of: str
    functions: Mapping[str, Function]

    @property
    def candidate(self) -> Candidate:
        """The twin as the battery asks it."""
        return Candidate(self.name, ENTRIES[self.of], Local(self.functions), "twin")


def returning(
    what: str, form: Callable[[Gradient, Entry], Any], *models: str, function: str = "gradient"
) -> tuple[Twin, ...]:
    """The reference's gradient, update or backward returned in another form."""

    def made(of: str) -> Function:
        entry = ENTRIES[of]
        right = reference_functions(of)[function]
        return lambda **given: form(named(entry, right(**given)), entry)

    return tuple(
        Twin(
            f"{of}: {function} as {what}",
            of,
            {**reference_functions(of), function: made(of)},
        )
        for of in models
    )


def only(of: str, *functions: str) -> Twin:
    """The reference with fewer functions: enough to grade by ruling 7."""
    kept = {name: reference_functions(of)[name] for name in functions}
    return Twin(f"{of}: only {' and '.join(functions)}", of, kept)


def written(what: str, of: str, **functions: Function) -> Twin:
    """Functions written another way; an update follows the gradient unless it is given."""
    gradient = functions.get("gradient")
    others = with_gradient(of, gradient) if gradient else reference_functions(of)
    return Twin(f"{of}: {what}", of, {**others, **functions})


def as_dict(values: Gradient, entry: Entry) -> Any:
    """By parameter name."""
    return dict(values)


def as_prefixed_dict(values: Gradient, entry: Entry) -> Any:
    """By d + parameter name."""
    return {f"d{name}": value for name, value in values.items()}


def as_reversed_dict(values: Gradient, entry: Entry) -> Any:
    """By name, in another order."""
    return dict(reversed(values.items()))


def as_list(values: Gradient, entry: Entry) -> Any:
    """A list, one entry per parameter."""
    return list(values.values())


def as_named_tuple(values: Gradient, entry: Entry) -> Any:
    """A named tuple."""
    return namedtuple("Slopes", [f"d{name}" for name in values])(*values.values())


def as_numbers(values: Gradient, entry: Entry) -> Any:
    """Plain Python numbers and lists of them."""
    return tuple(value.tolist() for value in values.values())


def as_one_tuple(values: Gradient, entry: Entry) -> Any:
    """The single parameter in a tuple of one."""
    (value,) = values.values()
    return (value,)


def as_columns_first(values: Gradient, entry: Entry) -> Any:
    """Arrays in Fortran order."""
    return tuple(np.asfortranarray(value).reshape(value.shape) for value in values.values())


def as_views(values: Gradient, entry: Entry) -> Any:
    """Views with strides, as slices of something larger are."""
    return tuple(
        np.repeat(value, 2, axis=-1)[..., ::2] if value.ndim else value for value in values.values()
    )


def as_float64(values: Gradient, entry: Entry) -> Any:
    """NumPy scalars where a parameter is a scalar."""
    return tuple(value[()] for value in values.values())
