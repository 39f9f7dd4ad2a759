"""The battery of a step rule: contract, update (the published rule, state kept) and convergence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from checks.battery.check import Check, Finding
from checks.battery.comparison import compare_named, finding_of
from checks.battery.convergence import LENIENCE
from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.candidate import Candidate
from checks.judging.wording import distinguished, number
from checks.reading import UnusableError, read_parameters
from checks.respondent import Answer, value_of
from checks.result import Problem, Verdict
from reference.contract import LEARNING_RATE, Array, Arrays, Case, Entry, Kind, Role
from reference.step_rules import descent_gradient, descent_loss

# δ or ε keeps the denominator from 0; published values differ, and some put it under the root.
LARGEST_GUARD = 1e-7


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
    allowed = {name: MULTIPLE * EPSILON * np.abs(value) for name, value in answers[0].items()}
    component, comparison = compare_named(answers[1], answers[0], allowed)
    return finding_of(comparison, component, "the first answer", "the answer to the same again")


def guard_allowance(step_taken: Arrays, size: Arrays) -> dict[str, Array]:
    """How far a guard of LARGEST_GUARD moves a step of size · direction.

    Outside the root it divides by √G + ε, relatively ε/√G; under the root by √(G + ε), ε/(2G).
    """
    return {
        name: np.abs(step_taken[name])
        * (LARGEST_GUARD / np.abs(size[name]) + LARGEST_GUARD / (2 * size[name] ** 2))
        for name in step_taken
    }


def update(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """Every one of the successive steps against the published rule, each with its own state."""
    rule = candidate.entry.module
    mine, right = dict(case.parameters), dict(case.parameters)
    state, right_state = value_of(init(candidate, mine)), rule.init(right)
    slack = {name: np.zeros_like(value) for name, value in right.items()}
    finding = Finding(Verdict.PASSED)
    for i in range(length(case)):
        gradient, before = at_step(case, i), right
        mine, state, _ = step(candidate, mine, gradient, state, case.learning_rate)
        right, right_state = rule.step(right, gradient, right_state, case.learning_rate)
        taken = {name: right[name] - before[name] for name in right}
        # Gradients only grow the denominators, which are at least as large as the smallest one.
        smallest = {name: np.min(np.abs(values), axis=0) for name, values in case.data.items()}
        guard = guard_allowance(taken, smallest)
        slack = {
            name: slack[name] + guard[name] + MULTIPLE * EPSILON * np.abs(right[name])
            for name in right
        }
        component, comparison = compare_named(mine, right, slack)
        finding = finding_of(
            comparison,
            component,
            f"after step {i + 1} of {candidate.entry.name}: {candidate.entry.loss_in_words}",
            "your step",
        )
        if not comparison.agrees:
            return finding
    return finding


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
