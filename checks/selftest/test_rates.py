"""Descent on quadratic losses contracts as the Hessian's spectrum says, and deviations show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from checks.battery.convergence import run
from checks.battery.oracle import Oracle
from checks.battery.rates import QUADRATIC, Regime, contraction, regime, spectrum
from checks.candidate import Candidate
from checks.grading import oracle_for
from checks.respondent import Local
from checks.result import Verdict
from reference.catalogue import entry
from reference.contract import Array, Case, Role
from reference.vectors import flat, unflat

SEED = 5
NEAR = 0.01  # how far from the stable limit "just below" and "just above" are


def descent_of(model: str) -> tuple[Oracle, Case]:
    """The oracle of a model and its first descent."""
    oracle = oracle_for(entry(model), SEED)
    return oracle, next(case for case in oracle.cases if case.role is Role.DESCENT)


def error_after(oracle: Oracle, case: Case, rate: float, steps: int) -> tuple[float, float]:
    """|θ − minimiser| along the steepest eigenvector before and after some updates."""
    known = spectrum(oracle, case)
    steepest = known.vectors[:, -1]
    # Start with an error along the steepest direction: the one that a large rate blows up.
    theta: Array = known.minimiser + steepest
    at = replace(case, learning_rate=rate)
    parameters = unflat(theta, case.parameters)
    for _ in range(steps):
        parameters = oracle.reference.update(at, parameters)
    return 1.0, abs(float(steepest @ (flat(parameters) - known.minimiser)))


@pytest.mark.parametrize("model", QUADRATIC)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_every_mode_contracts_by_one_minus_rate_times_eigenvalue(model: str, share: float) -> None:
    oracle, case = descent_of(model)
    at = replace(case, learning_rate=share * spectrum(oracle, case).largest_stable_rate)
    assert contraction(oracle.reference, oracle, at).agrees


@pytest.mark.parametrize("model", QUADRATIC)
def test_just_below_the_limit_converges_and_just_above_diverges(model: str) -> None:
    oracle, case = descent_of(model)
    limit = spectrum(oracle, case).largest_stable_rate
    before, below = error_after(oracle, case, (1 - NEAR) * limit, 50)
    _, above = error_after(oracle, case, (1 + NEAR) * limit, 50)
    assert below < before < above


@pytest.mark.parametrize("model", QUADRATIC)
def test_no_fixed_rate_is_better_than_the_best(model: str) -> None:
    oracle, case = descent_of(model)
    known = spectrum(oracle, case)
    rates = np.linspace(0.01, 1.0, 400) * known.largest_stable_rate
    best = known.contraction(known.best_rate)
    rounding = len(known.values) * np.finfo(np.float64).eps
    assert all(known.contraction(float(rate)) >= best - rounding for rate in rates)


@pytest.mark.parametrize(
    ("rate", "word"),
    [
        (0.01, Regime.SLOW),
        (0.15, Regime.GOOD),
        (1 / 3, Regime.GOOD),
        (0.39, Regime.OSCILLATING),
        (0.41, Regime.DIVERGING),
    ],
)
def test_the_bowl_s_rates_fall_into_the_documented_regimes(rate: float, word: Regime) -> None:
    oracle, case = descent_of("bowl")
    assert regime(rate, spectrum(oracle, case)) is word


line = entry("line").module
Update = Callable[[Any, Any, float, Any, Any], Any]


def sequential(X: Any, y: Any, learning_rate: float, w: Any, b: Any) -> Any:
    w = w - learning_rate * line.gradient(X, y, w, b)[0]
    return w, b - learning_rate * line.gradient(X, y, w, b)[1]


def rate_applied_twice(X: Any, y: Any, learning_rate: float, w: Any, b: Any) -> Any:
    return line.update(X, y, learning_rate * learning_rate, w, b)


def half_the_gradient(X: Any, y: Any, learning_rate: float, w: Any, b: Any) -> Any:
    return line.update(X, y, learning_rate / 2, w, b)


def found_for(update: Update) -> Any:
    oracle, case = descent_of("line")
    given = {"gradient": line.gradient, "loss": line.loss, "update": update}
    candidate = Candidate("tried", entry("line"), Local(given), "mutant")
    return run(candidate, case, oracle)


@pytest.mark.parametrize("update", [sequential, rate_applied_twice, half_the_gradient])
def test_another_pace_is_a_remark_with_both_figures(update: Update) -> None:
    finding = found_for(update)
    assert finding.verdict is Verdict.PASSED
    assert any("theory (1 − ηλ) gives" in remark for remark in finding.remarks)


def test_the_right_pace_needs_no_remark() -> None:
    assert found_for(line.update).remarks == ()


def test_a_forgotten_parameter_fails() -> None:
    finding = found_for(
        lambda X, y, learning_rate, w, b: (w, line.update(X, y, learning_rate, w, b)[1])
    )
    assert finding.verdict is Verdict.FAILED


def test_a_sum_where_the_mean_belongs_diverges_by_theory() -> None:
    def update(X: Any, y: Any, learning_rate: float, w: Any, b: Any) -> Any:
        return line.update(X, y, learning_rate * len(y), w, b)

    finding = found_for(update)
    assert (finding.verdict, "diverges" in finding.observed) == (Verdict.FAILED, True)
