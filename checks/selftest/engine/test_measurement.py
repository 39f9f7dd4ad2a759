"""The parts of a measurement: extrapolation, noise and kinks, each against what is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from checks.engine.kinks import slope_jump
from checks.engine.neville import RATIO, extrapolate
from checks.engine.noise import OTHERS, SAMPLES, spread_of
from checks.engine.place import Survey, prepare
from checks.engine.scale import EPS, EPS_SINGLE, Array, reach, typical_size

SMOOTH: dict[str, tuple[Callable[[Array], Array], float, float]] = {
    "exponential": (np.exp, 0.7, float(np.exp(0.7))),
    "sine": (np.sin, 1.1, float(np.cos(1.1))),
    "logarithm": (np.log, 2.3, 1 / 2.3),
    "fast sine": (lambda x: np.sin(300 * x), 0.2, float(300 * np.cos(60.0))),
    "sigmoid far out": (
        lambda x: 1 / (1 + np.exp(-x)),
        8.0,
        float(np.exp(-8) / (1 + np.exp(-8)) ** 2),
    ),
}


def central(f: Callable[[Array], Array], x: float, finest: int) -> tuple[Array, Array]:
    """Central differences at steps 1/4, 1/16, … and their rounding noise, (1, finest) each."""
    h = RATIO ** -np.arange(1.0, finest + 1)
    above, below = f(x + h), f(x - h)
    noise = 0.5 * EPS * np.maximum(np.abs(above), np.abs(below)) / h
    return ((above - below) / ((x + h) - (x - h)))[None, :], noise[None, :]


@pytest.mark.parametrize("name", SMOOTH)
def test_the_error_bar_holds_the_true_derivative(name: str) -> None:
    f, x, truth = SMOOTH[name]
    found = extrapolate(*central(f, x, 10))
    # Rounding of the closed form itself: a few eps of a number as large as f''·x.
    assert abs(found.value[0] - truth) <= found.error[0] + 8 * EPS * abs(truth)


@pytest.mark.parametrize("name", SMOOTH)
def test_the_error_bar_is_not_idly_wide(name: str) -> None:
    f, x, truth = SMOOTH[name]
    # Central differences alone reach eps^(2/3); extrapolation must do better.
    assert extrapolate(*central(f, x, 10)).error[0] < EPS ** (2 / 3) * max(1.0, abs(truth))


def test_an_extrapolation_that_finer_steps_contradict_is_refused() -> None:
    flat_far_out = np.array([[0.0, 1e-9, 3e-9, 1e-8, 1.0, 1.0, 1.0, 1.0]])
    found = extrapolate(flat_far_out, np.full(flat_far_out.shape, EPS))
    assert found.value[0] == 1.0


def test_two_values_that_coincide_are_no_convergence() -> None:
    values = np.array([[5.0, 3.0, 3.0]])
    assert extrapolate(values, np.zeros((1, 3))).truncation[0] >= 2.0 / RATIO**2


def test_a_line_without_values_has_no_estimate() -> None:
    nothing = np.full((1, 6), np.nan)
    found = extrapolate(nothing, nothing)
    assert np.isnan(found.value[0])
    assert np.isinf(found.error[0])


@pytest.mark.parametrize("sigma", [1e-12, 1e-9, 1e-6])
def test_noise_is_measured_to_a_factor_of_four(sigma: float) -> None:
    rng = np.random.default_rng(1)
    t = np.linspace(0, 1e-10, SAMPLES)
    sets = np.cos(t) + rng.normal(scale=sigma, size=(200, SAMPLES))
    told = [noise for noise in map(spread_of, sets.tolist()) if not np.isnan(noise)]
    assert len(told) > 100
    assert sigma / 4 < np.median(told) < 4 * sigma


@pytest.mark.parametrize(
    "values",
    [np.ones(SAMPLES), np.exp(np.arange(SAMPLES)), np.arange(SAMPLES) * np.nan],
    ids=["standing still", "too steep", "not finite"],
)
def test_samples_that_do_not_tell_are_silent(values: Array) -> None:
    assert np.isnan(spread_of(values.tolist()))


def test_where_one_spacing_does_not_tell_the_next_is_asked() -> None:
    rng, asked = np.random.default_rng(0), []

    def losses(points: Array) -> Any:
        """Standing still, until points lie further apart than the usual spacing."""
        asked.append(len(points))
        wide = np.ptp(points) > 1e-9 * SAMPLES
        return 1 / 3 + wide * rng.normal(scale=1e-12, size=len(points))

    survey = Survey(np.ones((1, 2)), np.ones((1, 2)), rng)
    place = survey.read(losses, np.full((1, len(survey.points[0])), 1 / 3))
    assert asked == [SAMPLES - 1] * (1 + OTHERS.index(1e-8))
    assert 1e-13 < place.noise[0] < 1e-11


@pytest.mark.parametrize(
    ("slopes", "expected"),
    [((2.0, 2.0, 2.0), 2.0), ((2.0, 0.5, 0.125), 0.0), ((2.0, 2.0, 1e-9), 0.0)],
    ids=["a kink stays", "curvature shrinks", "lost in noise"],
)
def test_a_kink_is_a_jump_that_stays(slopes: tuple[float, ...], expected: float) -> None:
    noise = np.full((1, 3), 1e-3)
    noise[0, 0] = 1e-3 if expected else 1.0
    assert slope_jump(np.array([slopes]), noise)[0] == expected


def test_zeros_take_the_size_of_the_others() -> None:
    at = np.array([[0.0, 3.0, -5.0], [0.0, 0.0, 0.0], [1.0, -8.0, 2.0]])
    assert typical_size(at).tolist() == [[4.0, 4.0, 5.0], [1.0, 1.0, 1.0], [2.0, 8.0, 2.0]]
    assert reach(np.array([4.0, 6.0]), np.array([[2.0, 0.0], [2.0, -3.0]])).tolist() == [2.0, 2.0]


def test_a_saturated_loss_is_as_noisy_as_what_it_is_a_difference_of() -> None:
    def losses(points: Array) -> Any:
        top = np.max(points, axis=1)
        return np.log(np.sum(np.exp(points - top[:, None]), axis=1)) + top - points[:, 0]

    place = prepare(losses, np.array([[60.0, 1.0, 2.0]]), np.random.default_rng(0))
    assert place.loss.tolist() == [0.0]
    assert place.noise[0] >= 0.5 * EPS * 58


@pytest.mark.parametrize(("dtype", "eps"), [(np.float32, EPS_SINGLE), (np.float64, EPS)])
def test_the_precision_of_a_loss_is_recognised(dtype: type, eps: float) -> None:
    def losses(points: Array) -> Any:
        return np.sum(np.cos(points.astype(dtype)), axis=1).astype(np.float64)

    place = prepare(losses, np.array([[0.3, 1.7]]), np.random.default_rng(0))
    assert place.eps.tolist() == [eps]
