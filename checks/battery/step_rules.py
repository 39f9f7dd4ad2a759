"""The battery of a step rule: contract, update (the published rule, state kept) and convergence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from checks.battery.check import Check, Finding
from checks.battery.comparison import compare_named, finding_of
from checks.battery.convergence import LENIENCE
from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.rule_diagnosis import diagnosed, other_guard, reference_path
from checks.candidate import Candidate
from checks.judging.wording import distinguished, number
from checks.reading import UnusableError, read_parameters
from checks.respondent import Answer, value_of
from checks.result import Problem, Verdict
from reference.contract import LEARNING_RATE, Array, Arrays, Case, Entry, Kind, Role
from reference.step_rules import descent_gradient, descent_loss


def points(entry: Entry, case: Case) -> bool:
    """Asked of step rules, at given gradients."""
    return entry.kind is Kind.STEP_RULE and case.role is Role.POINT


def descents(entry: Entry, case: Case) -> bool:
    """Asked of step rules, on the bowl."""
    return entry.kind is Kind.STEP_RULE and case.role is Role.DESCENT


def init(candidate: Candidate, parameters: Arrays) -> Answer:
    """The raw answer of init."""
    return _ask(candidate, "init", {"parameters": dict(parameters)})


def step(
    candidate: Candidate, parameters: Arrays, gradient: Arrays, state: Any, rate: float
) -> tuple[dict[str, Array], Any, Answer]:
    """(parameters, state, raw answer) after one step; UnusableError where it cannot be read."""
    answer = _ask(
        candidate,
        "step",
        {
            "parameters": dict(parameters),
            "gradient": dict(gradient),
            "state": state,
            LEARNING_RATE: rate,
        },
    )
    value: Any = value_of(answer)
    if type(value) not in (tuple, list) or len(value) != 2:
        observed = f"a value of type {type(value).__name__}"
        raise UnusableError(
            Problem("step", "(parameters, state)", observed, "return parameters, state")
        )
    moved, state = value
    if type(moved) is not dict:
        observed = f"a value of type {type(moved).__name__}"
        raise UnusableError(Problem("step", "parameters as a dict by name", observed))
    shapes = {name: np.shape(value) for name, value in parameters.items()}
    return read_parameters(moved, shapes, "step", prefix=""), state, answer


def _ask(candidate: Candidate, function: str, arguments: Mapping[str, Any]) -> Answer:
    if not candidate.has(function):
        raise UnusableError(
            Problem(function, f"a function {function}", "none", f"define {function}(…)")
        )
    return candidate.respondent.ask(function, {}, [arguments])[0]


def at_step(case: Case, i: int) -> dict[str, Array]:
    """The i-th of the case's successive gradients, by name in the parameters' shapes."""
    return {name: np.asarray(values[i]) for name, values in case.data.items()}


def length(case: Case) -> int:
    """The number of successive gradients."""
    return len(next(iter(case.data.values())))


def contract(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """init and step are there, leave their arguments alone and answer the same twice."""
    if candidate.problem is not None:
        raise UnusableError(candidate.problem)
    gradient = at_step(case, 0)
    answers = []
    for _ in range(2):
        begun = init(candidate, case.parameters)
        state = value_of(begun)
        moved, _, stepped = step(candidate, case.parameters, gradient, state, case.learning_rate)
        for function, answer in (("init", begun), ("step", stepped)):
            if answer.changed:
                raise UnusableError(
                    Problem(
                        function,
                        "arguments left as they were",
                        f"{', '.join(answer.changed)} changed in place",
                        "build new dicts and arrays",
                        "argument changed in place",
                    )
                )
        answers.append(moved)
    # What is no number twice is the same answer; that it is wrong, the update says.
    first, again = (
        {name: np.nan_to_num(value) for name, value in answer.items()} for answer in answers
    )
    tiny = np.finfo(np.float64).tiny
    allowed = {name: MULTIPLE * EPSILON * np.abs(value) + tiny for name, value in first.items()}
    component, comparison = compare_named(again, first, allowed)
    return finding_of(comparison, component, "the first answer", "the answer to the same again")


def update(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """Every one of the successive steps against the published rule, each with its own state."""
    name = candidate.entry.name
    right = reference_path(candidate.entry, case)
    observed, problem = _walked(candidate, case)
    taken = min(len(values) for values in observed.values())
    for i in range(taken):
        component, comparison = compare_named(
            {key: values[i] for key, values in observed.items()},
            {key: values[i] for key, values in right.places.items()},
            {key: values[i] for key, values in right.allowed.items()},
        )
        if comparison.agrees:
            continue
        accepted = other_guard(name, case, observed)
        if accepted:
            return Finding(Verdict.PASSED, remarks=(accepted,))
        diagnosis = diagnosed(name, case, observed)
        found = finding_of(
            comparison,
            component,
            f"after step {i + 1} of {name}: {candidate.entry.loss_in_words}",
            "your step",
        )
        return replace(found, diagnosis=diagnosis, hint=diagnosis.hint if diagnosis else "")
    if problem is not None:
        raise problem
    remark = other_guard(name, case, observed)
    return Finding(Verdict.PASSED, remarks=(remark,) if remark else ())


def _walked(candidate: Candidate, case: Case) -> tuple[dict[str, Array], UnusableError | None]:
    """The parameters after each step, (j, …) by name, and what ended the steps before the last."""
    parameters: dict[str, Array] = dict(case.parameters)
    state = value_of(init(candidate, parameters))
    places: dict[str, list[Array]] = {name: [] for name in parameters}
    problem = None
    for i in range(length(case)):
        gradient = at_step(case, i)
        try:
            parameters, state, _ = step(candidate, parameters, gradient, state, case.learning_rate)
        except UnusableError as unusable:
            problem = unusable
            break
        for name, value in parameters.items():
            places[name].append(value)
    return {name: np.array(values) for name, values in places.items()}, problem


def convergence(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """On the bowl the rule comes as near to the minimum as the reference's does."""
    reference = oracle.once("end", case, lambda: _descend(oracle.reference, case))
    allowed = LENIENCE * reference + EPSILON * descent_loss(dict(case.parameters))
    observed = _descend(candidate, case)
    measurements = {"gap": observed, "allowed": allowed, "steps": float(case.steps)}
    if observed <= allowed:
        return Finding(Verdict.PASSED, measurements=measurements)
    return Finding(
        Verdict.FAILED,
        expected=f"{number(allowed)}   at most above the bowl's minimum, as the published rule",
        observed=f"{distinguished(observed, observed)}   after {case.steps} steps of "
        f"{number(case.learning_rate)}",
        measurements=measurements,
    )


def _descend(candidate: Candidate, case: Case) -> float:
    parameters = dict(case.parameters)
    state = value_of(init(candidate, parameters))
    for _ in range(case.steps):
        gradient = descent_gradient(parameters)
        parameters, state, _ = step(candidate, parameters, gradient, state, case.learning_rate)
    loss = descent_loss(parameters)
    return loss if np.isfinite(loss) else float("inf")


STEP_RULE_BATTERY: tuple[Check, ...] = (
    Check(
        "contract",
        "are init and step there, do arguments bind, is nothing changed or remembered?",
        points,
        (),
        contract,
    ),
    Check(
        "update",
        "is every step the published rule's, with the state kept?",
        points,
        ("init", "step"),
        update,
    ),
    Check(
        "convergence",
        "does descent with this rule come as near to the minimum as the published one?",
        descents,
        ("init", "step"),
        convergence,
    ),
)
