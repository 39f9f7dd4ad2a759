"""What the question about updates allows: the rounding of a gradient that is computed anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from checks.battery import update
from checks.battery.oracle import Oracle
from checks.candidate import Candidate
from checks.grading import grade
from checks.respondent import Local
from checks.result import Verdict
from checks.selftest.mutants.mutant import Function, descending, reference_functions
from checks.selftest.twins.sums import line_expanded
from reference.catalogue import entry
from reference.contract import Array, Case, Role

SEED = 5
LINE = entry("line")


@pytest.fixture
def fitted() -> Case:
    """Data on a line through the origin: there is no residual, and all slopes are rounding."""
    case = next(case for case in LINE.cases(SEED) if case.role is Role.POINT)
    weight = case.parameters["w"]
    data = {**case.data, "y": weight * case.data["X"]}
    return replace(case, data=data, parameters={"w": weight, "b": np.zeros(())})


def verdict(case: Case, gradient: Function) -> Verdict:
    """Of an update by this gradient, beside the right gradient on its own."""
    functions = {**reference_functions("line"), "update": descending("line", gradient)}
    candidate = Candidate("tried", LINE, Local(functions), "twin")
    return update.run(candidate, case, Oracle(LINE, SEED)).verdict


def test_an_update_may_sum_its_gradient_in_another_way(fitted: Case) -> None:
    """With b = 0 at the minimum, b has no size of its own that could cover the rounding."""
    assert verdict(fitted, line_expanded) is Verdict.PASSED


def test_no_more_than_the_rounding_is_allowed_there(fitted: Case) -> None:
    rounding = float(Oracle(LINE, SEED).gradient(fitted)[1]["b"])

    def off(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
        dw, db = line_expanded(X, y, w, b)
        return dw, db + 2 * rounding

    assert verdict(fitted, off) is Verdict.FAILED


Values = dict[str, Any]


def gradient_of(model: str, given: Values) -> dict[str, Array]:
    """The right gradient, by name."""
    names = entry(model).parameter_names
    value = entry(model).module.gradient(**given)
    parts = value if len(names) > 1 else (value,)
    return {name: np.asarray(part) for name, part in zip(names, parts, strict=True)}


def moved(model: str, given: Values, rate: float) -> Values:
    """The arguments after one right step."""
    gradient = gradient_of(model, given)
    return {**given, **{name: given[name] - rate * g for name, g in gradient.items()}}


def entry_by_entry(model: str, given: Values, rate: float) -> Values:
    """Each entry of each parameter moved by itself, seeing those before it (D3.3)."""
    at = {**given, **{name: np.array(given[name]) for name in entry(model).parameter_names}}
    for name in entry(model).parameter_names:
        for index in np.ndindex(at[name].shape):
            at[name][index] -= rate * gradient_of(model, at)[name][index]
    return at


def sample_by_sample(model: str, given: Values, rate: float) -> Values:
    """One step for each sample (D0's online training)."""
    at = dict(given)
    for i in range(len(given["y"])):
        alone = {**at, "X": given["X"][i : i + 1], "y": given["y"][i : i + 1]}
        after = moved(model, alone, rate)
        at |= {name: after[name] for name in entry(model).parameter_names}
    return at


def exchanged(model: str, given: Values, rate: float) -> Values:
    first, second = entry(model).parameter_names
    right = moved(model, given, rate)
    return {**right, first: right[second], second: right[first]}


def rounded(model: str, given: Values, rate: float) -> Values:
    return {name: np.round(value, 4) for name, value in moved(model, given, rate).items()}


def twice(model: str, given: Values, rate: float) -> Values:
    return moved(model, moved(model, given, rate), rate)


def at_a_rate_of_its_own(model: str, given: Values, rate: float) -> Values:
    return moved(model, given, 1 / 64)


def at_the_square_of_the_rate(model: str, given: Values, rate: float) -> Values:
    return moved(model, given, rate**2)


def decaying(model: str, given: Values, rate: float) -> Values:
    """Nothing in the tables: the parameters are multiplied by a number that changes with them."""
    right = moved(model, given, rate)
    return {
        name: right[name] * (1 - 0.1 * float(np.sum(given[name] ** 2)))
        for name in entry(model).parameter_names
    }


def updating(model: str, how: Callable[[str, Values, float], Values]) -> Function:
    """An update that is made so, with the model's own signature."""
    names = entry(model).parameter_names

    def update(learning_rate: float, **given: Any) -> Any:
        after = tuple(how(model, given, learning_rate)[name] for name in names)
        return after if len(after) > 1 else after[0]

    return update


@pytest.mark.parametrize(
    ("model", "how", "expected"),
    [
        ("plane", entry_by_entry, {"sequential update"}),
        ("linear_system", entry_by_entry, {"sequential update"}),
        ("slope", sample_by_sample, {"sample by sample"}),
        ("multilinear", sample_by_sample, {"sample by sample"}),
        ("line", exchanged, {"parameters swapped"}),
        ("neuron", rounded, {"rounded"}),
        ("bowl", twice, {"two steps"}),
        ("slope", at_a_rate_of_its_own, {"learning rate ignored"}),
        ("sigmoid_unit", at_a_rate_of_its_own, {"learning rate ignored"}),
        ("slope", gradient_of, {"the gradient instead of the new parameters"}),
        ("line", decaying, set()),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
@pytest.mark.parametrize("seed", [5, 6])
def test_a_wrong_update_of_right_gradients_is_told(
    model: str, how: Callable[..., Values], expected: set[str], seed: int
) -> None:
    made = updating(model, how if how is not gradient_of else lambda m, given, _: how(m, given))
    functions = {**reference_functions(model), "update": made}
    candidate = Candidate("tried", entry(model), Local(functions), "mutant")
    results = grade(candidate, seed=seed, only=frozenset({"update"})).results
    told = {result.diagnosis.pattern for result in results if result.diagnosis is not None}
    assert told == expected
    assert Verdict.FAILED in {result.verdict for result in results}


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (at_a_rate_of_its_own, "learning rate ignored"),
        (at_the_square_of_the_rate, "learning rate twice"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_an_update_alone_is_told_how_it_depends_on_the_rate(
    how: Callable[..., Values], expected: str
) -> None:
    """Not that its gradient, which it does not show, is thousands of times too large, or zero."""
    functions = {"loss": LINE.module.loss, "update": updating("line", how)}
    candidate = Candidate("tried", LINE, Local(functions), "mutant")
    results = grade(candidate, seed=SEED, only=frozenset({"update", "gradient_own"})).results
    wrong = [result for result in results if result.verdict is Verdict.FAILED]
    assert {(r.check, r.diagnosis.pattern if r.diagnosis else "") for r in wrong} == {
        ("update", expected),
        ("gradient_own", expected),
    }
