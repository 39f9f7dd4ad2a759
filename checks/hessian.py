"""The same question for second derivatives: is this matrix the Jacobian of the gradient?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from checks.arrays import real_array
from checks.engine.lines import Lines
from checks.engine.place import prepare
from checks.engine.scale import EPS, Array
from checks.jacobian import Layer
from checks.judging.gradient_check import GradientCheck
from checks.judging.lines import Judge
from checks.parameters import Parameters, roundoff
from checks.point import GradientInputError, natural, read_point
from checks.reading import UnusableError, shape_text
from checks.result import Problem, Verdict

SEARCHED = 4  # wrong columns in which the wrong entries are looked for


def check_hessian(
    gradient: Callable[[Any], Any],
    hessian: Callable[[Any], Any],
    at: ArrayLike,
    *,
    complex_step: bool = True,
    points: int = 2,
    seed: int = 0,
) -> GradientCheck:
    """Whether `hessian` is the Jacobian of `gradient`: H[i, j] = ∂ gradient[i] / ∂ at[j].

    at: one array of any shape or a number, P components in C order.  gradient returns that shape;
    hessian returns (P, P), or the shape of `at` twice.  An asymmetric H is wrong, too.
    `GradientCheck.wrong` names entries, "H[1, 3]", of SEARCHED columns at most.
    complex_step, points, seed, verdicts and exceptions as in `check_gradient`.
    """
    points, seed = natural(points, "points"), natural(seed, "seed")
    parameters = read_point(at, gradient)
    if not parameters.bare:
        raise GradientInputError("at: expected one array or a number, got parameters by name")
    shape, count = parameters.parameters[0].shape, len(parameters.at)

    def matrix(point: Any) -> NDArray[Any]:
        answer = real_array(hessian(point), "hessian", f"shape ({count}, {count})")
        if answer.shape not in ((count, count), shape + shape):
            expected = f"shape ({count}, {count})"
            raise UnusableError(Problem("hessian", expected, shape_text(answer.shape)))
        return answer.reshape(count, count)

    def rows(point: Any, upstream: NDArray[np.float64]) -> Any:
        answer = matrix(point)
        with np.errstate(all="ignore"):  # what is not finite is told later
            weighted = upstream.ravel() @ answer
        # The weighted sum of entries that were rounded is no better than they are.
        rounded = answer.dtype if answer.dtype.kind == "f" else weighted.dtype
        return weighted.astype(rounded).reshape(shape)

    layer = Layer(gradient, rows, parameters, "upstream", ("gradient", "hessian"))
    if layer.shape != shape:
        expected, observed = shape_text(shape), shape_text(layer.shape)
        raise GradientInputError(f"gradient: expected {expected}, got {observed}")
    check = layer.check(complex_step=complex_step, points=points, seed=seed)
    check = replace(check, slope_of="a weighted sum of your gradient")
    columns = [k for k, name in enumerate(parameters.components) if name in check.wrong]
    if check.verdict is not Verdict.FAILED or not columns:
        return check
    claimed = parameters.call(matrix, next(parameters.each(check.at[None, :])))
    return _named(check, _Rows(gradient, parameters), claimed, columns)


class _Rows:
    """The gradient's components as losses; what was asked once is not asked again."""

    def __init__(self, gradient: Callable[[Any], Any], parameters: Parameters) -> None:
        self.gradient, self.parameters = gradient, parameters
        self.known: dict[bytes, Array] = {}

    def losses(self, row: int, points: Array) -> Array:
        """One component of the gradient at points (m, P), as (m,)."""
        return np.array([self._at(point)[row] for point in points])

    def _at(self, point: Array) -> Array:
        key = point.tobytes()
        if key not in self.known:
            values = next(self.parameters.each(point[None, :]))
            answer = np.asarray(self.parameters.call(self.gradient, values), dtype=np.float64)
            self.known[key] = answer.ravel()
        return self.known[key]


def _named(
    check: GradientCheck, rows: _Rows, answer: NDArray[Any], columns: list[int]
) -> GradientCheck:
    """The same failure with its entries named: the slope of each row along each wrong column."""
    wrong: list[tuple[float, int, int, float, float]] = []
    claimed = answer.astype(np.float64)
    eps = max(rows.parameters.eps, roundoff(answer.dtype) if answer.dtype.kind == "f" else EPS)
    with np.errstate(all="ignore"):
        for column in columns[:SEARCHED]:
            direction = np.eye(len(claimed))[[column]]
            for row, expected in enumerate(claimed):

                def losses(points: Array, row: int = row) -> Array:
                    return rows.losses(row, points)

                # The same generator for every row: the same points, so that few are asked anew.
                place = prepare(losses, check.at[None, :], np.random.default_rng(check.seed))
                lines = Lines.through(place, expected[None, :], direction)
                found = Judge(losses, eps, None).findings(lines, place)
                if found.wrong[0]:
                    residual, error = float(found.residual[0]), float(found.allowed[0])
                    wrong.append((abs(residual), row, column, residual, error))
    if not wrong:
        return check
    gap, row, column, residual, error = max(wrong)
    return replace(
        check,
        wrong=tuple(f"H[{i}, {j}]" for _, i, j, *_ in sorted(wrong, key=lambda each: each[1:3])),
        more=check.more or len(columns) > SEARCHED,
        component=f"H[{row}, {column}]",
        expected=float(claimed[row, column]) + residual,
        error=error,
        observed=float(claimed[row, column]),
        gap=gap,
        slope_of=f"component {row} of your gradient along component {column}",
    )
