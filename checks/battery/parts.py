"""Are many samples answered as few are?  A batch against the parts that it is cut into.

The points have few samples each, so that every one counts.  A program that goes another way with
many of them (a block size, a cache by shape, a shortcut) is seen where its costs are measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from checks.battery.check import Finding, heading
from checks.battery.comparison import compare_named, finding_of
from checks.battery.difference_quotients import is_small
from checks.battery.memory import elsewhere
from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.samples import combines_by_mean, rows, samples, sized
from checks.candidate import Candidate
from checks.reading import UnusableError
from checks.result import Verdict
from reference.contract import Array, Arrays, Case, Entry
from reference.vectors import flat

CUTS = 4  # of each kind
FEW = 12
OTHERWISE = "many samples answered otherwise"
HINT = "does the number of samples change what is computed, or is an earlier answer given again?"
PREDICTION = "prediction"


def many_samples(candidate: Candidate, oracle: Oracle, sizes: Sequence[int]) -> Finding:
    """FAILED where a function's answer of so many samples is not what its parts combine to.

    A function is held to that only where it combines its samples at the point with the fewest:
    where it does not, other questions say so.
    """
    few = _fewest(candidate.entry, oracle)
    singles = [slice(i, i + 1) for i in range(samples(candidate.entry, few))]
    for function in candidate.entry.functions:
        if not candidate.has(function):
            continue
        try:
            alike = _compared(candidate, oracle, few, function, singles)
        except UnusableError:
            continue
        if alike.verdict is not Verdict.PASSED:
            continue
        for size in sizes:
            case = sized(candidate.entry, oracle.seed, size)
            if function == "update":
                candidate.answer(function, case)  # what a cache would give again
            moved = replace(elsewhere(case), name=f"{case.name}, moved")
            cuts = _cuts(samples(candidate.entry, moved), oracle.seed)
            finding = _compared(candidate, oracle, moved, function, cuts)
            if finding.verdict is not Verdict.PASSED:
                return finding
    return Finding(Verdict.PASSED)


def _fewest(entry: Entry, oracle: Oracle) -> Case:
    """The point with the fewest samples, but more than one."""
    several = [case for case in oracle.points if samples(entry, case) > 1]
    return min(several, key=lambda case: samples(entry, case))


def _cuts(n: int, seed: int) -> list[slice]:
    """The first of n samples alone, a few parts of few samples, and parts of any length."""
    rng = np.random.default_rng(seed)
    few = 1 + np.cumsum(rng.integers(2, FEW, CUTS))
    ends = {0, 1, n, *few.tolist(), *rng.integers(2, n, CUTS).tolist()}
    return [slice(*pair) for pair in pairwise(sorted(end for end in ends if end <= n))]


def _compared(
    candidate: Candidate, oracle: Oracle, case: Case, function: str, cuts: Sequence[slice]
) -> Finding:
    """One function's answer of all samples against that of the parts, combined as documented."""
    entry = candidate.entry
    n = samples(entry, case)
    parts = [_values(candidate, rows(entry, case, cut), function) for cut in cuts]
    whole = _values(candidate, case, function)
    mean = combines_by_mean(entry) and function != candidate.predict_function
    by_sample = {
        PREDICTION,
        *(variable.name for variable in entry.parameters if variable.per_sample),
    }
    weights = [(cut.stop - cut.start) / n if mean else 1.0 for cut in cuts]
    expected: dict[str, Array] = {}
    size: dict[str, Array] = {}
    for name in whole:
        weighted = [w * np.asarray(part[name]) for w, part in zip(weights, parts, strict=True)]
        if name in by_sample:
            expected[name] = np.concatenate(weighted)
            size[name] = np.abs(expected[name])
        else:
            expected[name] = np.sum(weighted, axis=0)
            size[name] = np.sum(np.abs(weighted), axis=0)
    rounding = _rounding(oracle, case, function)
    allowed = {name: MULTIPLE * EPSILON * size[name] + 2 * rounding[name] for name in whole}
    component, comparison = compare_named(whole, expected, allowed)
    said = f"your {function}" if function != "update" else "the step of your update"
    combined = "put together" if not mean else "averaged"
    finding = finding_of(
        comparison,
        component,
        f"what {said} gives for {len(cuts)} parts of the {n} samples, {combined}",
        f"{said} for all {n} at once",
    )
    if comparison.agrees or (
        function in ("update", candidate.gradient_function)
        and _are_small(oracle, case, function, whole, expected)
        and any(_is_imprecise(candidate, oracle, point, function) for point in oracle.points)
    ):
        return Finding(Verdict.PASSED, measurements=finding.measurements)
    return replace(finding, diagnosis=heading(OTHERWISE, HINT), hint=HINT, functions=(function,))


def _are_small(oracle: Oracle, case: Case, function: str, whole: Arrays, parts: Arrays) -> bool:
    """Whether whole and parts are right up to the error of a difference quotient."""
    right = flat(_values(oracle.reference, case, function))
    return is_small(flat(whole), right) and is_small(flat(parts), right)


def _is_imprecise(candidate: Candidate, oracle: Oracle, point: Case, function: str) -> bool:
    """Whether an answer of few samples has the error of a difference quotient already.

    That is the gradient questions' business: of many samples it may have another such error.
    """
    answer = _values(candidate, point, function)
    right = _values(oracle.reference, point, function)
    return not compare_named(answer, right, _rounding(oracle, point, function))[1].agrees


def _values(candidate: Candidate, case: Case, function: str) -> Mapping[str, Array]:
    """One function's answer by name; of an update the step, which combines as gradients do."""
    if function == candidate.predict_function:
        return {PREDICTION: candidate.predict(case)}
    if function == "loss":
        return {"loss": np.array(candidate.loss(case))}
    if function != "update":
        return candidate.read_gradient(candidate.answer(function, case), case)
    return {name: new - case.parameters[name] for name, new in candidate.update(case).items()}


def _rounding(oracle: Oracle, case: Case, function: str) -> Arrays:
    """What rounding may do to a right answer of all samples, by name."""
    if function == oracle.reference.predict_function:
        return {PREDICTION: oracle.prediction(case)[1]}
    if function == "loss":
        return {"loss": np.array(oracle.loss(case)[1])}
    of_gradient = oracle.gradient(case)[1]
    if function != "update":
        return of_gradient
    return {
        name: MULTIPLE * EPSILON * np.abs(value) + case.learning_rate * of_gradient[name]
        for name, value in case.parameters.items()
    }
