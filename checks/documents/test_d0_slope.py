"""D0's claims, recomputed: gradient descent for a line through the origin."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.linalg import lstsq

from checks.documents.claim import disagreements
from checks.documents.ledger import claim
from checks.engine.scale import EPS
from reference import datasets, optimisers
from reference.contract import Array
from reference.descent import Trajectory, descend, objective
from reference.models import line, line_half_sse, linear_system, multilinear, neuron, plane, slope

LEARNING_RATE = 0.9


def trace(X: Array, y: Array, start: float, steps: int) -> Trajectory:
    return descend(objective(slope, {"X": X, "y": y}), {"w": start}, LEARNING_RATE, steps)


def least_squares_slope(X: Array, y: Array) -> float:
    return float(lstsq(X[:, np.newaxis], y)[0][0])


def test_d0_1_seed_13_is_the_only_one_of_a_thousand_that_prints_so() -> None:
    printed = [claim("D0.2").printed[0], claim("D0.2").printed[5]]
    fitting = []
    for seed in range(1000):
        drawn = datasets.noisy_slope(seed)
        start = drawn.start["w"]
        if not disagreements([start, slope.loss(drawn.X, drawn.y, start)], printed):
            fitting.append(seed)
    assert fitting == [13]


def test_d0_1_twenty_inputs_lie_on_the_unit_interval() -> None:
    drawn = datasets.noisy_slope()
    assert len(drawn) == 20
    assert np.all((drawn.X > 0) & (drawn.X < 1))


def test_d0_2_the_trace_prints_the_same_ten_figures() -> None:
    drawn = datasets.noisy_slope()
    path = trace(drawn.X, drawn.y, drawn.start["w"], 4)
    observed = [*path.parameters["w"], *path.losses]
    assert disagreements(observed, claim("D0.2").printed) == []


def test_d0_2_a_step_without_the_factor_two_prints_another_trace() -> None:
    drawn = datasets.noisy_slope()
    problem = objective(slope, {"X": drawn.X, "y": drawn.y})
    path = descend(problem, drawn.start, LEARNING_RATE / 2, 4)
    assert len(disagreements(path.parameters["w"], claim("D0.2").printed[:5])) == 4


@pytest.mark.parametrize(
    ("deviation", "figures_missed"),
    [pytest.param(0.2, 0, id="deviation"), pytest.param(np.sqrt(0.2), 9, id="variance")],
)
def test_d0_3_only_the_standard_deviation_gives_the_trace(
    deviation: float, figures_missed: int
) -> None:
    drawn = datasets.noisy_slope()
    noise = (drawn.y - 2 * drawn.X) / 0.2
    y = 2 * drawn.X + deviation * noise
    path = trace(drawn.X, y, drawn.start["w"], 4)
    missed = disagreements([*path.parameters["w"], *path.losses], claim("D0.2").printed)
    assert len(missed) == figures_missed  # w(0) does not depend on the noise


def test_d0_4_the_minimiser_is_the_slope_of_the_sample_not_2() -> None:
    drawn = datasets.noisy_slope()
    best = least_squares_slope(drawn.X, drawn.y)
    assert disagreements([best], claim("D0.4").found) == []
    assert slope.loss(drawn.X, drawn.y, best) < slope.loss(drawn.X, drawn.y, 2.0)


@pytest.mark.parametrize("start", [0.0, 0.138, 0.5, 1.0])
def test_d0_5_ten_steps_contract_as_theory_says(start: float) -> None:
    drawn = datasets.noisy_slope()
    best = least_squares_slope(drawn.X, drawn.y)
    contraction = 1 - LEARNING_RATE * 2 * float(np.mean(drawn.X**2))
    end = float(trace(drawn.X, drawn.y, start, 10).end["w"])
    expected = best + contraction**10 * (start - best)
    # Each step rounds N products and sums of size |w|; the contraction forgets the older ones.
    allowed = (len(drawn) + 8) * EPS * best / (1 - abs(contraction))
    assert abs(end - expected) <= allowed
    # A deviation of 0.2 scatters the sample's slope by 0.2/√Σx²: "close to 2" is within five.
    assert abs(end - 2) <= 5 * 0.2 / float(np.sqrt(np.sum(drawn.X**2)))


def test_d0_5_the_line_passes_through_the_origin() -> None:
    assert slope.predict(np.zeros(1), 2.0763).tolist() == [0.0]


def test_d0_6_the_chain_gives_each_samples_gradient() -> None:
    drawn, w = datasets.noisy_slope(), 0.7
    for x, t in zip(drawn.X, drawn.y, strict=True):
        chained = 2 * (x * w - t) * x
        observed = slope.gradient(np.array([x]), np.array([t]), w)
        assert abs(chained - observed) <= 4 * EPS * 2 * abs(x) * (abs(x * w) + abs(t))


def test_d0_7_the_batch_gradient_is_the_mean_of_the_samples_not_the_sum() -> None:
    drawn, w = datasets.noisy_slope(), 0.7
    each = [slope.gradient(drawn.X[[n]], drawn.y[[n]], w) for n in range(len(drawn))]
    batch = slope.gradient(drawn.X, drawn.y, w)
    allowed = (len(drawn) + 8) * EPS * float(np.sum(np.abs(each))) / len(drawn)
    assert abs(sum(each) / len(drawn) - batch) <= allowed
    assert abs(sum(each) - batch) > abs(batch)


@pytest.mark.parametrize("start", [0.0, 4.0], ids=["from_below", "from_above"])
def test_d0_8_online_descent_ends_near_the_same_slope(start: float) -> None:
    drawn = datasets.noisy_slope()
    best = least_squares_slope(drawn.X, drawn.y)
    rate, N = 0.01, len(drawn)
    problem = objective(slope, {"X": drawn.X, "y": drawn.y})
    path = descend(problem, {"w": start}, rate, 100 * N, optimisers.online(N, seed=8))
    # Within an epoch the samples' gradients at the minimum, which cancel over the whole epoch,
    # add up to at most half their absolute sum: that is how far w can wander.
    pulls = [abs(slope.gradient(drawn.X[[n]], drawn.y[[n]], best)) for n in range(N)]
    decay = float(np.prod(1 - 2 * rate * drawn.X**2)) ** 100
    assert abs(float(path.end["w"]) - best) <= rate * sum(pulls) + decay * abs(start - best)


def test_d0_9_the_second_update_is_the_contraction_times_the_first() -> None:
    drawn = datasets.noisy_slope()
    w = trace(drawn.X, drawn.y, drawn.start["w"], 2).parameters["w"]
    ratio = (w[2] - w[1]) / (w[1] - w[0])
    assert disagreements([ratio], claim("D0.9").found) == []
    contraction = 1 - LEARNING_RATE * 2 * float(np.mean(drawn.X**2))
    assert disagreements([contraction], claim("D0.9").found) == []


def test_d0_10_the_second_derivative_is_constant_and_positive() -> None:
    drawn = datasets.noisy_slope()
    expected = 2 * float(np.mean(drawn.X**2))
    for w in (-3.0, 0.0, 2.0, 50.0):
        observed = slope.gradient(drawn.X, drawn.y, w + 1) - slope.gradient(drawn.X, drawn.y, w)
        size = 2 * float(np.mean(np.abs(drawn.X) * (np.abs(drawn.X) * abs(w + 1) + drawn.y**2 + 1)))
        assert abs(observed - expected) <= 2 * (len(drawn) + 8) * EPS * size
    assert expected > 0


def test_d0_11_the_loss_is_the_mean_squared_distance_not_the_mean_distance() -> None:
    drawn, w = datasets.noisy_slope(), 1.0
    distances = np.abs(slope.predict(drawn.X, w) - drawn.y)
    loss = slope.loss(drawn.X, drawn.y, w)
    assert abs(float(np.mean(distances**2)) - loss) <= (len(drawn) + 4) * EPS * loss
    assert abs(float(np.mean(distances)) - loss) > (len(drawn) + 4) * EPS * loss


def hessian(gradient: Callable[[Array], Array], parameters: int) -> Array:
    """Of a quadratic loss: its gradient is affine, so whole steps are exact to rounding."""
    base = gradient(np.zeros(parameters))
    return np.stack([gradient(unit) - base for unit in np.eye(parameters)])


generator = np.random.default_rng(12)
X1, X3, Y = generator.normal(size=7), generator.normal(size=(7, 3)), generator.normal(size=7)
LINEAR: dict[str, tuple[int, Callable[[Array], Array]]] = {
    "slope": (1, lambda p: np.array([slope.gradient(X1, Y, float(p[0]))])),
    "line": (2, lambda p: np.array(line.gradient(X1, Y, float(p[0]), float(p[1])))),
    "line_half_sse": (
        2,
        lambda p: np.array(line_half_sse.gradient(X1, Y, float(p[0]), float(p[1]))),
    ),
    "plane": (4, lambda p: np.append(*plane.gradient(X3, Y, p[:3], float(p[3])))),
    "multilinear": (4, lambda p: np.append(*multilinear.gradient(X3, Y, p[:3], float(p[3])))),
    "linear_system": (3, lambda p: linear_system.gradient(X3, Y, p)),
}


@pytest.mark.parametrize("name", LINEAR)
def test_d0_12_linear_models_have_no_negative_curvature(name: str) -> None:
    parameters, gradient = LINEAR[name]
    curvatures = np.linalg.eigvalsh(hessian(gradient, parameters))
    assert np.min(curvatures) >= -parameters * len(Y) * EPS * np.max(curvatures)


def test_d0_12_a_sigmoid_neurons_loss_bulges() -> None:
    X, y = np.array([[0.1]]), np.array([0.3])
    low, middle, high = (neuron.loss(X, y, np.array([w])) for w in (20.0, 60.0, 100.0))
    assert middle > (low + high) / 2
