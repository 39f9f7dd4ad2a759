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
from checks.jacobian import check_vjp
from checks.judging.gradient_check import GradientCheck, refusal
from checks.judging.lines import Judge
from checks.parameters import Parameters, read_point
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
    Verdicts and exceptions as `check_gradient`.
    """
    parameters = read_point(at, gradient)
    shape, count = parameters.parameters[0].shape, len(parameters.at)

    def matrix(point: Any) -> NDArray[Any]:
        answer = real_array(hessian(point), "hessian", f"shape ({count}, {count})")
        if answer.shape not in ((count, count), shape + shape):
            expected = f"shape ({count}, {count})"
            raise UnusableError(Problem("hessian", expected, shape_text(answer.shape)))
        return answer.reshape(count, count)

    def rows(point: Any, upstream: NDArray[np.float64]) -> Any:
        weighted = upstream.ravel() @ matrix(point)
        return weighted.reshape(shape) if shape else float(weighted[0])

    try:
        check = check_vjp(gradient, rows, at, complex_step=complex_step, points=points, seed=seed)
    except UnusableError as unusable:
        return replace(refusal(unusable.problem, parameters.at, seed), subject="hessian")
    check = replace(check, subject="hessian", slope_of="a weighted sum of your gradient")
    columns = [k for k, name in enumerate(parameters.components) if name in check.wrong]
    if check.verdict is not Verdict.FAILED or not columns:
        return check
    claimed = parameters.call(matrix, next(parameters.each(check.at[None, :])))
    return _named(check, _Rows(gradient, parameters), np.asarray(claimed, float), columns)


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


def _named(check: GradientCheck, rows: _Rows, claimed: Array, columns: list[int]) -> GradientCheck:
    """The same failure with its entries named: the slope of each row along each wrong column."""
    wrong: list[tuple[float, int, int, float, float]] = []
    with np.errstate(all="ignore"):
        for column in columns[:SEARCHED]:
            direction = np.eye(len(claimed))[[column]]
            for row, expected in enumerate(claimed):

                def losses(points: Array, row: int = row) -> Array:
                    return rows.losses(row, points)

                # The same generator for every row: the same points, so that few are asked anew.
                place = prepare(losses, check.at[None, :], np.random.default_rng(check.seed))
                lines = Lines.through(place, expected[None, :], direction)
                found = Judge(losses, EPS, None).findings(lines, place)
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
