"""Anybody's loss and gradient in the form that a Claim needs, with clear words for bad answers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checks.arrays import first_line, real_array
from checks.engine.complex_step import ComplexLosses
from checks.engine.rungs import BLOCK, CACHED
from checks.engine.scale import EPS, Array
from checks.parameters import Parameters
from checks.point import GradientInputError
from checks.reading import UnusableError, shape_text
from checks.result import Problem

SAME = 64  # roundings that the loss may be off in single precision
# Raised by a function outside its domain (math.log(-1), 1/0, 2.0**5000): no value, as with nan.
OUTSIDE = (ArithmeticError, ValueError)


def read_loss(value: Any) -> float:
    """A loss as a float; raises UnusableError for anything but one real number."""
    if type(value) is float or type(value) is np.float64:
        return float(value)
    array = real_array(value, "loss", "one number")
    if array.ndim == 0:
        return float(array)
    hint = "combine the samples: np.mean(…) or np.sum(…)"
    if array.size == 1:
        hint = "return the number itself: .item()"
    raise UnusableError(
        Problem("loss", "one number", f"an array of {shape_text(array.shape)}", hint)
    )


class Loss:
    """A loss as losses of points (m, P) -> (m,); asked once at the point, where it must answer.

    first: the answer there.  block: see `Rungs.evaluate`.  called: what messages call it.
    Raises GradientInputError where no gradient can belong to it: it raises at the point, returns
    no single number, or changes its parameters in place.  Outside its domain it is nan.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        parameters: Parameters,
        vectorised: bool,
        called: str = "loss",
    ) -> None:
        self.function, self.parameters, self.vectorised = function, parameters, vectorised
        self.called = called
        self.block = BLOCK if vectorised else CACHED
        self.first = self.here()

    def here(self) -> float:
        """The answer at the point itself; GradientInputError names what is wrong with it."""
        point = self.parameters.at[None, :]
        if self.vectorised:
            given = self.parameters.together(point)
        else:
            given = next(self.parameters.each(point))
        kept = kept_of(given)
        try:
            value = self.parameters.call(self.function, given)
            first = float(self._read(value, 1)[0]) if self.vectorised else read_loss(value)
        except UnusableError as unusable:
            raise GradientInputError(sentence(unusable.problem)) from unusable
        except Exception as error:
            raise GradientInputError(
                f"{self.called}: expected a number, got {exception(error)}"
            ) from error
        changed = changed_of(self.parameters, given, kept)
        if changed:
            raise GradientInputError(
                f"{self.called}: expected its parameters to stay as they are, got {changed} "
                "changed in place; try working on a copy"
            )
        return first

    def _read(self, value: Any, count: int) -> Array:
        """The answer of a vectorised loss."""
        losses = real_array(value, "loss", f"shape ({count},)")
        if losses.shape != (count,):
            hint = "with vectorised=True every parameter has an extra leading axis of points"
            expected = f"shape ({count},), one loss for each of {count} points"
            raise UnusableError(Problem("loss", expected, shape_text(losses.shape), hint))
        return np.asarray(losses, dtype=np.float64)

    def in_double(self) -> Loss | None:
        """The same loss of parameters in float64, or None where that makes no difference to it.

        None, too, where it is another loss then: its value differs by more than rounding.
        """
        given = self.parameters
        try:
            double = Loss(self.function, given.in_double(), self.vectorised, self.called)
        except GradientInputError:
            return None
        off, size = abs(double.first - self.first), max(abs(double.first), abs(self.first))
        return double if 0 < off <= SAME * given.eps * size else None

    def __call__(self, points: Array) -> Array:
        try:
            if self.vectorised:
                value = self.parameters.call(self.function, self.parameters.together(points))
                return self._read(value, len(points))
            return np.array(self._each(points))
        except UnusableError as unusable:
            raise GradientInputError(sentence(unusable.problem)) from unusable
        except Exception as error:
            raise GradientInputError(
                f"{self.called}: expected a number, got {exception(error)} at a point nearby"
            ) from error

    def _each(self, points: Array) -> list[float]:
        """The losses one by one; a loop without a call of its own, since losses may be cheap."""
        answers = self.parameters.calls(self.function, points)
        losses = []
        for _ in range(len(points)):
            try:
                value = next(answers)
            except OUTSIDE:
                value = np.nan
            losses.append(value if type(value) is float else read_loss(value))
        return losses

    def complex(self) -> ComplexLosses:
        """The same for complex points; raises where a complex number is not taken."""

        def losses(points: NDArray[np.complex128]) -> NDArray[np.complex128]:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # a discarded imaginary part is only a warning
                if self.vectorised:
                    values = self.parameters.call(self.function, self.parameters.together(points))
                else:
                    values = [
                        self.parameters.call(self.function, each)
                        for each in self.parameters.each(points)
                    ]
            answers: NDArray[np.complex128] = np.asarray(values)
            if answers.shape != (len(points),):
                raise TypeError(f"expected {len(points)} complex losses")
            return answers

        return losses


