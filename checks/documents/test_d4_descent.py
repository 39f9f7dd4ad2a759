"""D4's claims, recomputed: descent on surfaces and its learning rates."""

from __future__ import annotations

import numpy as np
import pytest

from checks import check_gradient
from checks.engine.scale import EPS
from reference import optimisers
from reference.descent import Trajectory, descend, objective
from reference.loops import GRADIENTS
from reference.models import bowl, hill, parabola, sextic

HILL_RATE, HILL_STEPS = 0.5, 200


def hill_paths(optimiser: optimisers.Steepest) -> list[Trajectory]:
    """100 descents or ascents from seeded starts on [−5, 5]²."""
    generator = np.random.default_rng(41)
    starts = generator.uniform(-5, 5, (100, 2))
    problem = objective(hill)
    return [descend(problem, {"x": x, "y": y}, HILL_RATE, HILL_STEPS, optimiser) for x, y in starts]


@pytest.fixture(scope="module")
def descents() -> list[Trajectory]:
    return hill_paths(optimisers.gradient_descent)


def curvatures(x: float, y: float) -> list[float]:
    """The Hessian's eigenvalues on the hill: −sin x sin y ± cos x cos y."""
    centre, spread = -np.sin(x) * np.sin(y), abs(np.cos(x) * np.cos(y))
    return [float(centre - spread), float(centre + spread)]


def test_d4_1_every_descent_ends_in_a_minimum(descents: list[Trajectory]) -> None:
    for path in descents:
        x, y = float(path.end["x"]), float(path.end["y"])
        assert abs(float(path.losses[-1]) + 1) <= 2 * EPS
        # A step shorter than half the spacing of the numbers x and y moves nothing any more.
        allowed = EPS * (abs(x) + abs(y)) / HILL_RATE
        assert np.max(np.abs(hill.gradient(x, y))) <= allowed
        assert min(curvatures(x, y)) > 0


def test_d4_1_the_height_falls_at_every_step(descents: list[Trajectory]) -> None:
    for path in descents:
        assert np.all(np.diff(path.losses) <= 2 * EPS)
        assert np.all(np.diff(path.losses[:5]) < 0)


def test_d4_1_the_path_follows_the_negative_gradient(descents: list[Trajectory]) -> None:
    for path in descents[:20]:
        x, y = path.parameters["x"], path.parameters["y"]
        for k in range(HILL_STEPS):
            dx, dy = GRADIENTS["hill"](x=x[k], y=y[k])  # type: ignore[misc]  # a pair here
            assert abs(x[k + 1] - x[k] + HILL_RATE * dx) <= 4 * EPS * (abs(x[k]) + 1)
            assert abs(y[k + 1] - y[k] + HILL_RATE * dy) <= 4 * EPS * (abs(y[k]) + 1)


@pytest.mark.parametrize(
    ("x", "y", "height"), [(0.0, 0.0, 0.0), (np.pi / 2, np.pi / 2, 1.0)], ids=["saddle", "maximum"]
)
def test_d4_1_exactly_on_a_saddle_or_a_maximum_it_stays(x: float, y: float, height: float) -> None:
    # The slope there is cos(π/2) as the machine has it, below ε; ten steps grow it 1.5^10-fold.
    path = descend(objective(hill), {"x": x, "y": y}, HILL_RATE, 10)
    assert abs(float(path.losses[-1]) - height) <= 2 * EPS


HUMP = float(np.sqrt((5 - np.sqrt(7)) / 3))
GLOBAL_MINIMUM = float(np.sqrt((5 + np.sqrt(7)) / 3))


