"""D3's claims, recomputed: a plane, a sigmoid unit and a 2-3-1 network on Iris."""

from __future__ import annotations

from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest
from scipy.linalg import lstsq
from scipy.optimize import least_squares

from checks import check_gradient
from checks.documents import defects
from checks.documents.claim import disagreements
from checks.documents.ledger import claim
from checks.documents.reproduction import PRINTED_W1, PRINTED_W2, iris_network
from checks.engine.scale import EPS
from reference import datasets
from reference.contract import Array
from reference.descent import Trajectory, descend, objective
from reference.models import line_half_sse, network, network_biased, plane, sigmoid, sigmoid_unit

W, B = np.array([0.2, 0.6]), -0.3
STARTS = 60


@pytest.mark.parametrize(
    ("older", "field"),
    [pytest.param(True, "printed", id="older"), pytest.param(False, "found", id="corrected")],
)
def test_d3_1_the_costs_belong_to_the_older_table(older: bool, field: str) -> None:
    iris = datasets.iris(older=older)
    costs = [plane.loss(iris.X, iris.y, W, B), sigmoid_unit.loss(iris.X, iris.y, W, B)]
    rounding = len(iris) * EPS * max(costs)
    assert disagreements(costs, getattr(claim("D3.1"), field), rounding=rounding) == []


def test_d3_1_the_corrected_table_does_not_print_the_costs() -> None:
    iris = datasets.iris()
    costs = [plane.loss(iris.X, iris.y, W, B), sigmoid_unit.loss(iris.X, iris.y, W, B)]
    assert len(disagreements(costs, claim("D3.1").printed)) == 2


def test_d3_2_the_plane_predicts_what_is_printed() -> None:
    iris = datasets.iris(older=True)
    x = np.array([[4.7, 3.2]])
    predicted = plane.predict(x, W, B)
    measured = iris.y[np.all(x == iris.X, axis=1)]
    assert disagreements([predicted[0]], claim("D3.2").printed[:1]) == []
    assert float(claim("D3.2").printed[1]) in measured.tolist()


def test_d3_5_the_network_predicts_nothing_above_zero() -> None:
    predicted = network.predict(datasets.iris(older=True).X, PRINTED_W1, PRINTED_W2)
    assert disagreements(predicted[0], claim("D3.5").found) == []
    assert np.max(predicted) < 0  # so on no row 2.56


@cache
def trainings() -> tuple[Trajectory, ...]:
    """2000 epochs at 0.01 from each of the seeded starts."""
    X, y, _, _ = iris_network()
    problem = objective(network, {"X": X, "y": y})
    return tuple(descend(problem, start(s), 0.01, 2000, keep_every=2000) for s in range(STARTS))


def start(number: int) -> dict[str, Array]:
    generator = np.random.default_rng([7, number])
    return {"W1": generator.standard_normal((2, 3)), "W2": generator.standard_normal((3, 1))}


@cache
def least_squares_costs(starts: int = STARTS) -> tuple[float, ...]:
    """Where SciPy's least squares ends from the same starts."""
    X, y, _, _ = iris_network()

    def residuals(weights: Array) -> Array:
        residual: Array = network.predict(X, weights[:6].reshape(2, 3), weights[6:, np.newaxis]) - y
        return residual[:, 0]

    def jacobian(weights: Array) -> Array:
        z, W2 = X @ weights[:6].reshape(2, 3), weights[6:]
        inner = X[:, :, np.newaxis] * (sigmoid.backward(z, np.ones_like(z)) * W2)[:, np.newaxis, :]
        return np.hstack([inner.reshape(len(X), 6), sigmoid.forward(z)])

    found = []
    for number in range(starts):
        weights = np.concatenate([np.ravel(part) for part in start(number).values()])
        solution = least_squares(residuals, weights, jac=jacobian, method="lm")
        found.append(float(solution.cost))
    return tuple(found)


def test_d3_7_the_final_costs_are_distributed_as_found() -> None:
    final = [float(path.losses[-1]) for path in trainings()]
    observed = [min(final), float(np.median(final))]
    assert disagreements(observed, claim("D3.7").found) == []


def test_d3_7_both_printed_costs_lie_in_the_range() -> None:
    before, after = map(float, claim("D3.7").printed)
    losses = np.array([path.losses for path in trainings()])
    assert np.min(losses[:, 0]) <= before <= np.max(losses[:, 0])
    assert np.min(losses[:, 1]) <= after <= np.max(losses[:, 1])


def test_d3_8_the_lines_gradient_is_the_derivative() -> None:
    iris = datasets.normalised(datasets.iris())
    X, y = iris.X[:, 0], iris.y
    check_gradient(
        lambda m, b: line_half_sse.loss(X, y, m, b),
        lambda m, b: line_half_sse.gradient(X, y, m, b),
        {"m": 0.4, "b": -0.7},
    ).require()


def test_d3_8_the_planes_gradient_is_the_derivative() -> None:
    iris = datasets.normalised(datasets.iris())
    check_gradient(
        lambda w, b: plane.loss(iris.X, iris.y, w, b),
        lambda w, b: plane.gradient(iris.X, iris.y, w, b),
        {"w": W, "b": B},
    ).require()


