"""What people read: units, ratios with intervals, and verdict lines that tell the story alone."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from benchmarks import table
from benchmarks.decision import Outcome, Threshold
from benchmarks.machine import MEMORY, Machine
from benchmarks.pairs import BENCHMARKS
from benchmarks.regression import Change, Comparison
from benchmarks.row import Row
from checks.ratios import PairedRatio

MACHINE = Machine(
    "m1", {"processor": "P"}, 1, {"L1": 1000}, {"L1": 2e10, MEMORY: 1e10}, {"float64": 5e10}
)
ROW = Row(
    "line N=10000", "line", "N=10000", 7e-3, 7e-6, PairedRatio(1000.0, 990.0, 1010.0, 20),
    160_000, 0.0, 80_000, 3.5e-6,
)  # fmt: skip
SAME = Change("line N=10000", Outcome.SAME, 1.001, 0.99, 1.01, 1.0, 4, (7e-6, 7e-6), (100, 100))
LIMIT = Threshold(math.log(1.03), 0.004, 2)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (2.0, "2 s"),
        (1.5e-3, "1.5 ms"),
        (3.14159e-6, "3.14 µs"),
        (9.996e-4, "1000 µs"),
        (2.5e-8, "25 ns"),
        (None, "–"),
    ],
    ids=str,
)
def test_a_time_is_told_with_its_unit(seconds: float | None, expected: str) -> None:
    assert table.duration(seconds) == expected


@pytest.mark.parametrize(
    ("size", "expected"), [(12, "12 B"), (1_950, "1.95 kB"), (8e6, "8 MB"), (2e9, "2 GB")], ids=str
)
def test_memory_is_told_with_its_unit(size: float, expected: str) -> None:
    assert table.amount(size) == expected


def test_a_row_has_ratio_interval_rate_share_and_memory() -> None:
    assert table.cells(ROW) == (
        "line", "N=10000", "7 ms", "7 µs", "1000 [990, 1010]", "22.9 GB/s", "50%", "80 kB",
    )  # fmt: skip


def test_many_operations_are_told_in_operations() -> None:
    multiplied = replace(ROW, operations=70_000_000.0)
    assert table.cells(multiplied)[5] == "10000 GFLOP/s"


def test_a_row_without_a_loop_has_no_ratio() -> None:
    cells = table.cells(replace(ROW, loop=None, ratio=None))
    assert (cells[2], cells[4]) == ("–", "–")


def test_the_conditions_state_clock_threads_and_limits() -> None:
    told = table.conditions(replace(MACHINE, notes=("mind the gap",)))
    for piece in ("machine m1", "clock: CPU time", "garbage collection off", "with 1 thread",
                  "L1 20 GB/s, memory 10 GB/s", "50 GFLOP/s float64", "mind the gap"):  # fmt: skip
        assert piece in told


def comparison(*changes: Change) -> Comparison:
    return Comparison("v1", "v2", changes, LIMIT, 5)


def test_the_first_line_of_a_comparison_tells_the_story() -> None:
    slower = replace(SAME, benchmark="plane N=100", outcome=Outcome.SLOWER, ratio=1.2)
    assert table.verdict_line(comparison(SAME, slower)) == (
        "v2 against v1, 2 benchmarks compared: plane N=100 (slower)"
    )
    assert table.verdict_line(comparison(SAME)) == (
        "v2 against v1, 1 benchmark compared: nothing is slower, heavier or computes something else"
    )


def test_new_and_vanished_are_named_and_undecided_is_no_failure() -> None:
    changes = (
        SAME,
        Change("fresh", Outcome.NEW),
        Change("ancient", Outcome.VANISHED),
        replace(SAME, benchmark="noisy", outcome=Outcome.UNDECIDED),
    )
    told = table.comparison_text(comparison(*changes))
    for name in ("fresh", "ancient", "noisy", "new", "vanished", "undecided", "seed 5"):
        assert name in told
    assert comparison(*changes).passed


@pytest.mark.parametrize("outcome", [Outcome.SLOWER, Outcome.DIFFERENT, Outcome.BROKEN], ids=str)
def test_what_fails_fails_the_comparison(outcome: Outcome) -> None:
    assert not comparison(SAME, replace(SAME, outcome=outcome)).passed


@pytest.mark.parametrize(
    ("base", "head", "heavier"),
    [(100, 4_000, False), (100, 8_000, True), (10**6, 10**6 + 20_000, False),
     (10**6, 10**6 + 40_000, True), (10**6, 10**5, False)],
    ids=["within a page", "over a page", "within the smallest change", "beyond it", "lighter"],
)  # fmt: skip
def test_more_memory_is_a_regression_of_its_own(base: int, head: int, heavier: bool) -> None:
    change = replace(SAME, peak_bytes=(base, head))
    assert change.heavier is heavier
    assert comparison(change).passed is not heavier


MULTIPLIED = {
    "multilinear N=10000 d=10": 4 * 10_000 * 10,
    "mlp N=100 d=4 h1=8 h2=6": 100 * (6 * (4 * 8 + 8 * 6 + 6 * 1) - 2 * 4 * 8),
    "dense N=100 d=3 o=2": 4 * 100 * 3 * 2,
    "line N=100": 0,
}


@pytest.mark.parametrize("name", MULTIPLIED)
def test_operations_and_bytes_are_those_of_the_formulas(name: str) -> None:
    workload = next(one for one in BENCHMARKS if one.name == name).draw()
    assert workload.operations == MULTIPLIED[name]
    data = sum(value.nbytes for value in workload.case.data.values())
    assert workload.bytes_read >= data
