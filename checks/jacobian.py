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
from checks.asking import Gradient, Loss, exception
from checks.engine.scale import EPS
from checks.gradient import asked
from checks.judging.gradient_check import GradientCheck, refusal
from checks.judging.verification import REPETITION
from checks.parameters import Parameters
from checks.point import GradientInputError, natural, read_point
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
    whether backward is linear in its upstream.
    complex_step, points, seed, verdicts and exceptions as in `check_gradient`.
    """
    points, seed = natural(points, "points"), natural(seed, "seed")
    parameters = read_point(inputs, forward)
    if not isinstance(upstream, str) or upstream in (each.name for each in parameters.parameters):
        raise GradientInputError(
            f"upstream: expected a name that no input has, got {upstream!r}; name the argument of "
            "backward that takes the weights"
        )
    layer = Layer(forward, backward, parameters, upstream)
    return layer.check(complex_step=complex_step, points=points, seed=seed)


class Layer:
    """A forward and a backward pass at a point, as a loss and its gradient.

    shape: of the output.  called: what messages call the two functions.
    Raises GradientInputError where forward gives no array of numbers.
    """

    def __init__(
        self,
        forward: Callable[..., Any],
        backward: Callable[..., Any],
        parameters: Parameters,
        upstream: str,
        called: tuple[str, str] = ("forward", "backward"),
    ) -> None:
        self.forward, self.backward, self.parameters = forward, backward, parameters
        self.upstream, self.called = upstream, called
        self.shape = self._output_shape()

    def _output_shape(self) -> tuple[int, ...]:
        name = self.called[0]
        try:
            value = self.parameters.call(
                self.forward, next(self.parameters.each(self.parameters.at[None, :]))
            )
            output = real_array(value, name, "an array")
        except UnusableError as unusable:
            raise GradientInputError(str(unusable.problem)) from unusable
        except Exception as error:
            raise GradientInputError(
                f"{name}: expected an array, got {exception(error)}"
            ) from error
        if not output.size:
            observed = shape_text(output.shape)
            raise GradientInputError(f"{name}: expected at least one number, got {observed}")
        return output.shape

    def check(self, *, complex_step: bool, points: int, seed: int) -> GradientCheck:
        """Whether backward is the transposed Jacobian of forward; see `check_vjp`."""
        rng = np.random.default_rng(seed)
        first, second = (
            rng.uniform(0.5, 1.5, self.shape) * rng.choice([-1.0, 1.0], self.shape)
            for _ in range(2)
        )
        forward, backward = self.called
        losses = Loss(self._weighted(first), self.parameters, False, forward)
        answers = Gradient(self._back(first), self.parameters, backward)
        check = asked(losses, answers, complex_step=complex_step, points=points, seed=seed)
        slope_of = f"Σ {self.upstream} · {forward}"
        check = replace(check, subject=backward, slope_of=slope_of)
        if check.verdict is Verdict.FAILED:
            return check
        problem = self._nonlinear(first, second)
        if problem is None:
            return check
        refused = refusal(problem, self.parameters.at, seed, check.evaluations)
        return replace(refused, subject=backward, slope_of=slope_of)

    def _weighted(self, weights: NDArray[np.float64]) -> Callable[..., Any]:
        """Σ weights · forward as a loss."""

        expected = (self.called[0], f"{shape_text(self.shape)} again")

        @wraps(self.forward)  # messages name the components as its arguments
        def weighted(*values: Any, **named: Any) -> Any:
            value = self.forward(*values, **named)
            is_complex = np.iscomplexobj(value)  # of a complex step
            output = np.asarray(value) if is_complex else real_array(value, *expected)
            if output.shape != self.shape:
                raise UnusableError(Problem(*expected, shape_text(output.shape)))
            with np.errstate(all="ignore"):  # what is not finite is told later
                return np.sum(weights * output)

        return weighted

    def _back(self, weights: NDArray[np.float64]) -> Callable[..., Any]:
        """backward for these weights as a gradient."""
        if self.parameters.bare:
            return lambda value: self.backward(value, weights.copy())
        return lambda **named: self.backward(**named, **{self.upstream: weights.copy()})

    def _nonlinear(self, first: NDArray[np.float64], second: NDArray[np.float64]) -> Problem | None:
        """What is wrong if backward(2 u + v) is not 2 backward(u) + backward(v)."""
        name = self.called[1]

        def answer(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
            values = next(self.parameters.each(self.parameters.at[None, :]))
            return self.parameters.read(self.parameters.call(self._back(weights), values), name)

        try:
            (one, eps), (two, _), (sum_, _) = map(answer, (first, second, 2 * first + second))
        except UnusableError as unusable:
            return unusable.problem
        except Exception as error:
            return Problem(name, f"an answer for every {self.upstream}", exception(error))
        gap = np.abs(2 * one + two - sum_)
        size = np.max(np.abs(one)) + np.max(np.abs(two)) + np.max(np.abs(sum_))
        allowed = REPETITION * max(eps, EPS) * np.sqrt(first.size) * size
        if np.all(gap <= allowed):
            return None
        worst = int(np.argmax(gap))
        return Problem(
            name,
            f"linear in {self.upstream}: {2 * one[worst] + two[worst]:.6g} for 2u + v",
            f"{sum_[worst]:.6g} at {self.parameters.components[worst]}",
            f"every term of a backward pass has {self.upstream} as a factor, once",
        )
