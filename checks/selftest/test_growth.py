"""Is a cost called growing only where it grows over the whole range, as fast as is forbidden?"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from checks.battery.check import Finding
from checks.battery.samples import sized
from checks.battery.vectorised import GROWTH, SIZES, VECTORISED, fastest, growth
from checks.candidate import Candidate
from checks.grading import oracle_for
from checks.respondent import NOTHING, Answer, Arguments, Local
from checks.result import Verdict
from checks.selftest.graded import SEED, failed, first_failure, functions, report
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


COMPETITORS = 3


class Dear(Local):
    """The reference's line, whose answers are said to have taken seconds like N^exponent."""

    def __init__(self, exponent: float) -> None:
        super().__init__(functions("line"))
        self.exponent = exponent

    def ask(
        self,
        function: str,
        fixed: Arguments,
        varying: Sequence[Arguments] = ({},),
        *,
        trace: bool = False,
    ) -> list[Answer]:
        if function == NOTHING:
            return [Answer(0.0)]
        answers = super().ask(function, fixed, varying, trace=trace)
        X = {**fixed, **varying[0]}["X"]
        assert isinstance(X, np.ndarray)
        seconds = self.seconds(len(X))
        return [replace(answer, seconds=seconds) for answer in answers]

    def seconds(self, n: int) -> float:
        """What a gradient of n samples is said to have taken."""
        seconds: float = 1e-6 * float(n) ** self.exponent
        return seconds


class Slow(Dear):
    """The same, with a factor: so many seconds for a sample alone."""

    def __init__(self, alone: float, exponent: float) -> None:
        super().__init__(exponent)
        self.alone, self.asked = alone, [0]

    def seconds(self, n: int) -> float:
        self.asked.append(n)
        return self.alone / 1e-6 * super().seconds(n)


@pytest.mark.parametrize(
    ("seconds", "largest"), [(1e-6, LARGEST), (3e-4, LARGEST // 4), (1e-2, LARGEST // 16)]
)
@pytest.mark.parametrize(
    ("exponent", "verdict"), [(1.0, Verdict.PASSED), (2.0, Verdict.FAILED)], ids=str
)
def test_a_slow_gradient_is_asked_at_fewer_samples(
    seconds: float, largest: int, exponent: float, verdict: Verdict
) -> None:
    line, oracle = entry("line"), oracle_for(entry("line"), SEED)
    first = next(case for case in oracle.cases if VECTORISED.applies(line, case))
    slow = Slow(seconds * SMALLEST ** (1.0 - exponent), exponent)  # the same at SMALLEST
    found = VECTORISED.run(Candidate("slow", line, slow, "mutant"), first, oracle)
    assert (found.verdict, max(slow.asked)) == (verdict, largest)


def test_memory_that_takes_long_to_trace_is_traced_at_fewer_samples() -> None:
    """Ten times as long as without: a right loop would run into the limit of a call."""

    class Traced(Dear):
        largest = 0

        def ask(self, *args: Any, trace: bool = False, **kwargs: Any) -> list[Answer]:
            self.factor = 2000.0 if trace else 1.0
            return super().ask(*args, trace=trace, **kwargs)

        def seconds(self, n: int) -> float:
            if self.factor > 1:
                self.largest = max(self.largest, n)
            return self.factor * super().seconds(n)

    line, oracle = entry("line"), oracle_for(entry("line"), SEED)
    first = next(case for case in oracle.cases if VECTORISED.applies(line, case))
    traced = Traced(1.0)
    found = VECTORISED.run(Candidate("traced", line, traced, "mutant"), first, oracle)
    assert (found.verdict, traced.largest) == (Verdict.PASSED, LARGEST // 16)


def test_the_first_call_in_fresh_memory_is_not_counted() -> None:
    class Fresh(Dear):
        last = 0

        def seconds(self, n: int) -> float:
            first, self.last = n != self.last, n
            return super().seconds(n) * (1 / 4 if first and n < LARGEST else 1.0)

    line = entry("line")
    cases = [sized(line, SEED, size) for size in SIZES]
    seconds = fastest(Candidate("fresh", line, Fresh(1.0), "mutant"), cases)
    assert growth(seconds) == pytest.approx(1.0)


@contextmanager
def busy_processor() -> Iterator[None]:
    """This process on one processor with COMPETITORS that never rest."""
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(everywhere)})
    told = "import sys; print(flush=True)\nwhile True: pass"
    others = [
        subprocess.Popen([sys.executable, "-c", told], stdout=subprocess.PIPE)
        for _ in range(COMPETITORS)
    ]
    try:
        for other in others:
            assert other.stdout is not None
            other.stdout.readline()  # it runs
        yield
    finally:
        for other in others:
            other.kill()
            other.communicate()
        os.sched_setaffinity(0, everywhere)


def cost_of(exponent: float, origin: str) -> Finding:
    """What is found of a gradient whose time grows so, where the growth is asked."""
    line, oracle = entry("line"), oracle_for(entry("line"), SEED)
    first = next(case for case in oracle.cases if VECTORISED.applies(line, case))
    return VECTORISED.run(Candidate("dear", line, Dear(exponent), origin), first, oracle)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are bound to a processor on Linux")
@pytest.mark.parametrize(
    ("exponent", "origin", "verdict"),
    [
        pytest.param(1.0, "submission", Verdict.PASSED, id="as fast as is allowed"),
        # Of the processor the process gets a quarter: the largest time may be four times too long.
        pytest.param(GROWTH + 0.1, "submission", Verdict.UNDECIDED, id="as waiting explains"),
        pytest.param(GROWTH + 2.0, "submission", Verdict.FAILED, id="faster than waiting explains"),
        pytest.param(GROWTH + 0.1, "mutant", Verdict.FAILED, id="by a clock that does not wait"),
    ],
)
def test_a_busy_machine_is_not_blamed_on_a_submission(
    exponent: float, origin: str, verdict: Verdict
) -> None:
    with busy_processor():
        found = cost_of(exponent, origin)
    assert found.verdict is verdict
    assert ("too busy to tell" in found.observed) is (verdict is Verdict.UNDECIDED)
