"""The fitted exponent: what is known comes out, and an N × N intermediate is told from a sum."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import scaling
from benchmarks.pairs import BENCHMARKS

EPS = float(np.finfo(float).eps)
SAMPLES = (100, 200, 400, 800)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_an_exact_power_is_found_exactly(exponent: float) -> None:
    growth = scaling.fit("m", "loop", SAMPLES, [3e-9 * N**exponent for N in SAMPLES])
    for found in (growth.exponent, growth.low, growth.high):
        assert found == pytest.approx(exponent, rel=len(SAMPLES) * 1e3 * EPS, abs=0)


def test_one_disturbed_point_does_not_move_it() -> None:
    seconds = [float(N) for N in SAMPLES]
    seconds[1] *= 1.5
    growth = scaling.fit("m", "loop", SAMPLES, seconds)
    assert growth.low <= 1.0 <= growth.high


def test_two_sizes_are_no_fit() -> None:
    with pytest.raises(ValueError, match="at least 3 sizes, got 2"):
        scaling.fit("m", "loop", (1, 2), (1.0, 2.0))


def test_the_loop_of_a_model_grows_with_its_samples() -> None:
    case = next(one for one in BENCHMARKS if one.name == "line N=100")
    growth = scaling.measure(case, "loop")
    assert growth.samples == scaling.SAMPLES["loop"]
    assert 0.5 < growth.exponent < 1.5  # no constant, no square


def test_surfaces_have_no_samples_and_no_growth() -> None:
    assert scaling.measure_all(["hill"]) == []
