"""Parameters as people write them, as one vector and back: an array, a number, or both by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import starmap
from operator import methodcaller
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from checks.arrays import real_array
from checks.engine.scale import EPS, Array
from checks.judging.components import component_name
from checks.reading import UnusableError, shape_text
from checks.result import Problem


@lru_cache
def roundoff(dtype: np.dtype[Any]) -> float:
    """Unit roundoff of a floating-point type."""
    return float(np.finfo(dtype).eps)


@dataclass(frozen=True)
class Parameter:
    """One parameter: where it lies in the vector, its shape and dtype; a number has dtype None."""

    name: str
    part: slice
    shape: tuple[int, ...]
    dtype: np.dtype[Any] | None


class Components(Sequence[str]):
    """The name of every component: "w" for a number, "W1[2, 0]" in an array."""

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self.parameters = parameters

    def __len__(self) -> int:
        return int(self.parameters[-1].part.stop)

    @overload
    def __getitem__(self, k: int) -> str: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[str, ...]: ...
    def __getitem__(self, k: int | slice) -> str | tuple[str, ...]:
        if isinstance(k, slice):
            return tuple(self[j] for j in range(len(self))[k])
        k = range(len(self))[k]
        parameter = next(each for each in self.parameters if k < each.part.stop)
        place = np.unravel_index(k - parameter.part.start, parameter.shape)
        return component_name(parameter.name, place)


@dataclass(frozen=True)
class Parameters:
    """The point at which a function is asked.

    at: (P,), all parameters in one row.  bare: it was given as one array or number, which is
    handed over as the first positional argument; else by keyword.
    """

    at: Array
    parameters: tuple[Parameter, ...]
    bare: bool

    @property
    def components(self) -> Components:
        """The name of every component, made when it is needed."""
        return Components(self.parameters)

    @property
    def eps(self) -> float:
        """Unit roundoff of the least precise parameter."""
        given = {each.dtype for each in self.parameters} - {None, np.dtype(np.float64)}
        return max([EPS, *(roundoff(dtype) for dtype in given if dtype is not None)])

    def in_double(self) -> Parameters:
        """The same, handed over in float64."""
        double = np.dtype(np.float64)
        return replace(
            self,
            parameters=tuple(
                each if each.dtype is None else replace(each, dtype=double)
                for each in self.parameters
            ),
        )

    def each(self, points: NDArray[Any], *, copy: bool = True) -> Iterator[tuple[Any, ...]]:
        """The parameters' values at every one of the points (m, P), in order.

        copy: whether every array is one of its own, or part of `points` where it has their type.
        """
        columns = [
            points[:, parameter.part.start].tolist()
            if parameter.dtype is None
            else map(
                methodcaller("astype", _dtype(points, parameter), copy=copy),
                _view(points, parameter),
            )
            for parameter in self.parameters
        ]
        return zip(*columns, strict=True)

    def together(self, points: NDArray[Any]) -> tuple[Any, ...]:
        """The parameters' values at all points (m, P), each with a leading axis of m."""
        return tuple(
            np.ascontiguousarray(_view(points, parameter), _dtype(points, parameter))
            for parameter in self.parameters
        )

    def call(self, function: Callable[..., Any], values: Sequence[Any], *more: Any) -> Any:
        """The function of these values, bound as the parameters were given."""
        if self.bare:
            return function(values[0], *more)
        named = zip(self.parameters, values, strict=True)
        return function(*more, **{parameter.name: value for parameter, value in named})

    def calls(self, function: Callable[..., Any], points: NDArray[Any]) -> Iterator[Any]:
        """The function at every one of the points (m, P), called as each is asked for.

        An iterator that goes on after the function has raised.  The function is given parts of
        `points`, which nobody may need again.
        """
        if self.bare:
            return starmap(function, self.each(points, copy=False))
        names = [parameter.name for parameter in self.parameters]

        def by_name(*values: Any) -> Any:
            return function(**dict(zip(names, values, strict=True)))

        return starmap(by_name, self.each(points, copy=False))

    def by_name(self, vector: Array) -> dict[str, Array]:
        """A vector (P,) cut into one float64 array per parameter."""
        return {
            parameter.name: vector[parameter.part].reshape(parameter.shape)
            for parameter in self.parameters
        }

    def read(self, answer: Any, where: str) -> tuple[Array, float]:
        """A gradient as (P,), with the unit roundoff it came in; raises UnusableError.

        One array or number where the parameters were given as one, else a tuple, a list or a
        dict with one entry per parameter, named as the parameter or "d" + its name.
        """
        entries = [answer] if self.bare else self._entries(answer, where)
        vector, eps = np.empty(len(self.at)), EPS
        for parameter, entry in zip(self.parameters, entries, strict=True):
            what = where if self.bare else f"{where}, component {parameter.name}"
            values = real_array(entry, what, shape_text(parameter.shape))
            if values.shape != parameter.shape:
                hint = "a gradient has the shape of its parameter"
                expected, observed = shape_text(parameter.shape), shape_text(values.shape)
                raise UnusableError(Problem(what, expected, observed, hint, "shape"))
            if values.dtype.kind == "f":
                eps = max(eps, roundoff(values.dtype))
            vector[parameter.part] = values.ravel()
        return vector, eps

    def _entries(self, answer: Any, where: str) -> list[Any]:
        names = [parameter.name for parameter in self.parameters]
        wanted = f"one entry for each of {', '.join(names)}"
        if isinstance(answer, Mapping):
            keys = [name if name in answer else f"d{name}" for name in names]
            missing = [name for name, key in zip(names, keys, strict=True) if key not in answer]
            if missing:
                given = ", ".join(map(str, answer)) or "nothing"
                raise UnusableError(
                    Problem(where, wanted, f"{given}: {', '.join(missing)} missing")
                )
            return [answer[key] for key in keys]
        if isinstance(answer, (tuple, list)) and len(answer) == len(names):
            return list(answer)
        if len(names) == 1 and not isinstance(answer, (tuple, list)):
            return [answer]
        observed = f"{type(answer).__name__}"
        if isinstance(answer, (tuple, list)):
            observed = f"a {observed} of {len(answer)}"
        comma = "," if len(names) == 1 else ""
        raise UnusableError(
            Problem(where, wanted, observed, f"return a tuple ({', '.join(names)}{comma})")
        )


def _view(points: NDArray[Any], parameter: Parameter) -> NDArray[Any]:
    """One parameter at all points (m, P), with a leading axis of m."""
    return points[:, parameter.part].reshape(len(points), *parameter.shape)


def _dtype(points: NDArray[Any], parameter: Parameter) -> np.dtype[Any]:
    """The type in which it is handed over: as it was given, or complex."""
    given = parameter.dtype
    return points.dtype if given is None or points.dtype.kind == "c" else given