class Gradient:
    """A gradient as (P,) -> (P,); asked once at the point, where it must answer.

    The points that it is asked at are handed on as they are: they may be spoilt.

    problem: what is wrong with the answer there, or None.  eps: the unit roundoff it came in.
    first: the answer there, which is handed out once.  Outside its domain it is nan.
    called: what messages call it.
    """

    def __init__(
        self, function: Callable[..., Any], parameters: Parameters, called: str = "gradient"
    ) -> None:
        self.function, self.parameters, self.called = function, parameters, called
        self.eps = EPS
        self.first: Array | None = None
        self.problem = self.here()

    def here(self) -> Problem | None:
        """What is wrong with the answer at the point itself, or None."""
        given = next(self.parameters.each(self.parameters.at[None, :]))
        kept = kept_of(given)
        try:
            answer = self.parameters.call(self.function, given)
        except UnusableError as unusable:
            return unusable.problem
        except Exception as error:
            return Problem(self.called, "an answer", exception(error))
        changed = changed_of(self.parameters, given, kept)
        if changed:
            expected = "its parameters to stay as they are"
            observed = f"{changed} changed in place"
            return Problem(self.called, expected, observed, "work on a copy", "argument changed")
        try:
            self.first, eps = self.parameters.read(answer, self.called)
            self.eps = max(eps, self.parameters.eps)
        except UnusableError as unusable:
            return unusable.problem
        return None

    def __call__(self, at: Array) -> Array:
        if self.first is not None and np.array_equal(at, self.parameters.at):
            first, self.first = self.first, None
            return first
        given = next(self.parameters.each(at[None, :], copy=False))
        try:
            return self.parameters.read(self.parameters.call(self.function, given), self.called)[0]
        except OUTSIDE:
            return np.full(len(at), np.nan)
        except UnusableError:
            raise
        except Exception as error:
            observed = f"{exception(error)} at a point nearby"
            raise UnusableError(Problem(self.called, "an answer", observed)) from error


def kept_of(given: tuple[Any, ...]) -> list[bytes]:
    """What is in the arrays among some arguments."""
    return [value.tobytes() if isinstance(value, np.ndarray) else b"" for value in given]


def changed_of(parameters: Parameters, given: tuple[Any, ...], kept: list[bytes]) -> str:
    """The names of the parameters that a call changed in place, or nothing."""
    now = kept_of(given)
    if now == kept:
        return ""
    named = zip(parameters.parameters, now, kept, strict=True)
    return ", ".join(parameter.name for parameter, is_now, was in named if is_now != was)


def exception(error: Exception) -> str:
    """An exception as messages have it."""
    said = first_line(error)
    return f"an exception, {type(error).__name__}" + (f": {said}" if said else "")


def sentence(problem: Problem) -> str:
    """A problem as one sentence, with what to try."""
    return f"{problem}; try: {problem.hint}" if problem.hint else str(problem)
