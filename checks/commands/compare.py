"""`--compare A B`: two submissions of the same models, asked the same and timed in turn."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial

import numpy as np

from checks.battery.samples import samples, sized
from checks.battery.speed import SAMPLES, Question
from checks.candidate import Candidate, reference_candidate
from checks.commands.session import Settings, settings
from checks.commands.values import fresh_seed
from checks.grading import grade, oracle_for
from checks.ratios import median_ratio
from checks.reading import UnusableError
from checks.report.environment import environment
from checks.report.sidebyside import Side, SideBySide, Speed, text
from checks.report.summary import summarise
from checks.report.terminal import header
from checks.respondent import NOTHING, value_of
from checks.result import Report
from checks.submission.discovery import Submission, discover
from checks.submission.supervisor import candidate_for, open_submission
from reference.catalogue import entry
from reference.contract import Array, Case, Entry, Kind
from reference.vectors import flat

PAIRS = 40
BLOCK_SECONDS = 0.005  # longer than a class page takes: here both sides come from far
MOST_CALLS = 512  # of a block
# float64 cannot be more right than half a unit in its last place.
CLOSEST = float(np.finfo(np.float64).eps) / 2


def compare(chosen: Namespace) -> int:
    """Print each model's table; 0 once all pairs passed, 1 otherwise, also where none is found."""
    if chosen.seed is None:
        chosen.seed = fresh_seed()
    asked = settings(chosen, chosen.only)
    first, second = (_by_model(path, chosen) for path in chosen.compare)
    both = [model for model in first if model in second]
    planned = 0
    tables = []
    right = bool(both)
    for model in both:
        one, reports = side_by_side(first[model], second[model], asked)
        planned += sum(len(report.planned) for report in reports)
        right = right and one.first.passed and one.second.passed
        tables.append(text(one))
    print(header(environment(asked.tier.value, asked.seed), 2 * len(both), planned))
    print("\n".join(f"\n{table}" for table in tables))
    for name in {*first, *second} - {*both}:
        print(f"\nonly one of the two has the model {name}")
    if not both:
        print("python -m checks: expected two submissions of one model", file=sys.stderr)
    return 0 if right else 1


def _by_model(path: str, chosen: Namespace) -> dict[str, Submission]:
    """The first gradable submission of each model under a path; what is none is said."""
    found: dict[str, Submission] = {}
    for submission in discover([path], chosen.model, chosen.adapter):
        if submission.problem is not None:
            print(f"python -m checks: {submission.problem}", file=sys.stderr)
        elif submission.model in found:
            print(
                f"python -m checks: {submission.path} left out: {found[submission.model].path} "
                f"is compared for {submission.model}",
                file=sys.stderr,
            )
        else:
            found[submission.model] = submission
    return found


def side_by_side(
    first: Submission, second: Submission, asked: Settings
) -> tuple[SideBySide, tuple[Report, Report]]:
    """The comparison of two submissions of one model, with both reports."""
    model = entry(first.model)
    with ExitStack() as opened:
        candidates = [
            candidate_for(
                one,
                model,
                opened.enter_context(open_submission(one, model, asked.limits, asked.tier)),
            )
            for one in (first, second)
        ]
        reports = [
            grade(
                candidate,
                seed=asked.seed,
                only=asked.only,
                allow_finite_differences=asked.allow_finite_differences,
            )
            for candidate in candidates
        ]
        timed = None if model.kind is Kind.STEP_RULE else sized_case(model, asked.seed)
        one, other = (
            _side(candidate, report, timed, asked.seed)
            for candidate, report in zip(candidates, reports, strict=True)
        )
        speed, why = compared_speed(candidates[0], candidates[1], timed, asked.seed)
    return SideBySide(model.name, one, other, speed, why), (reports[0], reports[1])


def sized_case(model: Entry, seed: int) -> Case:
    """The case at which speed and memory are compared: SAMPLES samples, a surface's one point."""
    return model.draw(seed) if model.kind is Kind.SURFACE else sized(model, seed, SAMPLES)


