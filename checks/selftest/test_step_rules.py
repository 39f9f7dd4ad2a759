"""Adam and AdaGrad as submissions: the published rule passes, the usual slips do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checks.battery.rule_diagnosis import path, reference_path
from checks.battery.rule_mistakes import mistaken_rules
from checks.battery.rule_parts import Rule, published
from checks.candidate import Candidate
from checks.grading import grade
from checks.respondent import Local
from checks.result import Verdict
from checks.selftest.graded import SEED, Functions, failed, report
from reference.catalogue import entry
from reference.contract import Role

Values = dict[str, Any]
BETA1, BETA2 = 0.9, 0.999


def adam(
    *, corrected: bool = True, guard: float = 1e-8, inside: bool = False, early: bool = False
) -> Any:
    """Adam as a student writes it, its state a tuple of dicts and a count."""

    def init(parameters: Values) -> Any:
        zeros = {name: np.zeros_like(value) for name, value in parameters.items()}
        return zeros, zeros, 0

    def step(parameters: Values, gradient: Values, state: Any, learning_rate: float) -> Any:
        first, second, t = state
        t += 1
        first = {k: BETA1 * first[k] + (1 - BETA1) * g for k, g in gradient.items()}
        second = {k: BETA2 * second[k] + (1 - BETA2) * g * g for k, g in gradient.items()}
        share1, share2 = (1 - BETA1**t, 1 - BETA2**t) if corrected else (1.0, 1.0)
        moved = {}
        for name, value in parameters.items():
            size = second[name] / share2
            root = np.sqrt(size + guard) if inside else np.sqrt(size) + guard
            if early:  # the guard beside the uncorrected root
                root = (np.sqrt(second[name]) + guard) / np.sqrt(share2)
            moved[name] = value - learning_rate * first[name] / share1 / root
        return moved, (first, second, t)

    return {"init": init, "step": step}


def adagrad(*, keep: bool = True, root: bool = True) -> Any:
    """AdaGrad as a student writes it, its state a dict."""

    def init(parameters: Values) -> Any:
        return {name: np.zeros_like(value) for name, value in parameters.items()}

    def step(parameters: Values, gradient: Values, state: Any, learning_rate: float) -> Any:
        squares = {k: (state[k] if keep else 0.0) + g**2 for k, g in gradient.items()}
        size = {k: np.sqrt(v) if root else v for k, v in squares.items()}
        moved = {
            k: value - learning_rate * gradient[k] / (size[k] + 1e-8)
            for k, value in parameters.items()
        }
        return moved, squares

    return {"init": init, "step": step}


def in_place(made: Functions) -> Functions:
    """The same rule, moving the parameters it was given."""

    def step(parameters: Values, gradient: Values, state: Any, learning_rate: float) -> Any:
        moved, after = made["step"](parameters, gradient, state, learning_rate)
        parameters.update(moved)
        return parameters, after

    return {**made, "step": step}


@pytest.mark.parametrize(
    ("model", "functions"),
    [
        pytest.param("adam", adam(), id="adam"),
        pytest.param("adam", adam(guard=1e-7, inside=True), id="adam with ε under the root"),
        pytest.param("adam", adam(early=True), id="adam with ε beside the uncorrected root"),
        pytest.param("adagrad", adagrad(), id="adagrad"),
    ],
)
def test_the_published_rule_passes(model: str, functions: Any) -> None:
    graded = report(model, functions)
    assert graded.complete
    assert {result.verdict for result in graded.results} == {Verdict.PASSED}


@pytest.mark.parametrize(
    ("model", "functions", "caught_by"),
    [
        pytest.param("adam", adam(corrected=False), "update", id="adam without bias correction"),
        pytest.param("adam", adam(guard=1e-2), "update", id="adam with a large ε"),
        pytest.param("adam", adam(guard=0.0), "update", id="adam without ε"),
        pytest.param("adagrad", adagrad(keep=False), "update", id="adagrad that forgets"),
        pytest.param("adagrad", adagrad(keep=False), "convergence", id="signs do not settle"),
        pytest.param("adagrad", adagrad(root=False), "update", id="adagrad without the root"),
        pytest.param("adam", in_place(adam()), "contract", id="parameters moved in place"),
        pytest.param("adam", {"init": adam()["init"]}, "contract", id="no step"),
    ],
)
def test_a_slip_is_caught(model: str, functions: Any, caught_by: str) -> None:
    assert caught_by in failed(report(model, functions))


@pytest.mark.parametrize("model", ["adam", "adagrad"])
def test_one_parameter_has_gradients_three_decades_apart(model: str) -> None:
    uneven = next(case for case in entry(model).cases(SEED) if case.name == "uneven")
    sizes = np.abs(uneven.data["w"])
    # Each is drawn between ½ and 2, so three decades are at least 10³ / 4.
    assert np.all(sizes[:, 0] / sizes[:, -1] >= 10**3 / 4)


def follow(model: str, rule: Rule) -> Functions:
    """A submission that moves as this rule does: it keeps the gradients and goes all the way."""

    def init(parameters: Values) -> Any:
        return {name: [] for name in parameters}

    def step(parameters: Values, gradient: Values, state: Any, learning_rate: float) -> Any:
        seen = {name: [*state[name], gradient[name]] for name in parameters}
        moved = {}
        with np.errstate(all="ignore"):
            for place, (name, value) in enumerate(parameters.items()):
                moves = rule.moves(np.array(seen[name]), learning_rate, place, len(parameters))
                moved[name] = value + moves[-1]
        return moved, seen

    return {"init": init, "step": step}


@pytest.mark.parametrize("model", ["adam", "adagrad"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_rule_that_mistakes_change_is_the_reference(model: str, seed: int) -> None:
    for case in entry(model).cases(seed):
        if case.role is Role.POINT:
            right = reference_path(entry(model), case)
            assert path(published(model), model, case, largest_guard=0.0).agrees(right.places)


MISTAKES = [
    pytest.param(model, pattern.name, rule, id=f"{model}-{pattern.name}-{i}")
    for model in ("adam", "adagrad")
    for i, (pattern, rule) in enumerate(mistaken_rules(model))
]


@pytest.mark.parametrize(("model", "pattern", "rule"), MISTAKES)
def test_a_mistake_is_told_by_its_name_wherever_it_shows(
    model: str, pattern: str, rule: Rule
) -> None:
    candidate = Candidate("tried", entry(model), Local(follow(model, rule)), "mutant")
    wrong = grade(candidate, seed=SEED, only=frozenset({"update"})).results
    told = {result.diagnosis.pattern for result in wrong if result.diagnosis is not None}
    assert Verdict.FAILED in {result.verdict for result in wrong}
    assert told == {pattern}


def test_a_missing_correction_is_told_with_its_precision() -> None:
    graded = report("adam", adam(corrected=False))
    sentences = {
        result.diagnosis.sentence.partition(":")[0]
        for result in graded.results
        if result.diagnosis is not None
    }
    assert sentences == {"looks like the step uses both moments uncorrected"}


@pytest.mark.parametrize(
    ("factor", "decay", "expected"),
    [(0.5, 0.0, "constant factor"), (1.0, 0.01, "weight decay"), (0.5, 0.01, None)],
    ids=["half the step", "weights decay", "both"],
)
def test_a_number_in_the_mistake_is_fitted(
    factor: float, decay: float, expected: str | None
) -> None:
    made = adam()

    def step(parameters: Values, gradient: Values, state: Any, learning_rate: float) -> Any:
        moved, after = made["step"](parameters, gradient, state, learning_rate)
        due = {k: v + factor * (moved[k] - v) - decay * v for k, v in parameters.items()}
        return due, after

    graded = report("adam", {**made, "step": step})
    several = next(r for r in graded.results if (r.check, r.case) == ("update", "several_steps"))
    assert several.verdict is Verdict.FAILED
    assert (several.diagnosis.pattern if several.diagnosis else None) == expected


@pytest.mark.parametrize(
    ("functions", "expected"),
    [
        (adam(), set()),
        (adam(guard=1e-7), {"the guard is 1e-07 beside the root; usual is 1e-08 beside the root"}),
        (
            adam(inside=True),
            {"the guard is 1e-08 under the root; usual is 1e-08 beside the root"},
        ),
    ],
    ids=["usual", "larger", "under the root"],
)
def test_another_guard_is_remarked_on(functions: Functions, expected: set[str]) -> None:
    graded = report("adam", functions)
    assert {remark for result in graded.results for remark in result.remarks} == expected


def test_a_missing_guard_is_no_fault_of_the_contract() -> None:
    """0/0 twice is the same answer twice."""
    with np.errstate(invalid="ignore"):
        graded = report("adam", adam(guard=0.0))
    assert failed(graded) == {"update"}


def test_what_a_step_must_return_is_said() -> None:
    made = adam()

    def step(parameters: Values, gradient: Values, state: Any, learning_rate: float) -> Any:
        return made["step"](parameters, gradient, state, learning_rate)[0]

    graded = report("adam", {**made, "step": step})
    first = next(result for result in graded.results if result.verdict is Verdict.FAILED)
    assert (first.check, first.expected, first.hint) == (
        "contract",
        "step: (parameters, state)",
        "return parameters, state",
    )
