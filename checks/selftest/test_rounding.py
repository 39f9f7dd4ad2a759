"""Is the rounding that the battery allows enough for any order of a sum, and not much more?"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from checks.battery.rounding import EPSILON, rounding_scale
from checks.battery.vectorised import SIZES
from reference.contract import Array, Arrays

SEED = 11


def dot(arrays: Arrays) -> Array:
    return np.asarray(arrays["x"] @ arrays["w"])


def drawn(n: int) -> dict[str, Array]:
    rng = np.random.default_rng(SEED)
    return {"x": rng.standard_normal(n), "w": rng.standard_normal(n)}


@pytest.mark.parametrize("n", SIZES)
def test_a_sum_in_any_order_is_within_the_allowance(n: int) -> None:
    arrays = drawn(n)
    terms = arrays["x"] * arrays["w"]
    rng = np.random.default_rng(SEED)
    orders = (terms, terms[::-1], np.sort(terms), np.sort(terms)[::-1], rng.permutation(terms))
    sums = [list(itertools.accumulate(order.tolist()))[-1] for order in orders]
    allowed = float(rounding_scale(dot, arrays, SEED))
    assert max(sums) - min(sums) <= allowed


def test_a_few_hundred_roundings_are_too_many() -> None:
    one = {"x": np.array([1.0])}
    assert float(rounding_scale(lambda arrays: arrays["x"], one, SEED)[0]) < 500 * EPSILON


def test_a_small_entry_has_its_own_allowance() -> None:
    both = {"x": np.array([1.0, 2.0**-40])}
    large, small = rounding_scale(lambda arrays: arrays["x"], both, SEED).tolist()
    assert small < large / 2**39


def test_cancellation_is_allowed_for() -> None:
    near = {"x": np.array([1.0]), "w": np.array([1.0 + 2.0**-30])}
    allowed = float(rounding_scale(lambda a: a["x"] - a["w"], near, SEED)[0])
    assert allowed > EPSILON
