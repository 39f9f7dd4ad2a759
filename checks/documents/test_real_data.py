"""Real data end to end: does training on Iris arrive, and does what was learned hold elsewhere?

The perceptron on handwritten digits is in test_d2_digits.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy.linalg import lstsq
from scipy.optimize import least_squares

from checks.engine.scale import EPS
from reference import datasets
from reference.contract import Array
from reference.descent import Trajectory, descend, objective
from reference.models import network, plane, sigmoid_unit
from reference.optimisers import Rows

SPLITS = range(10)


@pytest.fixture(scope="module")
def iris() -> datasets.Samples:
    return datasets.normalised(datasets.iris())


def curvatures(X: Array) -> Array:
    """Eigenvalues (d + 1,) of the plane's Hessian, ascending."""
    design = np.column_stack([X, np.ones(len(X))])
    return np.asarray(np.linalg.eigvalsh(design.T @ design), dtype=np.float64)


def fitted_plane(X: Array, y: Array) -> Trajectory:
    """Descent at the best fixed rate until nothing of the start is left."""
    values = curvatures(X)
    least, largest = float(values[0]), float(values[-1])
    steps = int(np.ceil(np.log(EPS) / np.log((largest - least) / (largest + least))))
    problem = objective(plane, {"X": X, "y": y})
    start: dict[str, ArrayLike] = {"w": np.zeros(X.shape[1]), "b": 0.0}
    return descend(problem, start, 2 / (least + largest), steps, keep_every=steps)


def test_the_plane_on_iris_ends_at_scipys_least_squares(iris: datasets.Samples) -> None:
    end = fitted_plane(iris.X, iris.y).end
    reached = np.append(end["w"], end["b"])
    design = np.column_stack([iris.X, np.ones(len(iris))])
    best, _, _, _ = lstsq(design, iris.y)
    # The gradient's rounding, N + p + 8 terms deep, moves its zero by that over the curvature.
    terms = np.abs(design).T @ (np.abs(design) @ np.abs(best) + np.abs(iris.y))
    rounding = (len(iris) + 3 + 8) * EPS * float(np.linalg.norm(terms))
    assert np.linalg.norm(reached - best) <= 2 * rounding / float(curvatures(iris.X)[0])


def test_the_plane_has_not_arrived_after_the_documents_2000_steps(iris: datasets.Samples) -> None:
    problem = objective(plane, {"X": iris.X, "y": iris.y})
    start: dict[str, ArrayLike] = {"w": np.array([0.080, 0.220]), "b": 0.259}
    after = float(descend(problem, start, 0.001, 2000, keep_every=2000).losses[-1])
    arrived = float(fitted_plane(iris.X, iris.y).losses[-1])
    assert after - arrived > len(iris) * EPS * after


def test_the_sigmoid_unit_on_iris_ends_at_scipys_least_squares(iris: datasets.Samples) -> None:
    # σ′ ≤ ¼, so the loss curves at most 1/16 + ½·max|σ″|·|residual| as much as the plane's; |σ″|
    # ≤ 1/(6√3) and |residual| ≤ 1 make 1/16 + 1/(6√3) < 0.16 of the plane's largest curvature.
    steepest = (1 / 16 + 1 / (6 * np.sqrt(3))) * float(curvatures(iris.X)[-1])
    problem = objective(sigmoid_unit, {"X": iris.X, "y": iris.y})
    start: dict[str, ArrayLike] = {"w": np.zeros(2), "b": 0.0}
    path = descend(problem, start, 1 / steepest, 20_000, keep_every=2000)

    def residuals(theta: Array) -> Array:
        residual: Array = sigmoid_unit.predict(iris.X, theta[:2], float(theta[2])) - iris.y
        return residual

    found = least_squares(residuals, np.zeros(3), method="lm", xtol=EPS, ftol=EPS, gtol=EPS)
    cost, rounding = float(found.cost), 2 * len(iris) * EPS * float(found.cost)
    # Where a loss curves at least by μ it is at most |gradient|²/2μ above its minimum; μ is read
    # off at SciPy's minimum, and halved since it varies on the way there.
    slopes = np.concatenate([np.ravel(part) for part in problem.gradient(path.end, None).values()])
    jacobian: Any = found.jac  # dense here, since nothing sparse was handed in
    flattest = float(np.linalg.eigvalsh(jacobian.T @ jacobian)[0]) / 2
    assert -rounding <= float(path.losses[-1]) - cost
    assert float(path.losses[-1]) - cost <= float(slopes @ slopes) / (2 * flattest) + rounding
    # At a rate below 1/steepest the loss can only fall.
    assert np.all(np.diff(path.losses) < rounding)


def held_out(number: int, samples: datasets.Samples) -> tuple[Rows, Rows]:
    """Rows to learn from (two thirds) and rows kept aside, drawn by the split's number."""
    order = np.random.default_rng([150, number]).permutation(len(samples))
    learned, kept = np.split(order, [2 * len(samples) // 3])
    return learned, kept


@pytest.mark.parametrize("number", SPLITS)
def test_the_plane_predicts_flowers_that_it_has_not_seen(
    number: int, iris: datasets.Samples
) -> None:
    rows, kept = held_out(number, iris)
    end = fitted_plane(iris.X[rows], iris.y[rows]).end
    predicted = plane.predict(iris.X[kept], end["w"], float(end["b"]))
    error = float(np.mean((predicted - iris.y[kept]) ** 2))
    # Predicting the mean errs by the variance, which 50 flowers scatter by √(2/50), a fifth.
    assert error < float(np.var(iris.y[kept])) / 2


def test_the_network_learns_more_of_unseen_flowers_than_the_mean(iris: datasets.Samples) -> None:
    shares = []
    for number in SPLITS:
        rows, kept = held_out(number, iris)
        generator = np.random.default_rng([151, number])
        start = {"W1": generator.standard_normal((2, 3)), "W2": generator.standard_normal((3, 1))}
        problem = objective(network, {"X": iris.X[rows], "y": iris.y[rows, np.newaxis]})
        end = descend(problem, start, 0.01, 2000, keep_every=2000).end
        predicted = network.predict(iris.X[kept], **end)[:, 0]
        shares.append(float(np.mean((predicted - iris.y[kept]) ** 2) / np.var(iris.y[kept])))
    assert float(np.median(shares)) < 1 / 2
    # Not of the largest: at this rate a start or two descend chaotically, and rounding decides.
    assert float(np.quantile(shares, 3 / 4)) < 1
