"""Question 1, contract: can this be used at all, and does it behave like a function?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from checks.battery.check import Check, Finding, failure
from checks.battery.memory import differs, elsewhere, recalled
from checks.battery.oracle import Oracle
from checks.candidate import Candidate
from checks.reading import UnusableError, read_parameters, read_scalar
from checks.respondent import Answer
from checks.result import Problem, Verdict
from reference.contract import Array, Case, Entry, Role


def applies(entry: Entry, case: Case) -> bool:
    """Asked of everything, at every single point."""
    return case.role is Role.POINT


def readers(candidate: Candidate, case: Case) -> Mapping[str, Callable[[Answer], list[Array]]]:
    """How to read each function's answer as a list of arrays."""
    shapes = {name: np.shape(value) for name, value in case.parameters.items()}

    def parameters(function: str) -> Callable[[Answer], list[Array]]:
        return lambda answer: list(
            read_parameters(answer.value, shapes, function, prefix="d").values()
        )

    return {
        "predict": lambda answer: [candidate.read_prediction(answer, case)],
        "forward": lambda answer: [candidate.read_prediction(answer, case)],
        "loss": lambda answer: [np.array(read_scalar(answer.value, "loss"))],
        "gradient": parameters("gradient"),
        "backward": parameters("backward"),
        "update": parameters("update"),
    }


def run(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """Every function once at this case, once elsewhere, and at this case again in reverse order."""
    problems = _missing(candidate)
    offered = [name for name in candidate.entry.functions if candidate.has(name)]
    first: dict[str, list[Array]] = {}
    moved = elsewhere(case)
    asked = readers(candidate, case)
    for function in offered:
        try:
            answer = candidate.answer(function, case)
            problem = answer.problem or _changed(function, answer)
            if problem is None:
                first[function] = asked[function](answer)
        except UnusableError as unusable:
            problem = unusable.problem
        if problem is not None:
            problems[function] = problem
    for function in first:
        second = _read(candidate.answer(function, moved), asked[function])
        right = partial(_right, oracle, function)
        if second:
            problem = recalled(function, first[function], second, case, oracle, right)
            if problem is not None:
                problems[function] = problem
    for function in reversed(list(first)):
        answer = candidate.answer(function, case)
        problem = answer.problem or differs(function, first[function], asked[function](answer))
        if problem is not None:
            problems[function] = problem
    return _finding(candidate, problems)


def _read(answer: Answer, read: Callable[[Answer], list[Array]]) -> list[Array]:
    """The answer, nothing where it cannot be read: the questions that need it will say so."""
    try:
        return read(answer)
    except UnusableError:
        return []


def _right(oracle: Oracle, function: str, case: Case) -> list[Array]:
    """The reference's answer to one function."""
    answer = oracle.reference.answer(function, case)
    return readers(oracle.reference, case)[function](answer)


def _missing(candidate: Candidate) -> dict[str, Problem]:
    """What ruling 7 needs and cannot be derived."""
    if candidate.problem is not None:
        return dict.fromkeys(candidate.entry.functions, candidate.problem)
    there = ", ".join(sorted(candidate.respondent.functions)) or "none of them"
    problems = {}
    for function in (candidate.loss_function, candidate.gradient_function):
        if not candidate.has(function):
            wanted = _alternatives(candidate, function)
            problems[function] = Problem(
                wanted[0],
                f"a function {' or '.join(wanted)}",
                f"only {there}" if candidate.respondent.functions else "none of the contract's",
                next(filter(None, map(candidate.meant, wanted)), "")
                or _to_define(candidate, wanted[0]),
                "missing function",
            )
    return problems


def _to_define(candidate: Candidate, function: str) -> str:
    """The line to try, and what helps where the function is there by a name of its own."""
    line = f"define {function}({', '.join(candidate.entry.arguments(function))})"
    named = set(candidate.others) - set(candidate.entry.functions)
    return f"{line}, or put your names under these with --adapter=FILE" if named else line


def _alternatives(candidate: Candidate, function: str) -> tuple[str, ...]:
    """The functions that would each do, the first one preferred."""
    if function in ("predict", "loss"):
        return tuple(name for name in ("loss", "predict") if name in candidate.entry.functions)
    if function == "update":
        return ("gradient", "update")
    return (function,)


def _changed(function: str, answer: Answer) -> Problem | None:
    if not answer.changed:
        return None
    names = ", ".join(answer.changed)
    return Problem(
        function,
        "arguments left as they were",
        f"{names} changed in place",
        f"work on a copy: write {answer.changed[0]} = {answer.changed[0]} - …, not -=",
        "argument changed in place",
    )


def _finding(candidate: Candidate, problems: Mapping[str, Problem]) -> Finding:
    absent = [name for name in candidate.entry.functions if not candidate.has(name)]
    meant = {name: candidate.meant(name) for name in absent}
    remarks = tuple(
        f"there is no function {name}" + (f": {meant[name]}" if meant[name] else "")
        for name in absent
    )
    if not problems:
        return Finding(Verdict.PASSED, remarks=remarks)
    first = next(iter(problems.values()))
    others = list(dict.fromkeys(str(p) for p in problems.values() if p != first))
    return replace(
        failure(first),
        component=first.where.partition("component ")[2],
        remarks=(*others, *remarks) if candidate.problem is None else (),
        functions=tuple(problems),
    )


CONTRACT = Check(
    "contract",
    "are the functions there, do arguments bind, are shapes and types right, nothing changed, "
    "nothing remembered?",
    applies,
    (),
    run,
)
