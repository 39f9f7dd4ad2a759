"""Question 9, vectorised: a batch is the combination of its samples, and costs grow with N."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from checks.battery.check import Check, Finding, heading, not_finite
from checks.battery.comparison import compare_named, finding_of
from checks.battery.difference_quotients import is_small
from checks.battery.excess import excesses
from checks.battery.oracle import Oracle
from checks.battery.parts import many_samples
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.samples import combines_by_mean, one_sample, samples, sized
from checks.battery.speed import SAMPLES, speed
from checks.candidate import Candidate
from checks.judging.wording import times
from checks.respondent import NOTHING, Answer, value_of
from checks.result import Verdict
from reference.contract import Array, Arrays, Case, Entry, Kind, Role
from reference.vectors import flat

GROWTH = 1.3  # ruling 12: time and peak memory grow no faster than N^1.3
GROWS = "grows faster than N"
SIZES = (256, 1024, 4096)
LONGEST = 1.0  # seconds of a call, beyond which fewer samples have to do
BRIEF = 0.1  # seconds of a gradient at a size whose values are looked at, too
FEWEST = 16
AGAIN = 2  # times more, while the growth is above the limit
SPIN = 0.03  # seconds of processor time
REPEATS = 3  # the fastest of three: a disturbance only ever adds time


def applies(entry: Entry, case: Case) -> bool:
    """Asked wherever there is more than one sample."""
    return case.role is Role.POINT and entry.kind is not Kind.SURFACE and samples(entry, case) > 1


def run(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """The batch against its own samples; at the first such case also how the costs grow, and
    whether what was timed is right.

    At the last one, which ends the battery, a submission's speed is taken beside the reference's.
    """
    finding = _combination(candidate, case, oracle)
    asked = [c.name for c in oracle.cases if applies(candidate.entry, c)]
    if finding.verdict is Verdict.PASSED and case.name == asked[0]:
        finding = _growth(candidate, oracle, finding)
    if candidate.origin == "submission" and case.name == asked[-1]:
        figures = speed(candidate, oracle, sized(candidate.entry, oracle.seed, SAMPLES))
        finding = replace(finding, measurements={**finding.measurements, **figures})
    return finding


def _combination(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    entry = candidate.entry
    n = samples(entry, case)
    batch = candidate.gradient(case)
    unusable = not_finite(batch)
    if unusable is not None:
        return unusable
    singles = candidate.gradients([one_sample(entry, case, i) for i in range(n)])
    divisor = n if combines_by_mean(entry) else 1
    per_sample = {variable.name for variable in entry.parameters if variable.per_sample}
    expected: dict[str, Array] = {}
    allowed: dict[str, Array] = {}
    rounding = oracle.gradient(case)[1]
    derived = candidate.derivation_rounding(case)
    for name, value in batch.items():
        parts = np.array(
            [np.reshape(single[name], _row(value, name, per_sample)) for single in singles]
        )
        if name in per_sample:
            expected[name], size = parts / divisor, np.abs(parts) / divisor
        else:
            expected[name] = np.sum(parts, axis=0) / divisor
            size = np.sum(np.abs(parts), axis=0) / divisor
        terms = 1 + n / divisor  # the batch itself, and the samples' share of it
        allowed[name] = MULTIPLE * (EPSILON * size + terms * derived[name]) + rounding[name]
    component, comparison = compare_named(batch, expected, allowed)
    if _only_imprecise(batch, expected, oracle.gradient(case)[0]):
        return Finding(Verdict.PASSED, measurements={"excess": comparison.excess})
    combination = "mean" if combines_by_mean(entry) else "sum"
    finding = finding_of(
        comparison,
        component,
        f"the {combination} of your own gradients of the {n} samples one by one",
        "your gradient of the batch",
    )
    if comparison.agrees:
        return finding
    diagnosis = heading(f"batch is not the {combination} of its samples")
    return replace(finding, diagnosis=diagnosis, where=excesses(batch, expected, allowed))


def _only_imprecise(batch: Arrays, combined: Arrays, truth: Arrays) -> bool:
    """Whether batch and samples are both right up to the error of a difference quotient.

    Their precision is the gradient questions' business; as a batch they agree.
    """
    right = flat(truth)
    return is_small(flat(batch), right) and is_small(flat(combined), right)


def _row(value: Array, name: str, per_sample: set[str]) -> tuple[int, ...]:
    return value.shape[1:] if name in per_sample else value.shape


def _growth(candidate: Candidate, oracle: Oracle, finding: Finding) -> Finding:
    """Time and peak memory over a range of N, beside the reference's time."""
    sizes = affordable(candidate, oracle)
    cases = [sized(candidate.entry, oracle.seed, size) for size in sizes]
    traced = affordable(candidate, oracle, sizes, trace=True)
    seconds = fastest(candidate, cases)
    exponent = growth(seconds)
    for _ in range(AGAIN):  # a disturbance must not fail anybody
        if exponent <= GROWTH:
            break
        seconds = [min(pair) for pair in zip(seconds, fastest(candidate, cases), strict=True)]
        exponent = growth(seconds)
    peaks = [_peak(candidate, sized(candidate.entry, oracle.seed, size)) for size in traced]
    memory = growth(peaks) if all(peaks) else 0.0
    ratio = seconds[-1] / fastest(oracle.reference, cases[-1:])[0]
    measurements = {
        **finding.measurements,
        "time_exponent": exponent,
        "memory_exponent": memory,
        "time_over_reference": ratio,
        "peak_bytes": peaks[-1],
    }
    handed_in = candidate.origin == "submission"  # whose speed is taken with more care
    way = ", the way to the worker and back included" if handed_in else ""
    remark = f"at N = {sizes[-1]} the gradient takes {times(ratio)} the reference's time{way}"
    for what, value, range_ in (("peak memory", memory, traced), ("time", exponent, sizes)):
        if value > GROWTH:
            disturbed = what == "time" and value - disturbance(candidate) <= GROWTH
            hint = "is there an N × N array, (N,) against (N, 1), or a loop within a loop?"
            return Finding(
                Verdict.UNDECIDED if disturbed else Verdict.FAILED,
                expected=f"{what} that grows no faster than N^{GROWTH}",
                observed=f"N^{value:.2f} from N = {range_[0]} to {range_[-1]}"
                + (", on a machine too busy to tell" if disturbed else ""),
                hint=hint,
                component=what,
                diagnosis=None if disturbed else heading(f"{what} {GROWS}", hint),
                remarks=(remark,),
                measurements=measurements,
            )
    brief = [size for size, cost in zip(sizes, seconds, strict=True) if cost <= BRIEF]
    finding = many_samples(candidate, oracle, brief[1:] or brief or sizes[:1])
    remarks = () if handed_in else (remark,)
    return replace(finding, remarks=remarks, measurements=measurements)


