"""Is a cost called growing only where it grows over the whole range, as fast as is forbidden?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from checks.battery.vectorised import GROWTH, SIZES, growth
from checks.selftest.graded import failed, first_failure, functions, report
from reference.catalogue import entry

SMALLEST, _, LARGEST = SIZES


@pytest.mark.parametrize(
    "cost",
    [
        pytest.param(lambda n: n**2, id="quadratic"),
        pytest.param(lambda n: n**1.5, id="N^1.5"),
        pytest.param(lambda n: n + n**2 / SMALLEST, id="quadratic beside as much that is linear"),
    ],
)
def test_a_cost_grows(cost: Callable[[float], float]) -> None:
    assert growth([cost(n) for n in SIZES]) > GROWTH


@pytest.mark.parametrize(
    "cost",
    [
        pytest.param(lambda n: n, id="linear"),
        pytest.param(lambda n: 50 * LARGEST + n, id="a fixed cost"),
        pytest.param(lambda n: n * (1 if n == SMALLEST else 8), id="dear from the middle on"),
        pytest.param(lambda n: n * (2 if n == LARGEST else 1), id="twice as dear at the end"),
    ],
)
def test_a_cost_does_not_grow(cost: Callable[[float], float]) -> None:
    assert growth([cost(n) for n in SIZES]) <= GROWTH


def test_memory_that_grows_fails_where_time_does_not() -> None:
    line = entry("line").module

    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        table = np.empty((len(X), len(X)))  # set aside, and never written
        return line.gradient(X, y, w, b) if table.size else None

    graded = report("line", functions("line", gradient=gradient))
    assert failed(graded) == {"vectorised"}
    assert "peak memory that grows" in first_failure(graded, "vectorised")