@pytest.mark.parametrize(
    ("start", "minimum"),
    [
        pytest.param(0.5, 0.0, id="middle"),
        pytest.param(HUMP * (1 - 2**-6), 0.0, id="inside_the_hump"),
        pytest.param(HUMP * (1 + 2**-6), GLOBAL_MINIMUM, id="outside_the_hump"),
        pytest.param(-HUMP * (1 - 2**-6), 0.0, id="inside_the_left_hump"),
        pytest.param(-HUMP * (1 + 2**-6), -GLOBAL_MINIMUM, id="outside_the_left_hump"),
        pytest.param(1.9, GLOBAL_MINIMUM, id="right"),
    ],
)
def test_d4_2_the_start_decides_which_minimum(start: float, minimum: float) -> None:
    rate = 0.01  # below 2/f″ at the steepest minimum, 2/(30x⁴ − 60x² + 12)
    end = float(descend(objective(sextic), {"x": start}, rate, 1000, keep_every=1000).end["x"])
    # The gradient's terms are rounded; its zero moves by that over the curvature.
    curvature = 30 * minimum**4 - 60 * minimum**2 + 12
    terms = 6 * abs(minimum) ** 5 + 20 * abs(minimum) ** 3 + 12 * abs(minimum)
    allowed = 8 * EPS * terms / curvature + EPS * abs(minimum) / (rate * curvature)
    assert abs(end - minimum) <= allowed + abs(start) * (1 - rate * curvature) ** 900


def test_d4_2_the_outer_minima_are_equal_and_lower_than_the_middle_one() -> None:
    assert sextic.loss(GLOBAL_MINIMUM) == sextic.loss(-GLOBAL_MINIMUM) < sextic.loss(0.0)
    assert sextic.loss(HUMP) > sextic.loss(0.0)


START = {"x": 4.0, "y": -3.0}


def bowl_path(learning_rate: float, steps: int = 25) -> Trajectory:
    return descend(objective(bowl), START, learning_rate, steps)


RATES = (0.01, 0.1, 0.19, 0.21, 0.3, 1 / 3, 0.38, 0.39, 0.41, 0.5)


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{rate:.2f}")
def test_d4_5_the_distances_contract_by_1_minus_rate_times_curvature(rate: float) -> None:
    path = bowl_path(rate)
    steps = np.arange(26)
    for name, curvature in (("x", 5.0), ("y", 1.0)):
        expected = START[name] * (1 - rate * curvature) ** steps
        # Each step multiplies by a factor that carries ε·(1 + 2·rate·curvature).
        growth = np.maximum.accumulate(np.abs(expected))
        allowed = 2 * (steps + 1) * (1 + 2 * rate * curvature) * EPS * growth
        assert np.all(np.abs(path.parameters[name] - expected) <= allowed)


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: f"{rate:.2f}")
def test_d4_5_it_oscillates_above_one_fifth_and_diverges_above_two_fifths(rate: float) -> None:
    path = bowl_path(rate)
    signs = np.sign(path.parameters["x"])
    assert bool(np.all(signs[1:] == -signs[:-1])) == (rate > 1 / 5)
    assert bool(abs(path.parameters["x"][-1]) > abs(START["x"])) == (rate > 2 / 5)


def test_d4_5_one_third_is_the_best_fixed_rate() -> None:
    rates = np.arange(1, 40) / 100
    contraction = []
    for rate in rates:
        path = bowl_path(float(rate), steps=40)
        distances = np.maximum(np.abs(path.parameters["x"]), np.abs(path.parameters["y"]))
        contraction.append(float((distances[-1] / distances[-11]) ** 0.1))
    best = float(rates[np.argmin(contraction)])
    assert abs(best - 1 / 3) <= 0.005  # half the spacing of the rates
    # The factor max(|1 − 5·rate|, |1 − rate|) has slope 5 beside its minimum 2/3.
    assert abs(min(contraction) - 2 / 3) <= 5 * abs(best - 1 / 3) + EPS


def test_d4_5_a_good_rate_arrives_where_a_small_one_is_still_on_its_way() -> None:
    slow, good = bowl_path(0.01).losses, bowl_path(1 / 3).losses
    # Read off a figure of about 1000 rows: arrived is below a thousandth of the start's height.
    assert good[-1] < good[0] / 1000 < slow[-1]


