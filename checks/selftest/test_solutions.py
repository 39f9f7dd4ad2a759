"""The oracle of convergence: SciPy ends in minima, and descent of the reference ends there too."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy.optimize import least_squares, minimize
from sklearn.linear_model import LogisticRegression

from checks.battery.convergence import allowed_gap, reference_gap
from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.solutions import LINEAR, residuals, solution
from checks.grading import oracle_for
from checks.guard import SUITE
from reference.catalogue import CATALOGUE, entry
from reference.contract import Array, Case, Kind, Role
from reference.models import dense, sigmoid_cross_entropy
from reference.vectors import flat, unflat

SEEDS = (0, 1, 2)
DESCENDING = [model.name for model in CATALOGUE if model.kind is not Kind.LAYER]


def descents(model: str, seed: int) -> list[tuple[Oracle, Case]]:
    """Every descent of a model."""
    oracle = oracle_for(entry(model), seed)
    return [(oracle, case) for case in oracle.cases if case.role is Role.DESCENT]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("model", DESCENDING)
def test_the_reference_closes_almost_all_of_the_gap(model: str, seed: int) -> None:
    for oracle, case in descents(model, seed):
        at_start = oracle.reference.loss(case) - solution(oracle, case).loss
        # Otherwise what is allowed, LENIENCE times the rest, would let other destinations pass.
        assert allowed_gap(oracle, case) <= np.sqrt(EPSILON) ** 0.5 * at_start, case.name


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("model", DESCENDING)
def test_descent_never_ends_below_the_minimum(model: str, seed: int) -> None:
    for oracle, case in descents(model, seed):
        best = solution(oracle, case)
        rounding = MULTIPLE * EPSILON * (abs(best.loss) + EPSILON * oracle.reference.loss(case))
        below = -reference_gap(oracle, case)
        # minimize stops where the gradient is ε^¾: that leaves its square over the curvature.
        assert below <= rounding + EPSILON, case.name


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("model", DESCENDING)
def test_the_gradient_vanishes_at_the_solution(model: str, seed: int) -> None:
    for oracle, case in descents(model, seed):
        found = solution(oracle, case)
        at_start = np.linalg.norm(flat(oracle.reference.gradient(case)))
        there = np.linalg.norm(flat(oracle.reference.gradient(case, found.parameters)))
        # A minimum is located to ε^½ by its values, so its gradient to that share at worst.
        assert there <= np.sqrt(EPSILON) * max(at_start, 1.0), case.name


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("model", LINEAR)
def test_lstsq_and_least_squares_find_the_same_minimiser(model: str, seed: int) -> None:
    for oracle, case in descents(model, seed):
        residual = residuals(oracle, case)
        start = flat(case.parameters)
        other = least_squares(residual, start, xtol=EPSILON, ftol=EPSILON, gtol=EPSILON)
        direct = flat(solution(oracle, case).parameters)
        singular = np.linalg.svd(np.asarray(other.jac), compute_uv=False)
        condition = singular[0] / singular[-1]
        # Its Jacobian is a forward difference, good to ε^½; the rest is conditioning.
        bound = MULTIPLE * np.sqrt(EPSILON) * condition * np.linalg.norm(direct)
        assert np.linalg.norm(other.x - direct) <= bound, case.name


@pytest.mark.parametrize(
    ("model", "minimum"),
    [
        ("hill", -1.0),
        ("parabola", 0.0),
        ("bowl", 0.0),
    ],
)
def test_surfaces_reach_their_known_minimum(model: str, minimum: float) -> None:
    for oracle, case in descents(model, 0):
        assert solution(oracle, case).loss == pytest.approx(minimum, abs=np.sqrt(EPSILON))
        assert curvatures(oracle, case).min() > 0


def test_the_sextic_s_starts_reach_all_three_minima() -> None:
    outer = np.sqrt((5 + np.sqrt(7)) / 3)
    ends = {
        round(float(solution(oracle, case).parameters["x"]), 6)
        for oracle, case in descents("sextic", 0)
    }
    assert ends == {0.0, round(outer, 6)} | ({round(-outer, 6)} & ends)


def curvatures(oracle: Oracle, case: Case) -> Array:
    """The eigenvalues of the Hessian at the solution, by central differences of the gradient."""
    theta = flat(solution(oracle, case).parameters)
    step = np.cbrt(EPSILON)

    def gradient(at: Array) -> Array:
        return flat(oracle.reference.gradient(case, unflat(at, case.parameters)))

    columns = [
        (gradient(theta + step * axis) - gradient(theta - step * axis)) / (2 * step)
        for axis in np.eye(theta.size)
    ]
    return np.asarray(np.linalg.eigvalsh(np.array(columns)))


def test_one_layer_of_cross_entropy_is_unpenalised_logistic_regression() -> None:
    rng = np.random.default_rng(8)
    X = rng.normal(size=(200, 3))
    y = (X @ [1.0, -2.0, 0.5] + 0.3 + rng.logistic(size=200) > 0).astype(float)

    def loss(theta: Array) -> float:
        return sigmoid_cross_entropy.loss(y, X @ theta[:3] + theta[3])

    def gradient(theta: Array) -> Array:
        upstream = sigmoid_cross_entropy.gradient(y, X @ theta[:3] + theta[3])
        _, dW, db = dense.backward(X, theta[:3, None], theta[3:], upstream[:, None])
        return np.concatenate([dW[:, 0], db])

    ours = minimize(loss, np.zeros(4), jac=gradient, method="BFGS", options={"gtol": EPSILON**0.5})
    theirs = LogisticRegression(C=np.inf, tol=EPSILON**0.5, max_iter=1000).fit(X, y)
    weights = np.append(theirs.coef_[0], theirs.intercept_)
    # Both stop at a gradient of ε^½; the error is that over the smallest curvature.
    curvature = np.linalg.eigvalsh(np.linalg.inv(np.asarray(ours.hess_inv))).min()
    assert np.linalg.norm(ours.x - weights) <= MULTIPLE * EPSILON**0.5 / curvature


def test_scipy_is_not_imported_before_convergence_is_asked() -> None:
    loaded = "import sys, checks.commands.run; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=SUITE, check=False).returncode == 0
