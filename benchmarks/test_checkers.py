"""What a check of a gradient costs, beside the other checkers there are, in one run.

Run once, untimed, by `pytest`; timed by `pytest benchmarks/test_checkers.py --benchmark-only`,
which prints how many times as long as this suite's check each of them takes.
"""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pytest

from benchmarks.checkers import (
    DATA,
    LARGE,
    OWN_VECTORISED,
    RIVALS,
    SHAPES,
    SMALL,
    TOO_LONG,
    Cost,
    Question,
    cost,
    cost_table,
    own,
    question,
)
from benchmarks.machine import pinned
from checks import check_gradient
from checks.ratios import PairedRatio

README = Path(__file__).parents[1] / "README.md"
PAIRS = [
    pytest.param(rival, size, id=f"{rival}, {size}")
    for size in SHAPES
    for rival in RIVALS
    if (rival, size) not in TOO_LONG
]


@lru_cache
def drawn(name: str) -> Question:
    return question(name)


@pytest.mark.parametrize("size", SHAPES)
def test_own_check(size: str, benchmark: Any) -> None:
    benchmark.group = size
    with pinned(1):
        assert benchmark(partial(own, drawn(size)))


@pytest.mark.parametrize(("rival", "size"), PAIRS)
def test_rival_check(rival: str, size: str, benchmark: Any, checker_costs: list[Cost]) -> None:
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
            checker_costs.append(cost(asked, rival, check))
            benchmark.extra_info["times_own"] = str(checker_costs[-1].ratio)


def test_a_check_of_many_parameters_beats_one_difference_for_each() -> None:
    """By evaluations of the loss, which no load of the machine can change."""
    asked, calls = drawn(LARGE), [0]

    def loss(theta: Any) -> float:
        calls[0] += 1
        return asked.loss(theta)

    check_gradient(loss, asked.gradient, asked.at).require()
    assert calls[0] < len(asked.at) / 5
    assert f"mostly for {calls[0]} losses" in README.read_text()


def test_the_table_has_a_line_for_each_comparison() -> None:
    costs = [Cost(SMALL, OWN_VECTORISED, PairedRatio(0.9, 0.8, 1.0, 12))]
    costs += [Cost(DATA, "scipy check_grad", PairedRatio(21.0, 20.5, 22.0, 6))]
    assert cost_table(costs).splitlines()[1:] == [
        f"  {SMALL}",
        f"    {OWN_VECTORISED:<28}0.9 [0.8, 1]",
        f"  {DATA}",
        f"    {'scipy check_grad':<28}21 [20.5, 22]",
    ]