def test_d4_5_a_too_large_rate_passes_1e18() -> None:
    # 5/2·x₀²·1.5^(2t) = 1e18 at rate 1/2, so t = ln(1e18/40)/(2 ln 1.5) rounded up.
    expected = int(np.ceil(np.log(1e18 / 40) / (2 * np.log(1.5))))
    losses = bowl_path(0.5, steps=60).losses
    assert int(np.argmax(losses >= 1e18)) == expected


@pytest.mark.parametrize("number", range(5), ids=lambda n: f"point_{n}")
def test_d4_7_the_gradient_points_where_the_height_grows_fastest(number: int) -> None:
    x, y = np.random.default_rng([47, number]).uniform(-3, 3, 2)
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    ahead, step = np.exp(1j * angles), 2.0**-10
    slopes = [
        hill.loss(x + step * d.real, y + step * d.imag)
        - hill.loss(x - step * d.real, y - step * d.imag)
        for d in ahead
    ]
    fastest = ahead[int(np.argmax(slopes))]
    dx, dy = hill.gradient(float(x), float(y))
    apart = abs(np.angle((dx + 1j * dy) / fastest))
    assert apart <= 2 * np.pi / 360  # the spacing of the directions


def test_d4_8_the_parabola_has_one_minimum_from_everywhere() -> None:
    for start in np.linspace(-20.0, 20.0, 41):
        path = descend(objective(parabola), {"x": start}, 0.3, 30, keep_every=30)
        expected = start * (1 - 2 * 0.3) ** 30
        assert abs(float(path.end["x"]) - expected) <= 8 * 30 * EPS * abs(expected)


def test_d4_9_the_diamond_of_the_start_tells_the_minimum(descents: list[Trajectory]) -> None:
    for path in descents:
        x, y = float(path.start["x"]), float(path.start["y"])
        total = 2 * np.pi * np.round((x + y) / (2 * np.pi))
        difference = 2 * np.pi * np.floor((x - y) / (2 * np.pi)) + np.pi
        end = float(path.end["x"]), float(path.end["y"])
        allowed = EPS * (abs(end[0]) + abs(end[1]) + 2 * np.pi) / HILL_RATE
        assert abs(end[0] - (total + difference) / 2) <= allowed
        assert abs(end[1] - (total - difference) / 2) <= allowed


def test_d4_9_the_starts_end_in_several_minima(descents: list[Trajectory]) -> None:
    ends = {(round(float(path.end["x"])), round(float(path.end["y"]))) for path in descents}
    assert len(ends) > 4


SURFACES = [
    pytest.param(hill, {"x": 0.7, "y": -1.1}, id="hill"),
    pytest.param(parabola, {"x": -1.3}, id="parabola"),
    pytest.param(sextic, {"x": 0.9}, id="sextic"),
    pytest.param(bowl, {"x": 1.7, "y": -0.4}, id="bowl"),
]


@pytest.mark.parametrize(("surface", "at"), SURFACES)
def test_d4_10_the_surfaces_gradients_are_their_derivatives(
    surface: object, at: dict[str, float]
) -> None:
    loss, gradient = (getattr(surface, name) for name in ("loss", "gradient"))
    check_gradient(loss, gradient, at).require()


def test_d4_12_ascent_ends_on_a_maximum() -> None:
    for path in hill_paths(optimisers.gradient_ascent):
        assert abs(float(path.losses[-1]) - 1) <= 2 * EPS
        assert max(curvatures(float(path.end["x"]), float(path.end["y"]))) < 0


def test_d4_13_adam_settles_where_plain_descent_diverges() -> None:
    plain = bowl_path(0.5, steps=400)
    adam = descend(objective(bowl), START, 0.5, 400, optimisers.adam)
    assert plain.losses[-1] > plain.losses[0]
    assert adam.losses[-1] < EPS * adam.losses[0]
