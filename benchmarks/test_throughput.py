"""How many submissions a second are graded in isolation, in units of Python starts with NumPy.

A rate of this machine at this moment says nothing, so both are measured in turn in one run.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from benchmarks.machine import cores, pinned
from benchmarks.paired import FEWEST_PAIRS, PairedRatio, median_ratio
from checks.commands.session import Settings, grade_submission
from checks.result import Report
from checks.submission.discovery import discover
from checks.submission.isolation.choice import choose
from checks.submission.limits import Limits

CORRECTNESS = frozenset(
    {"contract", "predict", "loss", "gradient_own", "gradient_reference", "update"}
)
RIGHT = Path(__file__).parents[1] / "checks" / "examples" / "class" / "ana" / "line.py"
START = (sys.executable, "-c", "import numpy")
# The goal on two unloaded cores, and how long a start takes there (the design's measurements).
GOAL, GOAL_CORES = 10, 2  # submissions a second
START_SECONDS = 0.076
FLOOR = GOAL / (GOAL_CORES / START_SECONDS)  # submissions graded in the time of one start


def settings() -> Settings:
    """The correctness questions in the strongest isolation of this machine."""
    return Settings(1, CORRECTNESS, Limits(), choose(trusted=True).tier)


def seconds(work: Callable[[], object], times: int, pool: ThreadPoolExecutor) -> float:
    """Wall time of doing this so many times, on as many threads as the pool has."""
    begun = time.perf_counter()
    for done in [pool.submit(work) for _ in range(times)]:
        done.result()
    return time.perf_counter() - begun


def rates(first: Callable[[], object], second: Callable[[], object], seed: int = 0) -> PairedRatio:
    """How many times as often the first is done in a second as the second, one at each core.

    Threads of one process stand for the command's processes: what the comparing waits for the
    interpreter's lock is lost, so that the rate of a class is no lower.
    """
    ratios = []
    with ThreadPoolExecutor(cores()) as pool, pinned(1):
        for each in (first, second):
            seconds(each, cores(), pool)
        for pair in range(FEWEST_PAIRS):
            order = (first, second) if (pair + seed) % 2 else (second, first)
            taken = {each: seconds(each, cores(), pool) for each in order}
            ratios.append(taken[second] / taken[first])
    return median_ratio(np.array(ratios))


def start() -> None:
    """A Python with NumPy, and nothing done with it."""
    subprocess.run(START, check=True)


def grade() -> Report:
    """One right submission for line, from discovery to its report."""
    (submission,) = discover([str(RIGHT)])
    report = grade_submission(submission, settings())
    assert report.passed, report
    assert {check for check, _ in report.planned} == CORRECTNESS
    return report


def reaches(ratio: PairedRatio) -> bool:
    """Whether the floor is within or below the interval: only what is surely slower fails."""
    return ratio.high >= FLOOR


def test_submissions_are_graded_as_fast_as_the_goal_asks(
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    ratio = rates(grade, start)
    record_testsuite_property("submissions graded in the time of one start", str(ratio))
    assert reaches(ratio), f"{ratio} submissions in the time of one start, not {FLOOR:.3g}"


@pytest.mark.exhaustive
def test_a_grading_that_starts_six_pythons_more_would_be_seen() -> None:
    def slow() -> None:
        grade()
        for _ in range(6):
            start()

    assert not reaches(rates(slow, start))


@pytest.mark.parametrize(("times", "expected"), [(1, True), (40, False)])
def test_the_floor_has_two_sides(times: int, expected: bool) -> None:
    """Sleeps in the place of both: one start's time reaches the floor, forty do not."""
    nap = partial(time.sleep, 0.002)
    assert reaches(rates(partial(time.sleep, 0.002 * times), nap)) is expected