def _side(candidate: Candidate, report: Report, timed: Case | None, seed: int) -> Side:
    summary = summarise(report)
    digits = {} if timed is None else accuracy(candidate, seed)
    peak = None if timed is None else _peak(candidate, timed)
    return Side(report.path, summary.verdicts, report.passed, digits, peak)


def accuracy(candidate: Candidate, seed: int) -> dict[str, float | None]:
    """Correct decimal digits of prediction, loss and gradient against the reference.

    -log10 of the largest difference relative to the largest value, at the worst point; at most
    the digits of float64, None where an answer cannot be read.
    """
    model = candidate.entry
    asked: dict[str, Callable[[Candidate, Case], Array]] = {
        "gradient": lambda who, case: flat(who.gradient(case))
    }
    if model.kind is not Kind.LAYER:
        asked = {"loss": lambda who, case: np.array(who.loss(case)), **asked}
    if model.output is not None:
        asked = {"prediction": lambda who, case: who.predict(case), **asked}
    return {name: _digits(candidate, quantity, seed) for name, quantity in asked.items()}


def _digits(
    candidate: Candidate, quantity: Callable[[Candidate, Case], Array], seed: int
) -> float | None:
    reference = reference_candidate(candidate.entry)
    worst = CLOSEST
    for case in oracle_for(candidate.entry, seed).points:
        truth = quantity(reference, case)
        try:
            difference = np.max(np.abs(quantity(candidate, case) - truth), initial=0.0)
        except UnusableError:
            return None
        scale = float(np.max(np.abs(truth), initial=0.0)) or 1.0
        worst = max(worst, float(difference) / scale) if np.isfinite(difference) else np.inf
    return max(0.0, -float(np.log10(worst)))


def _peak(candidate: Candidate, case: Case) -> int | None:
    try:
        answer = candidate.answer(candidate.gradient_function, case, trace=True)
        value_of(answer)
    except UnusableError:
        return None
    return answer.peak_bytes


def compared_speed(
    first: Candidate, second: Candidate, case: Case | None, seed: int
) -> tuple[Speed | None, str]:
    """The ratio of their gradients' times, by the rules of `battery.speed`; else why not."""
    if case is None:
        return None, "a step rule is as fast as its arrays"
    if first.gradient_function != second.gradient_function:
        return None, f"one has {first.gradient_function}, the other {second.gradient_function}"
    try:
        own = own_seconds((first, second), case, seed)
    except UnusableError as unusable:
        return None, f"an answer was missing: {unusable.problem}"
    if all(median_ratio(column).low <= 0 for column in own.T):
        return None, "a call takes less time than the way there and back varies by"
    own = np.maximum(own[np.any(own > 0, axis=1)], 0.0)
    with np.errstate(divide="ignore"):
        found = median_ratio(own[:, 0] / own[:, 1])
    count = samples(first.entry, case)
    size = f"N = {count}" if count > 1 else "one point"
    speed = Speed(first.gradient_function, size, found.ratio, found.low, found.high, found.pairs)
    return speed, ""


def own_seconds(both: Sequence[Candidate], case: Case, seed: int) -> Array:
    """Seconds of a call of each one's gradient, the way there and back subtracted, (PAIRS, 2).

    Blocks of calls side by side in random order.
    """
    order = np.random.default_rng(seed)
    blocks: list[Callable[[], float]] = []
    for candidate in both:
        function, who = candidate.gradient_function, candidate.respondent
        question = Question(candidate, function, case)
        calls = question.calls(who, function, BLOCK_SECONDS, MOST_CALLS)
        blocks += [partial(question.seconds, who, asked, calls) for asked in (function, NOTHING)]
    rows = np.empty((PAIRS, len(blocks)))
    for row in rows:
        for which in order.permutation(len(blocks)):
            row[which] = blocks[which]()
    return rows[:, 0::2] - rows[:, 1::2]
