"""The median of paired ratios has an interval as wide as it says, and is told in three digits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from checks.ratios import CONFIDENCE, FEWEST_PAIRS, PairedRatio, median_ratio


@pytest.mark.parametrize("pairs", [FEWEST_PAIRS, 9, 20], ids=lambda n: f"{n} pairs")
def test_the_interval_holds_the_true_median_as_often_as_it_says(pairs: int) -> None:
    trials = 2_000
    random = np.random.default_rng(7)
    ratios = np.exp(random.standard_normal((trials, pairs)))
    held = sum(one.low <= 1.0 <= one.high for one in map(median_ratio, ratios))
    # Distribution-free and discrete: at least the confidence, less three standard errors of this.
    standard_error = math.sqrt(CONFIDENCE * (1 - CONFIDENCE) / trials)
    assert held / trials > CONFIDENCE - 3 * standard_error


def test_too_few_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match=f"at least {FEWEST_PAIRS} pairs, got 5"):
        median_ratio(np.ones(5))


def test_a_large_ratio_is_written_out() -> None:
    assert str(PairedRatio(1163.2, 1139.9, 0.01044, 20)) == "1160 [1140, 0.0104]"