def test_d3_9_the_line_converges_to_least_squares() -> None:
    iris = datasets.normalised(datasets.iris())
    X, y = iris.X[:, 0], iris.y
    design = np.column_stack([X, np.ones(len(iris))])
    best, _, _, singular = lstsq(design, y)
    least, largest = float(singular[-1] ** 2), float(singular[0] ** 2)
    rate = 2 / (least + largest)  # the best fixed rate
    contraction = (largest - least) / (largest + least)
    steps = int(np.ceil(np.log(EPS) / np.log(contraction)))
    problem = objective(line_half_sse, {"X": X, "y": y})
    end = descend(problem, {"m": 0.0, "b": 0.0}, rate, steps, keep_every=steps).end
    reached = np.array([float(end["m"]), float(end["b"])])
    # What is left of the start, and rounding: of each step (N terms of a gradient that is small
    # beside its terms, times the rate) a part `contraction` remains in the next one.
    terms = float(np.max(np.abs(design).T @ (np.abs(design) @ np.abs(best) + np.abs(y))))
    step_rounding = (len(iris) + 8) * EPS * rate * terms + EPS * float(np.max(np.abs(best)))
    allowed = np.sqrt(2) * step_rounding / (1 - contraction) + EPS * float(np.linalg.norm(best))
    assert np.max(np.abs(reached - best)) <= allowed


def test_d3_10_the_printed_start_cost_lies_in_the_box_of_the_printed_start() -> None:
    iris = datasets.normalised(datasets.iris(older=True))
    w, b, half = np.array([0.080, 0.220]), 0.259, 0.0005
    assert disagreements([plane.loss(iris.X, iris.y, w, b)], claim("D3.10").found) == []
    # The cost falls along every coordinate there, so its extremes over the box are at corners.
    corners = [
        plane.loss(iris.X, iris.y, w + half * np.array(sides[:2]), b + half * sides[2])
        for sides in product((-1, 1), repeat=3)
    ]
    assert min(corners) <= float(claim("D3.10").printed[0]) <= max(corners)


def test_d3_11_the_sigmoid_lies_between_0_and_1_and_increases() -> None:
    output = sigmoid.forward(np.linspace(-10.0, 10.0, 101))
    assert np.all((output > 0) & (output < 1))
    assert np.all(np.diff(output) > 0)


def test_d3_12_no_sigmoid_unit_reaches_the_planes_cost_on_raw_data() -> None:
    iris = datasets.iris(older=True)
    least = 0.5 * float(np.sum(np.maximum(iris.y - 1, 0) ** 2))
    assert disagreements([least], claim("D3.12").found) == []
    assert least > plane.loss(iris.X, iris.y, W, B)
    assert least < sigmoid_unit.loss(iris.X, iris.y, W, B)


def test_d3_14_the_network_has_9_weights_and_4_biases() -> None:
    X, y, W1, W2 = iris_network()
    dW1, db1, dW2, db2 = network_biased.gradient(X, y, W1, np.zeros(3), W2, np.zeros(1))
    counted = [dW1.size + dW2.size, db1.size + db2.size]
    assert [*map(str, counted), str(sum(counted))] == list(claim("D3.14").printed)


@pytest.mark.parametrize(("d", "h"), [(2, 3), (4, 5), (1, 7)], ids=["2-3-1", "4-5-1", "1-7-1"])
def test_d3_15_forward_differences_cost_one_pass_a_weight(
    d: int, h: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss, passes = network.loss, []

    def counted(*arguments: Array) -> float:
        passes.append(1)
        return loss(*arguments)

    monkeypatch.setattr(network, "loss", counted)
    defects.network_gradient(np.ones((4, d)), np.ones((4, 1)), np.ones((d, h)), np.ones((h, 1)))
    assert len(passes) == d * h + h + 1


def test_d3_16_the_forward_difference_tends_to_the_derivative() -> None:
    X, y, W1, W2 = iris_network()
    right = float(network.gradient(X, y, W1, W2)[1][0, 0])

    def error(step: float) -> float:
        moved = W2.copy()
        moved[0, 0] += step
        slope = (network.loss(X, y, W1, moved) - network.loss(X, y, W1, W2)) / step
        return abs(slope - right)

    # The loss is quadratic in W2, so the error is ½hJ'' and nothing else but rounding.
    steps = [2.0**-k for k in range(1, 12)]
    rounding = 2 * len(y) * EPS * network.loss(X, y, W1, W2)
    for wide, narrow in pairwise(steps):
        assert abs(error(wide) - 2 * error(narrow)) <= 3 * rounding / narrow
    assert error(2.0**-48) > error(defects.FORWARD_STEP)


def test_d3_17_least_squares_goes_lower_than_every_descent() -> None:
    costs = least_squares_costs()
    assert disagreements([min(costs)], claim("D3.17").found) == []
    # Where the others end depends on the version of SciPy (0.319 or 0.300 in the median).
    assert float(np.median(costs)) < min(float(path.losses[-1]) for path in trainings())


def test_d3_18_the_network_fits_better_than_any_plane() -> None:
    X, y, _, _ = iris_network()
    best, _, _, _ = lstsq(np.column_stack([X, np.ones(len(X))]), y[:, 0])
    of_planes = plane.loss(X, y[:, 0], best[:2], float(best[2]))
    assert disagreements([of_planes], claim("D3.18").found) == []
    assert min(least_squares_costs()) < of_planes


def test_d3_19_the_normalised_table_lies_between_0_and_1() -> None:
    iris = datasets.normalised(datasets.iris(older=True))
    for values in (*iris.X.T, iris.y):
        assert 0 < np.min(values) < np.max(values) == 1
