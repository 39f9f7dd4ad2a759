"""What a check of a gradient costs, beside the other checkers there are, in one run.

Run once, untimed, by `pytest`; timed by `pytest benchmarks/test_checkers.py --benchmark-only`,
which adds "times_own" to each figure: how many times as long as this suite's check it takes.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import pytest

from benchmarks.checkers import LARGE, RIVALS, SMALL, Question, compared, own, question
from benchmarks.machine import pinned
from checks import check_gradient

# 38,000 losses for one gradient of 1185 parameters: timed at P = 2 only.
TOO_LONG = {("numdifftools", LARGE)}
PAIRS = [
    pytest.param(rival, size, id=f"{rival}, {size}")
    for size in (SMALL, LARGE)
    for rival in RIVALS
    if (rival, size) not in TOO_LONG
]


@lru_cache
def drawn(name: str) -> Question:
    return question(name)


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("vectorised", [False, True], ids=["one by one", "vectorised"])
def test_own_check(size: str, vectorised: bool, benchmark: Any) -> None:
    benchmark.group = size
    with pinned(1):
        assert benchmark(partial(own, drawn(size), vectorised=vectorised))


@pytest.mark.parametrize(("rival", "size"), PAIRS)
def test_rival_check(rival: str, size: str, benchmark: Any) -> None:
    other = RIVALS[rival]
    if other.absent:
        pytest.skip(other.absent)
    if other.heavy and benchmark.disabled:
        pytest.skip(f"{other.package} takes seconds to import: asked with --benchmark-only")
    asked = drawn(size)
    benchmark.group = size
    with pinned(1):
        check = other.prepare(asked)
        assert benchmark(check)
        if not benchmark.disabled:
            ratio = compared(check, partial(own, asked))
            benchmark.extra_info["times_own"] = str(ratio)


def test_a_check_of_many_parameters_beats_one_difference_for_each() -> None:
    """By evaluations of the loss, which no load of the machine can change."""
    asked, calls = drawn(LARGE), [0]

    def loss(theta: Any) -> float:
        calls[0] += 1
        return asked.loss(theta)

    check_gradient(loss, asked.gradient, asked.at).require()
    assert calls[0] < len(asked.at) / 5
