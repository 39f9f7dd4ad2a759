"""Where descent should end: SciPy's answer from the same start, and the known minima.

SciPy takes three times as long to import as NumPy, so it is imported where convergence is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from checks.battery.guards import CROSS_ENTROPIES
from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON
from checks.battery.samples import combines_by_mean
from reference.contract import Array, Case, Kind
from reference.vectors import flat, unflat

LINEAR = ("slope", "linear_system", "line_half_sse", "plane", "line", "multilinear")


@dataclass(frozen=True)
class Solution:
    """What SciPy found: its method, the documented loss there and the parameters by name."""

    method: str
    loss: float
    parameters: dict[str, Array]


def solution(oracle: Oracle, case: Case) -> Solution:
    """SciPy's minimiser of the documented loss from the case's start, computed once."""
    return oracle.once("solution", case, lambda: _solve(oracle, case))


def _solve(oracle: Oracle, case: Case) -> Solution:
    entry = oracle.entry
    if entry.name in LINEAR:
        method, best = "scipy.linalg.lstsq", _linear(oracle, case)
    elif entry.kind is Kind.SURFACE or entry.name in CROSS_ENTROPIES:
        method, best = "scipy.optimize.minimize", _general(oracle, case)
    else:
        method, best = "scipy.optimize.least_squares", _non_linear(oracle, case)
    parameters = unflat(best, case.parameters)
    return Solution(method, oracle.reference.loss(case, parameters), parameters)


def residuals(oracle: Oracle, case: Case) -> Callable[[Array], Array]:
    """θ → r with ½ Σ r² equal to the documented loss: residuals times √(2/N) for a mean."""
    y = case.data["y"]
    scale = np.sqrt(2 / len(y)) if combines_by_mean(oracle.entry) else 1.0

    def residual(theta: Array) -> Array:
        prediction = oracle.reference.predict(case, unflat(theta, case.parameters))
        return np.asarray(scale * np.ravel(prediction - y))

    return residual


def _linear(oracle: Oracle, case: Case) -> Array:
    """The predictions are affine in θ: their columns are differences from θ = 0."""
    from scipy.linalg import lstsq

    residual = residuals(oracle, case)
    size = flat(case.parameters).size
    at_zero = residual(np.zeros(size))
    design = np.column_stack([residual(unit) - at_zero for unit in np.eye(size)])
    return np.asarray(lstsq(design, -at_zero)[0])


def _non_linear(oracle: Oracle, case: Case) -> Array:
    from scipy.optimize import least_squares

    start = flat(case.parameters)
    found = least_squares(residuals(oracle, case), start, xtol=EPSILON, ftol=EPSILON, gtol=EPSILON)
    return np.asarray(found.x)


def _general(oracle: Oracle, case: Case) -> Array:
    from scipy.optimize import minimize

    def loss(theta: Array) -> float:
        return oracle.reference.loss(case, unflat(theta, case.parameters))

    def gradient(theta: Array) -> Array:
        return flat(oracle.reference.gradient(case, unflat(theta, case.parameters)))

    # Such a gradient leaves ε^1.5 over the curvature of the loss.
    found = minimize(
        loss, flat(case.parameters), jac=gradient, method="BFGS", options={"gtol": EPSILON**0.75}
    )
    return np.asarray(found.x)
