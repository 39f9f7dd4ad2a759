"""Is a submission's speed beside the reference's told, and does it leave the verdicts alone?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from pathlib import Path

import pytest

from checks.battery.oracle import Oracle
from checks.battery.speed import (
    BLOCK_SECONDS,
    DROPPED,
    PAIRS,
    SAMPLES,
    TRIALS,
    Question,
    speed,
)
from checks.candidate import Candidate, reference_candidate
from checks.grading import grade, plan
from checks.report.speed import speed_of
from checks.respondent import NOTHING, Answer, Arguments, Local
from checks.result import Report, Verdict
from checks.selftest.submission.conftest import handed_in
from checks.submission.supervisor import candidate_for, open_submission
from reference.catalogue import entry
from reference.contract import Array

SEED = 7
VECTORISED = """
def loss(X, y, w, b):
    r = X * w + b - y
    return float(r @ r) / len(y)

def gradient(X, y, w, b):
    r = X * w + b - y
    return float(2 * (r @ X)) / len(y), float(2 * r.sum()) / len(y)

def update(X, y, learning_rate, w, b):
    dw, db = gradient(X, y, w, b)
    return w - learning_rate * dw, b - learning_rate * db
"""
STEP = "    dw, db = gradient(X, y, w, b)\n"


def changed(line: str) -> str:
    """The fast program with this line in the place of its step's first."""
    return VECTORISED.replace(STEP, f"{line}\n{STEP}")


SLOW = changed("    for _ in range(1000): gradient(X, y, w, b)")
FORGETS = VECTORISED.replace("def update", "def other")
SLEEPS = changed(f"    if len(y) == {SAMPLES}: __import__('time').sleep(0.1)")
BREAKS = changed(f"    if len(y) == {SAMPLES}: raise RuntimeError('no')")


def graded(folder: Path, source: str) -> Report:
    submission = handed_in(folder / "ana", source)
    with open_submission(submission, entry("line")) as worker:
        candidate = candidate_for(submission, entry("line"), worker)
        return grade(candidate, seed=SEED, only={"vectorised"})


def test_the_interval_holds_the_median_in_nineteen_of_twenty() -> None:
    outside = 2 * sum(comb(PAIRS, k) for k in range(DROPPED + 1)) / 2**PAIRS
    assert outside < 1 / 20


def test_a_slow_update_is_told_from_a_fast_one(tmp_path: Path) -> None:
    fast, slow = (speed_of(graded(tmp_path, source)) for source in (VECTORISED, SLOW))
    assert fast is not None
    assert slow is not None
    assert (fast.function, fast.samples, fast.pairs) == ("update", SAMPLES, PAIRS)
    # Medians of a thousand times the work: no other process reaches as far as that.
    assert fast.over_vectorised.ratio < slow.over_vectorised.ratio
    assert fast.over_loop.ratio <= fast.over_vectorised.ratio
    for ratio in (fast.over_vectorised, slow.over_loop):
        assert ratio.low <= ratio.ratio <= ratio.high


def test_without_an_update_the_gradient_is_timed(tmp_path: Path) -> None:
    told = speed_of(graded(tmp_path, FORGETS))
    assert told is not None
    assert told.function == "gradient"


def test_a_program_that_remembers_its_answers_has_none_to_give_again() -> None:
    """Counted, not timed: no two calls are handed the same parameters."""
    model, asked = entry("line"), []

    def update(X: Array, y: Array, learning_rate: float, w: float, b: float) -> object:
        asked.append((float(w), float(b)))
        return model.module.update(X, y, learning_rate, w, b)

    given = Local({"update": update, NOTHING: lambda **arguments: 0.0})
    planned = next(case for check, case in plan(model, SEED) if check.name == "vectorised")
    speed(Candidate("tried", model, given, "mutant"), Oracle(model, SEED), planned)
    assert len(asked) > PAIRS
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize(
    ("source", "failed"), [(SLEEPS, set()), (BREAKS, {"tall"})], ids=["too slow", "raises"]
)
def test_what_cannot_be_timed_has_no_speed(tmp_path: Path, source: str, failed: set[str]) -> None:
    """One that raises where many samples are asked for fails there; else the verdicts stay."""
    report = graded(tmp_path, source)
    assert speed_of(report) is None
    assert {one.case for one in report.results if one.verdict is Verdict.FAILED} == failed


@dataclass
class Disturbed:
    """Answers of a microsecond each; one frame has to wait for others."""

    waits: int
    functions = frozenset({"gradient"})
    frames: int = 0

    def ask(
        self,
        function: str,
        fixed: Arguments,
        varying: Sequence[Arguments] = ({},),
        *,
        trace: bool = False,
    ) -> list[Answer]:
        waited = float(self.frames == self.waits)
        self.frames += 1
        return [Answer((0.0, 0.0), seconds=waited + 1e-6)] * len(varying)


@pytest.mark.parametrize("waits", range(TRIALS + 1))
def test_one_disturbance_makes_no_block_shorter(waits: int) -> None:
    """With a call to a block, the way there and back would drown what is timed."""
    model = entry("line")

    def calls(waits: int) -> int:
        who = Disturbed(waits)
        question = Question(Candidate("timed", model, who), "gradient", model.draw(SEED))
        return question.calls(who, "gradient", most=10**6)

    assert calls(waits) == calls(waits=-1) == round(BLOCK_SECONDS / 1e-6)


def test_only_submissions_are_timed() -> None:
    reference: Candidate = reference_candidate(entry("line"))
    assert speed_of(grade(reference, seed=SEED, only={"vectorised"})) is None
