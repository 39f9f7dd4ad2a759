"""The paired timing: which side is slower, by how much, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from benchmarks.paired import calls_for, interleave
from checks.ratios import FEWEST_PAIRS

ONCE = tuple(range(2_000))
TWICE = ONCE * 2


def work() -> int:
    return sum(ONCE)


def double_work() -> int:
    return sum(TWICE)


@pytest.mark.parametrize(
    ("first", "second", "slower"),
    [(double_work, work, 0), (work, double_work, 1)],
    ids=["first does twice the work", "second does twice the work"],
)
def test_the_side_with_twice_the_work_is_the_slower_one(
    first: Callable[[], int], second: Callable[[], int], slower: int
) -> None:
    times = interleave(first, second, block_seconds=0.001)
    expected = (1.0, math.inf) if slower == 0 else (0.0, 1.0)
    assert expected[0] < times.ratio.low <= times.ratio.high < expected[1]
    assert times.seconds[slower] > times.seconds[1 - slower]


def test_every_call_is_counted() -> None:
    calls = {"first": 0, "second": 0}

    def first() -> None:
        calls["first"] += 1
        work()

    def second() -> None:
        calls["second"] += 1
        work()

    pairs = 8
    times = interleave(first, second, pairs=pairs, block_seconds=0.0005)
    assert times.cpu.shape == times.wall.shape == (pairs, 2)
    assert calls["first"] >= pairs * times.calls[0]
    assert calls["second"] >= pairs * times.calls[1]


def test_the_order_within_pairs_is_random_and_follows_the_seed() -> None:
    def order(seed: int) -> list[str]:
        taken: list[str] = []

        def first() -> None:
            taken.append("first")
            work()

        def second() -> None:
            taken.append("second")
            work()

        interleave(first, second, seed=seed, block_seconds=1e-9)
        return taken

    assert order(1)[-40:] == order(1)[-40:]
    assert order(1)[-40:] != order(2)[-40:]
    assert {"first", "second"} == {pair[0] for pair in zip(order(1)[-40::2], strict=True)}


def test_time_ends_the_comparison_after_the_fewest_pairs() -> None:
    times = interleave(work, work, pairs=10_000, block_seconds=1e-6, seconds=0.0)
    assert times.ratio.pairs == FEWEST_PAIRS


def test_a_block_holds_as_many_calls_as_its_time_allows() -> None:
    few, many = calls_for(work, 0.001), calls_for(work, 0.004)
    assert 1 <= few < many
