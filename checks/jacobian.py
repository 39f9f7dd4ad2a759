"""The same question for layers: is this the transposed Jacobian?

For any fixed weights u of the outputs, φ(x) = Σ u · forward(x) has the gradient Jᵀu: what
`backward` claims to return.  So a layer is checked as a loss is, in any output shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from checks.arrays import real_array
from checks.asking import exception
from checks.engine.scale import EPS
from checks.gradient import check_gradient
from checks.judging.gradient_check import GradientCheck, refusal
from checks.judging.verification import REPETITION
from checks.parameters import GradientInputError, Parameters, natural, read_point
from checks.reading import UnusableError, shape_text
from checks.result import Problem, Verdict


def check_vjp(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    inputs: ArrayLike | Mapping[str, ArrayLike],
    *,
    upstream: str = "upstream",
    complex_step: bool = True,
    points: int = 2,
    seed: int = 0,
) -> GradientCheck:
    """Whether `backward` is the vector-Jacobian product of `forward`, for any output shape.

    inputs: one array (forward(x), backward(x, upstream)) or a dict of arrays and numbers
    (forward(**inputs), backward(**inputs, upstream=…)); `upstream` is that argument's name.
    backward returns one gradient per input, as for `check_gradient`.
    Asks, for random weights u of the outputs, whether backward(…, u) is the gradient of
    Σ u · forward(…), which is the adjoint test ⟨u, J v⟩ = ⟨Jᵀu, v⟩ with a numerical J v; and
    whether backward is linear in its upstream.  Verdicts and exceptions as `check_gradient`.
    """
    points, seed = natural(points, "points"), natural(seed, "seed")
    parameters = read_point(inputs, forward)
    shape = _output(forward, parameters).shape
    rng = np.random.default_rng(seed)
    first, second = (
        rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape) for _ in range(2)
    )

    @wraps(forward)  # messages name the components as its arguments
    def weighted(*values: Any, **named: Any) -> Any:
        output = np.asarray(forward(*values, **named))
        if output.shape != shape:
            raise TypeError(
                f"forward returned {shape_text(output.shape)} after {shape_text(shape)}"
            )
        return np.sum(first * output)

    def back(weights: NDArray[np.float64]) -> Callable[..., Any]:
        if parameters.bare:
            return lambda value: backward(value, weights.copy())
        return lambda **named: backward(**named, **{upstream: weights.copy()})

    check = check_gradient(
        weighted, back(first), inputs, complex_step=complex_step, points=points, seed=seed
    )
    check = replace(check, subject="backward", slope_of=f"Σ {upstream} · forward")
    if check.verdict is Verdict.FAILED:
        return check
    problem = _nonlinear(back, first, second, parameters, upstream)
    return (
        check
        if problem is None
        else replace(refusal(problem, parameters.at, seed, check.evaluations), subject="backward")
    )


def _output(forward: Callable[..., Any], parameters: Parameters) -> NDArray[Any]:
    """The output at the point itself."""
    try:
        value = parameters.call(forward, next(parameters.each(parameters.at[None, :])))
    except Exception as error:
        raise GradientInputError(f"forward: expected an array, got {exception(error)}") from error
    try:
        return real_array(value, "forward", "an array")
    except UnusableError as unusable:
        raise GradientInputError(str(unusable.problem)) from unusable


def _nonlinear(
    back: Callable[[NDArray[np.float64]], Callable[..., Any]],
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    parameters: Parameters,
    upstream: str,
) -> Problem | None:
    """What is wrong if backward(2 u + v) is not 2 backward(u) + backward(v)."""

    def asked(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
        values = next(parameters.each(parameters.at[None, :]))
        return parameters.read(parameters.call(back(weights), values), "backward")

    (one, eps), (two, _), (sum_, _) = asked(first), asked(second), asked(2 * first + second)
    gap = np.abs(2 * one + two - sum_)
    size = np.max(np.abs(one)) + np.max(np.abs(two)) + np.max(np.abs(sum_))
    allowed = REPETITION * max(eps, EPS) * np.sqrt(first.size) * size
    if np.all(gap <= allowed):
        return None
    worst = int(np.argmax(gap))
    return Problem(
        "backward",
        f"linear in {upstream}: {2 * one[worst] + two[worst]:.6g} for 2u + v",
        f"{sum_[worst]:.6g} at {parameters.components[worst]}",
        f"every term of a backward pass has {upstream} as a factor, once",
    )
