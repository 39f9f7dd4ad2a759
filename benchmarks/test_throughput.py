"""How many submissions a second are graded in isolation, in units of Python starts with NumPy.

A rate of this machine at this moment says nothing, so both are measured in turn in one run: by the
clock, and in processor seconds of the grader and its worker, which other programs hardly move.
So is a call through the wire, in units of saying its numbers as JSON.
`pytest benchmarks/test_throughput.py -rP` prints the figures and the machine's load.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.machine import cores, pinned
from benchmarks.processor_time import own_seconds, seconds_below
from checks.commands.session import Settings, grade_submission
from checks.grading import grade
from checks.ratios import FEWEST_PAIRS, PairedRatio, median_ratio
from checks.respondent import Local
from checks.result import Report
from checks.submission.discovery import discover
from checks.submission.isolation.choice import choose
from checks.submission.limits import Limits
from checks.submission.supervisor import candidate_for, open_submission
from reference.catalogue import entry

CORRECTNESS = frozenset(
    {"contract", "predict", "loss", "gradient_own", "gradient_reference", "update"}
)
RIGHT = Path(__file__).parents[1] / "checks" / "examples" / "class" / "ana" / "line.py"
START = (sys.executable, "-c", "import numpy")
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
# The goal on two unloaded cores, and how long a start takes there, of which all is processor time.
GOAL, GOAL_CORES = 10, 2  # submissions a second
START_SECONDS = 0.065
FLOOR = GOAL / (GOAL_CORES / START_SECONDS)  # submissions graded in the time of one start
CEILING = GOAL_CORES / GOAL / START_SECONDS  # processor time of a submission, in starts
CALLS = 300  # in one measurement: some ticks of the system's clock
DEAREST_CALL = 0.2  # of its numbers' time as JSON, which is a tenth for each way


def settings() -> Settings:
    """The correctness questions in the strongest isolation of this machine."""
    return Settings(1, CORRECTNESS, Limits(), choose(trusted=True).tier)


def seconds(work: Callable[[], object], times: int, pool: ThreadPoolExecutor) -> float:
    """Wall time of doing this so many times, on as many threads as the pool has."""
    begun = time.perf_counter()
    for done in [pool.submit(work) for _ in range(times)]:
        done.result()
    return time.perf_counter() - begun


def side_by_side(
    first: Callable[[], object], second: Callable[[], object], seed: int = 0
) -> NDArray[np.float64]:
    """Wall seconds of doing each once on every core, in turn; shape (pairs, 2).

    Threads of one process stand for the command's processes: what the comparing waits for the
    interpreter's lock is lost, so that the rate of a class is no lower.
    """
    rows = []
    with ThreadPoolExecutor(cores()) as pool, pinned(1):
        for each in (first, second):
            seconds(each, cores(), pool)
        for pair in range(FEWEST_PAIRS):
            order = (first, second) if (pair + seed) % 2 else (second, first)
            taken = {each: seconds(each, cores(), pool) for each in order}
            rows.append((taken[first], taken[second]))
    return np.array(rows)


def start() -> None:
    """A Python with NumPy on one thread, as a worker is, and nothing done with it."""
    subprocess.run(START, check=True, env={**os.environ, **ONE_THREAD})


def grade_one() -> Report:
    """One right submission for line, from discovery to its report."""
    (submission,) = discover([str(RIGHT)])
    report = grade_submission(submission, settings())
    assert report.passed, report
    assert {check for check, _ in report.planned} == CORRECTNESS
    return report


def processor_of_grading(meanwhile: Callable[[], object] = lambda: None) -> float:
    """Processor seconds of grading one submission: of this process and of its worker's.

    Without the worker's end, which the kernel does in a few milliseconds; the worker's part is cut
    to whole ticks of the system.
    """
    chosen, model = settings(), entry("line")
    before = own_seconds()
    (submission,) = discover([str(RIGHT)])
    with open_submission(submission, model, chosen.limits, chosen.tier) as worker:
        assert grade(candidate_for(submission, model, worker), seed=1, only=CORRECTNESS).passed
        meanwhile()
        assert worker.pid is not None
        below = seconds_below(worker.pid)
    return own_seconds() - before + below


def processor_of_start() -> float:
    """Processor seconds of one start."""
    before = own_seconds()
    start()
    return own_seconds() - before


def in_starts(of_grading: Callable[[], float]) -> PairedRatio:
    """Processor time of one submission in that of one start, measured in turn."""
    with pinned(1):
        of_grading()
        rows = np.array([(of_grading(), processor_of_start()) for _ in range(FEWEST_PAIRS)])
    print(
        f"processor seconds: {rows[:, 0].mean():.3f} a submission, "
        f"{rows[:, 1].mean():.3f} a start; load {os.getloadavg()[0]:.1f} on {cores()} cores"
    )
    return median_ratio(rows[:, 0] / rows[:, 1])


def rates(first: Callable[[], object], second: Callable[[], object]) -> PairedRatio:
    """How many times as often the first is done in a second as the second, one at each core."""
    rows = side_by_side(first, second)
    a_second = cores() / np.median(rows, axis=0)
    print(
        f"a second: {a_second[0]:.1f} against {a_second[1]:.1f}; "
        f"load {os.getloadavg()[0]:.1f} on {cores()} cores"
    )
    return median_ratio(rows[:, 1] / rows[:, 0])


def reaches(ratio: PairedRatio) -> bool:
    """Whether the floor is within or below the interval: only what is surely slower fails."""
    return ratio.high >= FLOOR


def is_affordable(ratio: PairedRatio) -> bool:
    """Whether the ceiling is within or above the interval."""
    return ratio.low <= CEILING


def test_submissions_are_graded_as_fast_as_the_goal_asks(
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    ratio = rates(grade_one, start)
    print(f"submissions graded in the time of one start: {ratio}, at least {FLOOR:.2g} wanted")
    record_testsuite_property("submissions graded in the time of one start", str(ratio))
    assert reaches(ratio), f"{ratio} submissions in the time of one start, not {FLOOR:.3g}"


def test_a_submission_costs_as_little_processor_time_as_the_goal_asks(
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    ratio = in_starts(processor_of_grading)
    print(f"processor time of a submission in starts: {ratio}, at most {CEILING:.2g} wanted")
    record_testsuite_property("processor time of a submission in starts", str(ratio))
    assert is_affordable(ratio), f"{ratio} starts a submission, not {CEILING:.3g}"


def call_in_json(meanwhile: Callable[[], object] = lambda: None) -> PairedRatio:
    """What a call through the wire costs more than one in this process, in that of its numbers.

    1000 floats each way; processor time of both ends against that of saying them once as JSON.
    """
    (submission,), model, chosen = discover([str(RIGHT)]), entry("line"), settings()
    X, point = np.linspace(-1.0, 1.0, 1000), [{"w": 2.0, "b": 1.0}]
    local = Local({"predict": model.module.predict})

    def spent(call: Callable[[], object]) -> float:
        before = own_seconds() + seconds_below(os.getpid())
        for _ in range(CALLS):
            call()
        return own_seconds() + seconds_below(os.getpid()) - before

    def as_json() -> object:
        return json.loads(json.dumps(X.tolist()))

    with open_submission(submission, model, chosen.limits, chosen.tier) as worker:

        def through() -> None:
            worker.ask("predict", {"X": X}, point)
            meanwhile()

        within = partial(local.ask, "predict", {"X": X}, point)
        rows = [(spent(through) - spent(within)) / spent(as_json) for _ in range(FEWEST_PAIRS)]
    return median_ratio(np.array(rows))


def test_a_call_costs_little_beside_saying_its_numbers_as_json() -> None:
    ratio = call_in_json()
    assert ratio.low <= DEAREST_CALL, f"{ratio} of the time as JSON, not {DEAREST_CALL}"


@pytest.mark.exhaustive
def test_a_call_that_says_half_its_numbers_as_json_would_be_seen() -> None:
    half = np.linspace(-1.0, 1.0, 500)
    assert call_in_json(lambda: json.loads(json.dumps(half.tolist()))).low > DEAREST_CALL


@pytest.mark.exhaustive
def test_a_grading_that_starts_six_pythons_more_would_be_seen() -> None:
    def slow() -> None:
        grade_one()
        for _ in range(6):
            start()

    assert not reaches(rates(slow, start))


@pytest.mark.exhaustive
def test_a_grading_that_costs_three_starts_more_would_be_seen() -> None:
    def burn() -> None:
        for _ in range(3):
            start()

    assert not is_affordable(in_starts(partial(processor_of_grading, burn)))


@pytest.mark.parametrize(("times", "expected"), [(1, True), (40, False)])
def test_the_floor_has_two_sides(times: int, expected: bool) -> None:
    """Sleeps in the place of both: one start's time reaches the floor, forty do not."""
    nap = partial(time.sleep, 0.002)
    assert reaches(rates(partial(time.sleep, 0.002 * times), nap)) is expected
