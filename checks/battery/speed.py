"""How long a submission's update takes beside the reference's: figures, never a verdict.

A worker's own clock is in the hands of the code that runs there, so its times are taken from
outside, around whole answers.  What the way there and back costs is taken by a call of nothing and
subtracted.  What is left holds some microseconds of the wrapping of a call: to a program as fast
as the reference at some microseconds a call the ratio says up to half as much again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import count

import numpy as np

from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON
from checks.candidate import Candidate
from checks.reading import UnusableError
from checks.respondent import NOTHING, Local, Respondent, Value, value_of
from reference.contract import LEARNING_RATE, Array, Case
from reference.loops import GRADIENTS, LOOPS

SAMPLES = 1024
# The second smallest and second largest of 9 ratios hold their median with a probability of
# 1 − 2 (1 + 9)/2⁹ = 96 %.
PAIRS, DROPPED = 9, 1
TRIALS, TRIAL_CALLS = 3, 16  # in one frame, to learn how long one takes
BLOCK_SECONDS = 0.001
SECONDS = 0.3  # of a submission's grading, at most
MOST_CALLS = 64  # of a block
LOOP = "loop"


def speed(candidate: Candidate, oracle: Oracle, case: Case) -> dict[str, float]:
    """Times over the reference's vectorised function and over its loop, at a case of SAMPLES.

    "update_over_vectorised", "update_over_loop" (gradient or backward where there is no update):
    medians over PAIRS of blocks side by side in random order, with "…_low" and "…_high".  Empty
    where an answer is missing, or where calls are so slow that SECONDS would not do.
    """
    function = "update" if candidate.has("update") else candidate.gradient_function
    loop = (LOOPS if function == "update" else GRADIENTS).get(candidate.entry.name)
    if loop is None:
        return {}
    reference = Local({function: getattr(candidate.entry.module, function), LOOP: loop})
    question = Question(candidate, function, case)
    try:
        ratios = _ratios(question, candidate.respondent, reference, oracle.seed)
    except UnusableError:  # what is wrong with an answer, the questions before have said
        return {}
    if len(ratios) < PAIRS:
        return {}
    figures = {"timed_samples": float(SAMPLES), "timed_pairs": float(PAIRS)}
    for name, column in zip(("vectorised", "loop"), np.sort(ratios, axis=0).T, strict=True):
        figures[f"{function}_over_{name}"] = float(np.median(column))
        figures[f"{function}_over_{name}_low"] = float(column[DROPPED])
        figures[f"{function}_over_{name}_high"] = float(column[-1 - DROPPED])
    return figures


class Question:
    """What is asked of everybody, the same but for a few units in the last place.

    A program that remembers its answers has none to give again: every call moves the parameters.
    """

    def __init__(self, candidate: Candidate, function: str, case: Case) -> None:
        self.function = function
        self._candidate, self._case = candidate, case
        self._fixed = candidate.fixed(function, case)
        self._asked = count(1)

    def seconds(self, respondent: Respondent, function: str, calls: int) -> float:
        """Wall seconds of one call out of one frame of several."""
        varying = [self._arguments() for _ in range(calls)]
        answers = respondent.ask(function, self._fixed, varying)
        for answer in answers:
            value_of(answer)
        return sum(answer.seconds for answer in answers) / calls

    def calls(
        self,
        respondent: Respondent,
        function: str,
        block_seconds: float = BLOCK_SECONDS,
        most: int = MOST_CALLS,
    ) -> int:
        """How many calls make a block, by the fastest of TRIALS: a disturbance only adds time.

        The first call, cold, is not counted, unless it and all others last longer than a block.
        """

        def fastest(calls: int) -> float:
            return min(self.seconds(respondent, function, calls) for _ in range(TRIALS))

        if self.seconds(respondent, function, 1) > block_seconds and fastest(1) > block_seconds:
            return 1
        return min(most, max(1, round(block_seconds / fastest(TRIAL_CALLS))))

    def _arguments(self) -> dict[str, Value]:
        factor = 1 + 2 * EPSILON * next(self._asked)
        moved = {name: value * factor for name, value in self._case.parameters.items()}
        arguments = self._candidate.handed_over(self._case, moved)
        if self.function == "update":
            arguments[LEARNING_RATE] = self._case.learning_rate
        return arguments


def _ratios(question: Question, who: Respondent, reference: Respondent, seed: int) -> Array:
    """Seconds of the submission's call over those of both references, shape (pairs, 2).

    Fewer pairs than PAIRS come back where SECONDS would not do.
    """
    start = time.perf_counter()
    order = np.random.default_rng(seed)
    calls = question.calls(who, question.function)
    blocks: list[Callable[[], float]] = [
        partial(question.seconds, who, question.function, calls),
        partial(question.seconds, who, NOTHING, calls),
        partial(question.seconds, reference, question.function, calls),
        partial(question.seconds, reference, LOOP, question.calls(reference, LOOP)),
    ]
    rows: list[list[float]] = []
    while len(rows) < PAIRS and time.perf_counter() - start < SECONDS:
        seconds = [0.0] * len(blocks)
        for which in order.permutation(len(blocks)):
            seconds[which] = blocks[which]()
        whole, way, vectorised, loop = seconds
        own = max(0.0, whole - way)
        rows.append([own / vectorised, own / loop])
    return np.reshape(np.array(rows), (-1, 2))
