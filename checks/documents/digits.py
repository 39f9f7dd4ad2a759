"""How many certified digits the reference model reaches: by descent, or by its normal equations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from checks.documents.certified import CERTIFIED, CertifiedSet
from checks.engine.scale import EPS
from reference.contract import Array
from reference.descent import descend, objective
from reference.models import linear_system

CERTIFIED_DIGITS = 15
NEWTON_STEPS = 12
# Above this condition of the Hessian the best descent needs more than its tenfold in steps.
DESCENT_CONDITION = 1e4


@dataclass(frozen=True)
class Reached:
    """The coefficients (p,) that were reached, how, and their correct digits (p,).

    promised (p,): the digits that rounding must leave, at least.
    """

    name: str
    method: str
    coefficients: Array
    digits: tuple[float, ...]
    promised: tuple[float, ...]


def correct_digits(value: float, certified: str) -> float:
    """The log relative error −log₁₀(|value − certified| / |certified|), at most 15."""
    relative = abs(value - float(certified)) / abs(float(certified))
    return min(CERTIFIED_DIGITS, float(-np.log10(relative))) if relative > 0 else CERTIFIED_DIGITS


def newton(gradient: Callable[[Array], Array], p: int, steps: int) -> Array:
    """The minimiser (p,) of a quadratic loss from its gradient alone.

    Such a gradient is affine, so its values at 0 and at the p unit points are the normal
    equations H·x = −gradient(0); every further step solves them again for what is left.
    """
    at_zero = gradient(np.zeros(p))
    H = np.stack([gradient(unit) - at_zero for unit in np.eye(p)], axis=1)
    x = np.zeros(p)
    for _ in range(steps):
        x = x - np.linalg.solve(H, gradient(x))
    return x


@cache
def reach(regression: CertifiedSet) -> Reached:
    """Solve one set with the gradient of `linear_system`, its columns scaled by powers of two.

    By descent at the best fixed rate where the Hessian's condition is below 10⁴, else by Newton.
    """
    y = regression.y
    # A power of two changes no digit.
    scale = 2.0 ** np.ceil(np.log2(np.max(np.abs(regression.X), axis=0)))
    A = regression.X / scale
    curvatures = np.linalg.svd(A, compute_uv=False) ** 2 * 2 / len(y)
    least, largest = float(curvatures[-1]), float(curvatures[0])
    p = len(scale)
    if largest < DESCENT_CONDITION * least:
        contraction = (largest - least) / (largest + least)
        steps = int(np.ceil(np.log(EPS) / np.log(contraction))) if contraction > 0 else 1
        rate = 2 / (least + largest)
        problem = objective(linear_system, {"A": A, "y": y})
        path = descend(problem, {"x": np.zeros(p)}, rate, steps, keep_every=steps)
        method, x = f"descent in {steps}", path.end["x"]
    else:
        method = f"Newton on its normal equations in {NEWTON_STEPS}"
        x = newton(lambda x: linear_system.gradient(A, y, x), p, NEWTON_STEPS)
    error = _rounding(A, y, x)
    certified = np.abs(np.array(regression.coefficients, dtype=np.float64))
    return Reached(
        regression.name,
        method,
        x / scale,
        tuple(map(correct_digits, x / scale, regression.coefficients)),
        tuple(np.minimum(CERTIFIED_DIGITS, -np.log10(error / scale / certified)).tolist()),
    )


def _rounding(A: Array, y: Array, x: Array) -> Array:
    """What rounding may leave of an error, (p,): |H⁻¹| times the rounding of the gradient.

    The gradient sums N products of residuals that sum p + 1 terms; data rounded to float64
    count as one more rounding of each term, and a solution that stands still as another half.
    """
    N, p = A.shape
    terms = 2 / N * (np.abs(A).T @ (np.abs(A) @ np.abs(x) + np.abs(y)))
    inverse = np.abs(np.linalg.inv(2 / N * A.T @ A))
    bound: Array = (N + p + 8) * EPS * (inverse @ terms) + EPS * np.abs(x)
    return bound


def text() -> str:
    """A line a set: how it was solved, the fewest correct digits of its coefficients."""
    lines = [
        f"Certified regressions (fewest correct of {CERTIFIED_DIGITS} digits; method and steps)",
        "",
    ]
    for regression in CERTIFIED:
        reached = reach(regression)
        lines.append(f"{reached.name:<10}{min(reached.digits):5.1f}  {reached.method}")
    return "\n".join(lines)