def affordable(
    candidate: Candidate, oracle: Oracle, sizes: tuple[int, ...] = SIZES, *, trace: bool = False
) -> tuple[int, ...]:
    """The sizes, or a part of each where a gradient that grows as it may would take over LONGEST.

    The ratios stay; a program that builds an object for each number is no faster than that.
    trace: whether its memory is traced, which takes such a program some ten times as long.
    """
    while sizes[0] > FEWEST:
        case = sized(candidate.entry, oracle.seed, sizes[0])
        seconds = _traced(candidate, case).seconds if trace else fastest(candidate, [case])[0]
        if seconds * (sizes[-1] / sizes[0]) ** GROWTH <= LONGEST:
            break
        sizes = tuple(size // 4 for size in sizes)
    return sizes


def fastest(candidate: Candidate, cases: Sequence[Case]) -> list[float]:
    """The fastest of REPEATS gradients at each case, in seconds.

    The first call at a size is not counted: in fresh memory, objects lie in the order of their use.
    """
    seconds = []
    for case in cases:
        answers = [_undisturbed(candidate, case) for _ in range(1 + REPEATS)]
        seconds.append(min(answer.seconds for answer in answers[1:]))
    return seconds


def _undisturbed(candidate: Candidate, case: Case) -> Answer:
    """One gradient, asked when a worker is done with the garbage of the call before."""
    if candidate.origin == "submission":
        candidate.respondent.ask(NOTHING, {})
    answer = candidate.answer(candidate.gradient_function, case)
    value_of(answer)
    return answer


def growth(costs: Sequence[float]) -> float:
    """The exponent k of cost ~ N^k, the smaller one of the whole range and of its upper part.

    A fixed cost per call makes small sizes look expensive and hides growth at the lower end, a
    cache that overflows makes one end look steep: only growth at both scales counts.
    """
    whole = math.log(costs[-1] / costs[0]) / math.log(SIZES[-1] / SIZES[0])
    upper = math.log(costs[-1] / costs[-2]) / math.log(SIZES[-1] / SIZES[-2])
    return min(whole, upper)


def disturbance(candidate: Candidate) -> float:
    """What a busy machine can add to the exponent of a time that was measured by the wall clock.

    A call longer than the scheduler's slice waits for others, a shorter one does not: if waiting
    multiplies wall time by w at the largest size only, the exponent grows by log w / log(range).
    """
    if candidate.origin != "submission":
        return 0.0  # asked in this process, whose own processor time counts
    wall, processor = time.perf_counter(), time.process_time()
    while time.process_time() - processor < SPIN:
        pass
    waiting = (time.perf_counter() - wall) / (time.process_time() - processor)
    return max(0.0, math.log(waiting) / math.log(SIZES[-1] / SIZES[0]))


def _traced(candidate: Candidate, case: Case) -> Answer:
    """One gradient with its memory traced."""
    answer = candidate.answer(candidate.gradient_function, case, trace=True)
    value_of(answer)
    return answer


def _peak(candidate: Candidate, case: Case) -> float:
    return float(_traced(candidate, case).peak_bytes or 0)


VECTORISED = Check(
    "vectorised",
    "is the batch gradient the combination of its samples, at a cost that grows with N?",
    applies,
    ("gradient",),
    run,
)
