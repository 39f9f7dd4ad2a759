"""Every model at every size, as a plain loop and vectorised.

Run once, untimed, by `pytest`; timed by `pytest benchmarks --benchmark-only`, with a closing table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import pytest

from benchmarks.agreement import agree
from benchmarks.machine import pinned
from benchmarks.pairs import BENCHMARKS, Benchmark, Workload
from benchmarks.plugin import ClosingTable

# Larger loops are left to `python -m benchmarks`: the everyday run has 20 seconds for all of these.
MOST_TERMS = 1_000_000
LOOP, VECTORISED = "loop", "vectorised"

VARIANTS = [
    pytest.param(case, variant, id=f"{case.name}, {variant}")
    for case in BENCHMARKS
    for variant in (LOOP, VECTORISED)
    if variant is VECTORISED or case.loop_terms <= MOST_TERMS
]


@lru_cache(maxsize=1)  # both variants of a size follow each other
def drawn(case: Benchmark) -> Workload:
    return case.draw()


@lru_cache(maxsize=1)
def answer_of_loop(case: Benchmark) -> object:
    loop = drawn(case).loop
    assert loop is not None
    return loop()


@pytest.mark.parametrize(("case", "variant"), VARIANTS)
def test_update(case: Benchmark, variant: str, benchmark: Any, closing_table: ClosingTable) -> None:
    """Both variants agree before one of them is timed, and its answer is right afterwards."""
    workload = drawn(case)
    if case.loop_terms <= MOST_TERMS:
        agreed = agree(answer_of_loop(case), workload.vectorised(), workload.allowance)
        assert agreed, agreed.sentence
    call: Callable[[], object] | None = workload.vectorised
    if variant is LOOP:  # untimed, the run that was just checked is the one run
        call = partial(answer_of_loop, case) if benchmark.disabled else workload.loop
    benchmark.group = case.name
    with pinned(1):
        answer = benchmark(call)
    if case.loop_terms <= MOST_TERMS:
        again = agree(answer, answer_of_loop(case), workload.allowance)
        assert again, again.sentence
    if variant is VECTORISED and not benchmark.disabled:
        benchmark.extra_info.update(closing_table.add(workload))
