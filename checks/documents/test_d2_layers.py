"""D2's claims, recomputed: a linear system, cross-entropy, the layers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checks import check_gradient
from checks.documents.claim import disagreements
from checks.documents.ledger import claim
from checks.engine.scale import EPS
from reference import optimisers
from reference.contract import Array
from reference.descent import Trajectory, descend, objective
from reference.models import (
    binary_cross_entropy,
    bowl,
    dense,
    hill,
    linear_system,
    mlp,
    parabola,
    sextic,
    sigmoid,
    sigmoid_cross_entropy,
)

A = np.array([[5.0, 1.0, -1.0], [2.0, -1.0, 1.0], [1.0, 3.0, -2.0]])
Y = np.array([1.0, 4.0, 0.0])
LEARNING_RATE = 0.01


@pytest.fixture(scope="module")
def solved() -> Trajectory:
    """10,000 steps from zero, every 1000th kept."""
    problem = objective(linear_system, {"A": A, "y": Y})
    return descend(problem, {"x": np.zeros(3)}, LEARNING_RATE, 10_000, keep_every=1000)


def drift(x: Array) -> float:
    """How far rounding can carry x: a step's is (n + 4)·ε·|x|, and of every earlier one a part
    1 − rate·λ remains, λ the least curvature.  The document's own descent drifts as much again.
    """
    least_curvature = float(np.min(np.linalg.eigvalsh(2 / len(Y) * A.T @ A)))
    step = (len(x) + 4) * EPS * float(np.max(np.abs(x)))
    return 2 * step / (LEARNING_RATE * least_curvature)


def test_d2_1_the_losses_print_the_same(solved: Trajectory) -> None:
    printed = claim("D2.1").printed
    assert len(printed) == 10
    for x, loss, figure in zip(solved.parameters["x"], solved.losses, printed, strict=False):
        slope = float(np.linalg.norm(linear_system.gradient(A, Y, x)))
        rounding = slope * drift(x) * np.sqrt(3) + 8 * EPS * float(loss)
        assert disagreements([loss], [figure], rounding=rounding) == []


def test_d2_1_a_gradient_without_the_third_prints_other_losses() -> None:
    problem = objective(linear_system, {"A": A, "y": Y})
    path = descend(problem, {"x": np.zeros(3)}, 3 * LEARNING_RATE, 1000, keep_every=1000)
    assert disagreements(path.losses, claim("D2.1").printed[:2])[0].startswith("printed 0.579")


def test_d2_2_the_end_prints_the_same(solved: Trajectory) -> None:
    x = solved.end["x"]
    rounding = drift(x) * float(np.max(np.sum(np.abs(A), axis=1)))
    observed = [*x, *(A @ x)]
    assert disagreements(observed, claim("D2.2").printed, rounding=rounding) == []


def test_d2_2_the_exact_solution_leaves_no_residual() -> None:
    exact = np.array([5, 31, 49]) / 7
    assert np.max(np.abs(A @ exact - Y)) <= 4 * EPS * np.max(np.abs(A) @ np.abs(exact))


def test_d2_3_the_combined_gradient_is_prediction_less_target() -> None:
    generator = np.random.default_rng(3)
    z, y = generator.normal(0, 3, 9), generator.integers(0, 2, 9).astype(np.float64)
    expected = (1 / (1 + np.exp(-z)) - y) / 9
    allowed = 8 * EPS / 9
    assert np.max(np.abs(expected - sigmoid_cross_entropy.gradient(y, z))) <= allowed
    # By the chain: the cross-entropy's gradient in p is divided by p or 1 − p, then multiplied
    # by both; the relative error of 1 − p, ε/(1 − p), is what is lost on the way.
    p = sigmoid.forward(z)
    chained = sigmoid.backward(z, binary_cross_entropy.gradient(y, p))
    assert np.all(np.abs(expected - chained) <= allowed / np.minimum(p, 1 - p))


def test_d2_4_descent_on_the_hill_works_without_convexity() -> None:
    x, y = 0.3, -0.2
    cross = float(np.cos(x) * np.cos(y))
    height = float(-np.sin(x) * np.sin(y))
    assert np.min(np.linalg.eigvalsh([[height, cross], [cross, height]])) < 0
    end = descend(objective(hill), {"x": x, "y": y}, 0.5, 200)
    assert abs(float(end.losses[-1]) + 1) <= 4 * EPS


def test_d2_7_the_linear_approximation_leaves_a_second_order_remainder() -> None:
    for step in (2.0**-3, 2.0**-6, 2.0**-9):
        x = 1.5
        remainder = parabola.loss(x + step) - parabola.loss(x) - step * parabola.gradient(x)
        assert abs(remainder - step**2) <= 4 * EPS * parabola.loss(x + step)
    remainders = []
    for step in (2.0**-6, 2.0**-7):
        dx, dy = bowl.gradient(1.0, -2.0)
        along = step * dx + step * dy
        remainders.append(bowl.loss(1.0 + step, -2.0 + step) - bowl.loss(1.0, -2.0) - along)
    assert abs(remainders[0] / remainders[1] - 4) <= 4 * EPS * 4.5 / remainders[1] * 4


def test_d2_7_for_a_straight_line_it_is_exact() -> None:
    X, w = np.array([3.0]), 0.5
    for step in (8.0, 1.0, 2.0**-9):  # sums and products of few binary digits: no rounding
        ahead = linear_system.predict(X[:, np.newaxis], np.array([w + step]))
        assert ahead.tolist() == [3.0 * w + 3.0 * step]


@pytest.mark.parametrize("surface", [hill, parabola, sextic, bowl], ids=lambda m: m.__name__)
def test_d2_8_a_small_step_against_the_slope_lowers_the_surface(surface: Any) -> None:
    generator = np.random.default_rng(8)
    problem = objective(surface)
    for _ in range(100):
        start = {name: generator.uniform(-2, 2) for name in problem.names}
        path = descend(problem, start, 2.0**-10, 1)
        assert path.losses[1] < path.losses[0]


def test_d2_9_the_squared_errors_gradient_is_twice_as_long() -> None:
    generator = np.random.default_rng(9)
    z, y = generator.normal(0, 2, 9), generator.integers(0, 2, 9).astype(np.float64)
    of_cross_entropy = sigmoid_cross_entropy.gradient(y, z)
    of_squares = linear_system.gradient(np.eye(9), y, sigmoid.forward(z))
    allowed = 8 * EPS / 9
    assert np.max(np.abs(of_squares - 2 * of_cross_entropy)) <= 2 * allowed
    assert np.max(np.abs(of_squares - of_cross_entropy)) > 2 * allowed


def test_d2_10_ascent_climbs_as_descent_falls_on_the_negative() -> None:
    # −sin x sin y is the hill again with x mirrored, so descent can be run on the same model.
    up = descend(objective(hill), {"x": 0.3, "y": 0.4}, 0.2, 50, optimisers.gradient_ascent)
    down = descend(objective(hill), {"x": -0.3, "y": 0.4}, 0.2, 50)
    np.testing.assert_array_equal(up.losses, -down.losses)
    np.testing.assert_array_equal(up.parameters["x"], -down.parameters["x"])
    assert abs(float(up.losses[-1]) - 1) < abs(float(up.losses[0]) - 1)


def test_d2_11_one_rate_for_all_entries_of_a_gradient_of_the_shape_of_x() -> None:
    generator = np.random.default_rng(11)
    wide, y, x = generator.normal(size=(2, 5)), generator.normal(size=2), generator.normal(size=5)
    gradient = linear_system.gradient(wide, y, x)
    assert gradient.shape == x.shape
    rates = (x - linear_system.update(wide, y, 0.25, x)) / gradient
    assert np.all(np.abs(rates - 0.25) <= 2 * EPS * (np.abs(x) / np.abs(gradient) + 1))


@pytest.mark.parametrize(
    ("rule", "per_dimension"),
    [
        pytest.param(optimisers.adagrad, True, id="adagrad"),
        pytest.param(optimisers.adam, True, id="adam"),
        pytest.param(optimisers.gradient_descent, False, id="gradient_descent"),
    ],
)
def test_d2_12_adaptive_rules_have_a_step_for_each_dimension(
    rule: Any, per_dimension: bool
) -> None:
    gradient = np.array([1e-3, -1.0, 1e3])
    start = {"x": np.zeros(3)}
    moved, _ = rule.step(start, {"x": gradient}, rule.init(start), 0.25)
    guard = 1e-8  # both rules' own, against division by zero
    allowed = 0.25 * (guard / np.abs(gradient) + 1 / (1 - 0.999) * EPS)
    same = np.abs(moved["x"] + 0.25 * np.sign(gradient)) <= allowed
    assert same.tolist() == [per_dimension, True, per_dimension]


def test_d2_13_a_linear_system_is_a_dense_layer_of_one_output() -> None:
    generator = np.random.default_rng(13)
    X, y, x = generator.normal(size=(6, 4)), generator.normal(size=6), generator.normal(size=4)
    output = dense.forward(X, x[:, np.newaxis], np.zeros(1))
    _, dW, _ = dense.backward(X, x[:, np.newaxis], np.zeros(1), 2 / 6 * (output - y[:, np.newaxis]))
    terms = np.abs(X).T @ (np.abs(X) @ np.abs(x) + np.abs(y))
    gap = np.abs(dW[:, 0] - linear_system.gradient(X, y, x))
    assert np.all(gap <= (6 + 4 + 8) * EPS * terms)


def layer_parameters(seed: int) -> dict[str, Array]:
    generator = np.random.default_rng(seed)
    shapes = {"W1": (3, 4), "b1": (4,), "W2": (4, 5), "b2": (5,), "W3": (5, 1), "b3": (1,)}
    return {name: generator.standard_normal(shape) for name, shape in shapes.items()}


def test_d2_16_chained_layers_give_the_perceptrons_gradient() -> None:
    generator = np.random.default_rng(16)
    X, y = generator.normal(size=(7, 3)), generator.integers(0, 2, (7, 1)).astype(np.float64)
    p = layer_parameters(16)
    inputs, sums = [X], []
    for k in (1, 2, 3):
        sums.append(dense.forward(inputs[-1], p[f"W{k}"], p[f"b{k}"]))
        inputs.append(sigmoid.forward(sums[-1]))
    upstream = binary_cross_entropy.gradient(y[:, 0], inputs[3][:, 0])[:, np.newaxis]
    chained: dict[str, Array] = {}
    for k in (3, 2, 1):
        upstream = sigmoid.backward(sums[k - 1], upstream)
        upstream, chained[f"W{k}"], chained[f"b{k}"] = dense.backward(
            inputs[k - 1], p[f"W{k}"], p[f"b{k}"], upstream
        )
    expected = dict(zip(p, mlp.gradient(X, y, **p), strict=True))
    # The same sums and products in the same layers, of at most 7 + 3 + 4 + 5 terms; a unit's
    # 1 − a keeps ε/(1 − a), and all |terms| are at most the product of the layers' norms.
    size = float(np.max(np.abs(X))) * float(
        np.prod([np.sum(np.abs(p[f"W{k}"])) for k in (2, 3)]) + np.sum(np.abs(p["W3"])) + 1
    )
    saturation = max(1 / float(np.min(np.minimum(a, 1 - a))) for a in inputs[1:])
    for name, value in expected.items():
        assert np.max(np.abs(value - chained[name])) <= (7 + 3 + 4 + 5) * EPS * size * saturation


def test_d2_17_the_cross_entropys_gradient_is_its_derivative() -> None:
    y, p = np.array([0.0, 1.0, 1.0]), np.array([0.7, 0.2, 0.9])
    check_gradient(
        lambda p: binary_cross_entropy.loss(y, p),
        lambda p: binary_cross_entropy.gradient(y, p),
        {"p": p},
    ).require()


def test_d2_17_the_layers_gradients_are_their_derivatives() -> None:
    generator = np.random.default_rng(17)
    at = {"X": generator.normal(size=(4, 3)), "W": generator.normal(size=(3, 2)), "b": np.ones(2)}
    upstream = generator.normal(size=(4, 2))

    def loss(X: Array, W: Array, b: Array) -> float:
        return float(np.sum(upstream * dense.forward(X, W, b)))

    def gradient(X: Array, W: Array, b: Array) -> tuple[Array, Array, Array]:
        return dense.backward(X, W, b, upstream)

    check_gradient(loss, gradient, at).require()
    z = at["X"]
    weights = generator.normal(size=(4, 3))
    check_gradient(
        lambda z: float(np.sum(weights * sigmoid.forward(z))),
        lambda z: sigmoid.backward(z, weights),
        {"z": z},
    ).require()


def test_d2_17_the_perceptrons_gradient_is_its_derivative() -> None:
    generator = np.random.default_rng(18)
    X, y = generator.normal(size=(7, 3)), generator.integers(0, 2, (7, 1)).astype(np.float64)
    check_gradient(
        lambda **p: mlp.loss(X, y, **p), lambda **p: mlp.gradient(X, y, **p), layer_parameters(18)
    ).require()
