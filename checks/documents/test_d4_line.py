"""D4's claims, recomputed: the line with mean squared error on noisy data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import lstsq

from checks import check_gradient
from checks.documents.claim import disagreements, half_unit
from checks.documents.ledger import claim
from checks.engine.scale import EPS
from reference import datasets
from reference.contract import Array
from reference.datasets import Samples
from reference.descent import Trajectory, descend, objective
from reference.models import line, multilinear

LEARNING_RATE = 0.015
NOISE = 0.5  # standard deviation
PRINTED_AT = np.arange(0, 100, 10)


def least_squares_line(samples: Samples) -> tuple[float, float, float]:
    """(w, b, loss) at the minimum, from SciPy."""
    design = np.column_stack([samples.X, np.ones(len(samples))])
    (w, b), _, _, _ = lstsq(design, samples.y)
    return float(w), float(b), line.loss(samples.X, samples.y, float(w), float(b))


def fit(samples: Samples, learning_rate: float, steps: int) -> Trajectory:
    problem = objective(line, {"X": samples.X, "y": samples.y})
    return descend(problem, {"w": 0.6, "b": 0.9}, learning_rate, steps)


def modes(spread: float, learning_rate: float) -> Array:
    """The three terms of the loss at the printed iterations, (10, 3): slope, offset, floor.

    The inputs' mean is zero, so the slope's and the offset's distance shrink on their own.
    """
    return np.column_stack(
        [
            (1 - 2 * learning_rate * spread) ** (2 * PRINTED_AT),
            (1 - 2 * learning_rate) ** (2 * PRINTED_AT),
            np.ones(10),
        ]
    )


def test_d4_3_the_printed_losses_have_the_form_that_theory_gives() -> None:
    printed = claim("D4.3").printed
    spread = float(np.mean(datasets.noisy_line().X ** 2))
    terms = modes(spread, LEARNING_RATE)
    fitted, _, _, _ = lstsq(terms, np.array(printed, dtype=np.float64))
    assert disagreements(fitted, claim("D4.3").found) == []
    assert disagreements(terms @ fitted, printed) == []


@pytest.mark.parametrize("factor", [0.5, 2.0, 100.0], ids=["half", "twice", "sum_for_mean"])
def test_d4_3_another_gradient_would_not_have_printed_them(factor: float) -> None:
    # A missing factor 2, a doubled one, or the sum in place of the mean act like another rate.
    printed = claim("D4.3").printed
    spread = float(np.mean(datasets.noisy_line().X ** 2))
    with np.errstate(over="ignore"):
        terms = modes(spread, factor * LEARNING_RATE)
    fitted, _, _, _ = lstsq(terms, np.array(printed, dtype=np.float64))
    assert disagreements(terms @ fitted, printed) != []


def test_d4_3_the_start_that_it_implies_is_a_draw_from_the_unit_interval() -> None:
    a, c, _ = map(float, claim("D4.3").found)
    spread = float(np.mean(datasets.noisy_line().X ** 2))
    # a = spread·(w₀ − ŵ)², c = (b₀ − b̂)², with ŵ, b̂ within five standard errors of 2 and 1.
    error_w, error_b = 5 * NOISE / np.sqrt(100 * spread), 5 * NOISE / 10
    w0, b0 = 2 - np.sqrt(a / spread), 1 - np.sqrt(c)
    assert 0 - error_w <= w0 <= 1 + error_w
    assert 0 - error_b <= b0 <= 1 + error_b


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_d4_3_our_own_descent_has_that_form_to_rounding(seed: int) -> None:
    samples = datasets.noisy_line(seed)
    path = fit(samples, LEARNING_RATE, 99)
    w, b, floor = least_squares_line(samples)
    spread = float(np.mean(samples.X**2))
    amplitudes = np.array([spread * (0.6 - w) ** 2, (0.9 - b) ** 2, floor])
    expected = modes(spread, LEARNING_RATE) @ amplitudes
    # The factors' powers carry t roundings, the loss N, and the parameters' drift a step's
    # rounding over 1 − (1 − 2·rate).
    drift = (len(samples) + 8) * EPS * (1 + 1 / (2 * LEARNING_RATE))
    assert np.max(np.abs(path.losses[PRINTED_AT] - expected) / expected) <= 4 * drift


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_d4_4_on_a_parabola_descent_ends_at_a_high_minimum(seed: int) -> None:
    samples = datasets.noisy_parabola(seed)
    w, b, floor = least_squares_line(samples)
    rate = 0.3
    end = fit(samples, rate, 200).end
    slowest = 1 - 2 * rate * min(1.0, float(np.mean(samples.X**2)))
    allowed = (len(samples) + 8) * EPS * float(np.max(np.abs(samples.y))) * 4 / (1 - slowest)
    assert abs(float(end["w"]) - w) <= allowed
    assert abs(float(end["b"]) - b) <= allowed
    # The noise alone would leave its variance, within five standard deviations of a variance.
    assert floor > NOISE**2 * (1 + 5 * np.sqrt(2 / len(samples)))


def test_d4_4_on_the_line_the_minimum_is_the_noise() -> None:
    samples = datasets.noisy_line()
    _, _, floor = least_squares_line(samples)
    assert abs(floor - NOISE**2) <= NOISE**2 * 5 * np.sqrt(2 / len(samples))


def test_d4_6_with_one_input_the_many_input_model_is_the_line() -> None:
    samples = datasets.noisy_line(6, N=9)
    column = samples.X[:, np.newaxis]
    w, b = 0.7, -0.2
    dw, db = line.gradient(samples.X, samples.y, w, b)
    many_dw, many_db = multilinear.gradient(column, samples.y, np.array([w]), b)
    size = float(np.mean((np.abs(samples.X) + 1) * (np.abs(samples.X * w) + 1 + np.abs(samples.y))))
    allowed = 2 * (len(samples) + 8) * EPS * size * 2
    assert abs(dw - float(many_dw[0])) <= allowed
    assert abs(db - many_db) <= allowed


def test_d4_6_with_many_inputs_the_gradient_is_the_derivative() -> None:
    generator = np.random.default_rng(46)
    X, y = generator.normal(size=(9, 4)), generator.normal(size=9)
    check_gradient(
        lambda w, b: multilinear.loss(X, y, w, b),
        lambda w, b: multilinear.gradient(X, y, w, b),
        {"w": generator.normal(size=4), "b": 0.3},
    ).require()


def test_d4_10_the_lines_gradient_is_the_derivative() -> None:
    samples = datasets.noisy_line()
    check_gradient(
        lambda w, b: line.loss(samples.X, samples.y, w, b),
        lambda w, b: line.gradient(samples.X, samples.y, w, b),
        {"w": 0.6, "b": 0.9},
    ).require()


def test_d4_11_the_fitted_line_is_the_true_one_within_its_standard_errors() -> None:
    scores, floors = [], []
    samples_drawn, steps = 50, 60
    for seed in range(samples_drawn):
        samples = datasets.noisy_line(seed)
        end = fit(samples, 0.3, steps).end
        spread = float(np.mean(samples.X**2))
        standard_error = NOISE / np.sqrt(len(samples))
        scores += [
            (float(end["w"]) - 2) / (standard_error / np.sqrt(spread)),
            (float(end["b"]) - 1) / standard_error,
        ]
        floors.append(line.loss(samples.X, samples.y, float(end["w"]), float(end["b"])))
    # The mean of k squared standard normals is 1 ± √(2/k); N − 2 of N parts of noise stay.
    count = len(scores)
    assert abs(float(np.mean(np.square(scores))) - 1) <= 5 * np.sqrt(2 / count)
    freedom = 98 * samples_drawn
    expected = NOISE**2 * 98 / 100
    assert abs(float(np.mean(floors)) - expected) <= 5 * expected * np.sqrt(2 / freedom)


def test_d4_14_too_stiff_and_too_flexible_are_both_worse_on_new_data() -> None:
    degrees = (1, 2, 15)
    known, new = np.zeros(3), np.zeros(3)
    for seed in range(20):
        sample, other = (
            datasets.noisy_parabola(seed, N=40),
            datasets.noisy_parabola(seed + 20, N=40),
        )
        for column, degree in enumerate(degrees):
            X: Array = np.polynomial.legendre.legvander(sample.X / 2, degree)[:, 1:].astype(
                np.float64
            )
            design = np.column_stack([X, np.ones(len(X))])
            best, _, _, _ = lstsq(design, sample.y)
            known[column] += multilinear.loss(X, sample.y, best[:-1], float(best[-1])) / 20
            new[column] += multilinear.loss(X, other.y, best[:-1], float(best[-1])) / 20
    assert known[0] > known[1] > known[2]
    assert new[1] < new[2] < new[0]
    assert known[2] < NOISE**2 < new[2]  # it has learned the noise of one sample


def test_a_half_unit_of_a_printed_loss_is_what_its_places_say() -> None:
    assert {half_unit(figure) for figure in claim("D4.3").printed} == {0.5 * 10.0**-3}
