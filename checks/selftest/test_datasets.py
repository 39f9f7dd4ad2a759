"""Are the data the documents' data?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from reference import datasets
from reference.datasets import Samples


def test_the_legacy_generator_gives_the_printed_start() -> None:
    # D0.2 prints w(0) = 0.1380 to four places.
    assert f"{datasets.noisy_slope().start['w']:.4f}" == "0.1380"


def test_another_order_of_drawing_gives_another_start() -> None:
    generator = np.random.RandomState(13)
    first_drawn = float(generator.uniform())
    assert datasets.noisy_slope().start["w"] != first_drawn


@pytest.mark.parametrize(
    ("samples", "shapes"),
    [
        pytest.param(datasets.noisy_slope(), ((20,), (20,)), id="noisy_slope"),
        pytest.param(datasets.noisy_line(), ((100,), (100,)), id="noisy_line"),
        pytest.param(datasets.noisy_parabola(N=7), ((7,), (7,)), id="noisy_parabola"),
        pytest.param(datasets.iris(), ((150, 2), (150,)), id="iris"),
        pytest.param(datasets.iris(older=True), ((150, 2), (150,)), id="older_iris"),
        pytest.param(datasets.digits_zero_one(), ((360, 64), (360, 1)), id="digits"),
    ],
)
def test_shapes_are_those_of_the_docstring(
    samples: Samples, shapes: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    assert (samples.X.shape, samples.y.shape) == shapes
    assert samples.X.dtype == samples.y.dtype == np.float64
    assert len(samples) == shapes[1][0]


def test_the_two_iris_tables_differ_in_row_37_only() -> None:
    current, older = datasets.iris(), datasets.iris(older=True)
    differs = np.any(current.X != older.X, axis=1) | (current.y != older.y)
    assert np.flatnonzero(differs).tolist() == [37]  # row 34 differs in petal width alone
    assert [*current.X[37], current.y[37]] == [4.9, 3.6, 1.4]
    assert [*older.X[37], older.y[37]] == [4.9, 3.1, 1.5]


def test_the_digits_are_zeros_and_ones_on_the_unit_interval() -> None:
    digits = datasets.digits_zero_one()
    assert (float(digits.X.min()), float(digits.X.max())) == (0.0, 1.0)
    labels, counts = np.unique(digits.y, return_counts=True)
    assert (labels.tolist(), counts.tolist()) == ([0.0, 1.0], [178, 182])


@pytest.mark.parametrize(
    "draw",
    [datasets.noisy_slope, datasets.noisy_line, datasets.noisy_parabola],
    ids=["slope", "line", "parabola"],
)
def test_the_seed_decides_the_noise(draw: Callable[[int], Samples]) -> None:
    once, again, other = draw(5), draw(5), draw(6)
    np.testing.assert_array_equal(once.y, again.y)
    assert np.all(once.y != other.y)
    assert once.seed == 5


@pytest.mark.parametrize(
    ("samples", "powers"),
    [
        pytest.param(datasets.noisy_line(N=10_000), (1, 2, 0), id="line"),
        pytest.param(datasets.noisy_parabola(N=10_000), (0, 0, 1), id="parabola"),
    ],
)
def test_the_noise_has_standard_deviation_one_half(
    samples: Samples, powers: tuple[float, float, float]
) -> None:
    noise = samples.y - np.polynomial.polynomial.polyval(samples.X, powers)
    # The sample deviation of N normals scatters by σ/√(2N); five of those are a safe interval.
    assert abs(float(np.std(noise)) - 0.5) <= 5 * 0.5 / np.sqrt(2 * len(samples))


def test_normalised_data_have_largest_entry_one() -> None:
    iris = datasets.normalised(datasets.iris())
    assert np.max(iris.X, axis=0).tolist() == [1.0, 1.0]
    assert float(np.max(iris.y)) == 1.0


@pytest.mark.parametrize(
    ("X", "y"),
    [
        pytest.param([-1.0, -2.0], [1.0, 2.0], id="inputs below zero"),
        pytest.param([1.0, 2.0], [0.0, 0.0], id="targets of zero"),
    ],
)
def test_normalising_without_a_positive_maximum_is_refused(X: list[float], y: list[float]) -> None:
    samples = Samples("no maximum", np.array(X), np.array(y), "D3")
    with pytest.raises(ValueError, match="needs a positive maximum in every column"):
        datasets.normalised(samples)
