"""Values and probabilities between fixed bounds: what rounding may do there, and what is asked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from checks.battery import bounds, update, values
from checks.battery.check import Check
from checks.battery.stability import STABILITY
from checks.candidate import Candidate
from checks.grading import oracle_for
from checks.respondent import Local
from checks.result import Verdict
from checks.selftest.mutants.mutant import Function, reference_functions
from reference.catalogue import entry
from reference.contract import Array

SEEDS = range(3, 8)
SIGMOIDS = ("neuron", "sigmoid_unit", "sigmoid_cross_entropy", "mlp", "sigmoid")


def verdicts(check: Check, of: str, **replaced: Function) -> set[Verdict]:
    """What a question says, over seeds and cases, of the reference with functions replaced."""
    candidate = Candidate(
        "tried", entry(of), Local({**reference_functions(of), **replaced}), "twin"
    )
    found = set()
    for seed in SEEDS:
        oracle = oracle_for(entry(of), seed)
        cases = [case for case in oracle.cases if check.applies(entry(of), case)]
        found |= {check.run(candidate, case, oracle).verdict for case in cases}
    return found


def moved(of: str, change: Callable[[Array], Array]) -> dict[str, Function]:
    """The reference's predict (a layer: forward) with its values changed."""
    name = "forward" if of == "sigmoid" else "predict"
    right = reference_functions(of)[name]
    return {name: lambda **given: change(np.asarray(right(**given)))}


@pytest.mark.parametrize("of", SIGMOIDS)
def test_a_sigmoid_may_be_one_minus_the_other(of: str) -> None:
    """1 − (1 − σ) has the rounding that 1 − σ(−z) has, which is large for a small value."""
    found = verdicts(values.PREDICT, of, **moved(of, lambda value: 1 - (1 - value)))
    assert found == {Verdict.PASSED}


@pytest.mark.parametrize("of", SIGMOIDS)
def test_a_few_hundred_roundings_of_the_bound_are_too_many(of: str) -> None:
    bound = bounds.bound_of_prediction(entry(of))
    off = 500 * np.finfo(np.float64).eps * bound
    found = verdicts(values.PREDICT, of, **moved(of, lambda value: value + off))
    assert Verdict.FAILED in found


@pytest.mark.parametrize("of", SIGMOIDS)
def test_no_prediction_passes_its_bound(of: str) -> None:
    oracle = oracle_for(entry(of), SEEDS[0])
    largest = max(float(np.max(oracle.prediction(case)[0])) for case in oracle.cases)
    bound = bounds.bound_of_prediction(entry(of))
    assert bound / 2 < largest <= bound


def test_the_hill_reaches_its_bound() -> None:
    top = entry("hill").module.loss(np.pi / 2, np.pi / 2)
    assert top == bounds.bound_of_loss(entry("hill"))


def by_cosines(x: float, y: float) -> float:
    """½ (cos(x − y) − cos(x + y)): the hill as a difference."""
    return float(np.cos(x - y) - np.cos(x + y)) / 2


@pytest.mark.parametrize("check", [values.LOSS, STABILITY], ids=lambda check: check.name)
def test_the_hill_may_be_a_difference_of_cosines(check: Check) -> None:
    assert verdicts(check, "hill", loss=by_cosines) == {Verdict.PASSED}


def test_a_hill_with_a_rounded_constant_fails() -> None:
    def rounded(x: float, y: float) -> float:
        return float(np.sin(x) * np.cos(3.14159265 / 2 - y))

    assert Verdict.FAILED in verdicts(values.LOSS, "hill", loss=rounded)


def inside(of: Function) -> Function:
    """The same function, which refuses what is no probability."""

    def strict(**given: Array) -> object:
        if not np.all((given["p"] > 0) & (given["p"] < 1)):
            raise ValueError("no probability")
        return of(**given)

    return strict


def test_no_step_is_asked_for_beyond_a_probability() -> None:
    strict = {name: inside(f) for name, f in reference_functions("binary_cross_entropy").items()}
    assert verdicts(update.UPDATE, "binary_cross_entropy", **strict) == {Verdict.PASSED}


def test_the_later_steps_are_asked_for_where_they_stay_inside() -> None:
    oracles = [oracle_for(entry("binary_cross_entropy"), seed) for seed in SEEDS]
    starts = [case.parameters["p"] for oracle in oracles for case in oracle.points]
    right = reference_functions("binary_cross_entropy")["update"]

    def twice_as_far_later(y: Array, learning_rate: float, p: Array) -> object:
        later = not any(np.array_equal(p, start) for start in starts)
        return right(y=y, learning_rate=learning_rate * (1 + later), p=p)

    found = verdicts(update.UPDATE, "binary_cross_entropy", update=twice_as_far_later)
    assert Verdict.FAILED in found
