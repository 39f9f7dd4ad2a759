"""Question 1, contract: can this be used at all, and does it behave like a function?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from checks.battery.check import Check, Finding
from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON
from checks.candidate import Candidate
from checks.reading import UnusableError, read_parameters, read_scalar
from checks.respondent import Answer
from checks.result import Diagnosis, Problem, Verdict
from reference.contract import Array, Case, Entry, Role

# Ruling 6: the same question again gives the same answer to 64 ε.
REPEATABLE = 64 * EPSILON


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
    elsewhere = _elsewhere(case)
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
        candidate.answer(function, elsewhere)
    for function in reversed(list(first)):
        problem = _again(candidate, function, case, first[function], asked[function])
        if problem is not None:
            problems[function] = problem
    return _finding(candidate, problems)


def _missing(candidate: Candidate) -> dict[str, Problem]:
    """What ruling 7 needs and cannot be derived."""
    if candidate.problem is not None:
        return dict.fromkeys(candidate.entry.functions, candidate.problem)
    there = ", ".join(sorted(candidate.respondent.functions)) or "none of them"
    problems = {}
    for names in (
        (candidate.loss_function,),
        (candidate.gradient_function,),
    ):
        if not candidate.has(names[0]):
            wanted = _alternatives(candidate, names[0])
            problems[names[0]] = Problem(
                wanted[0],
                f"a function {' or '.join(wanted)}",
                f"only {there}" if candidate.respondent.functions else "none of the contract's",
                next(filter(None, map(candidate.meant, wanted)), "")
                or f"define {wanted[0]}({', '.join(candidate.entry.arguments(wanted[0]))})",
                "missing function",
            )
    return problems


def _alternatives(candidate: Candidate, function: str) -> tuple[str, ...]:
    offered = candidate.entry.functions
    if function == "predict" or function == "loss":
        return tuple(name for name in ("loss", "predict") if name in offered)
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


def _elsewhere(case: Case) -> Case:
    """The same shapes with every number moved, to uncover what is remembered between calls."""
    return Case(
        name=case.name,
        data=case.data,
        parameters={name: value * 0.75 for name, value in case.parameters.items()},
        seed=case.seed,
        learning_rate=case.learning_rate,
        zero_dimensional=case.zero_dimensional,
    )


def _again(
    candidate: Candidate,
    function: str,
    case: Case,
    first: list[Array],
    read: Callable[[Answer], list[Array]],
) -> Problem | None:
    """The same call once more, after others: the same answer to 64 ε of its largest entry."""
    answer = candidate.answer(function, case)
    if answer.problem is not None:
        return answer.problem
    for before, after in zip(first, read(answer), strict=True):
        scale = float(np.max(np.abs(before[np.isfinite(before)]), initial=0.0))
        same = np.isclose(after, before, rtol=0.0, atol=REPEATABLE * scale, equal_nan=True)
        if not np.all(same):
            where = np.unravel_index(int(np.argmin(same)), same.shape)
            return Problem(
                function,
                f"the same answer to the same question: {float(before[where]):.6g}",
                f"{float(after[where]):.6g} the second time, with other calls in between",
                "compute everything from the arguments: no globals, no cache, no random numbers",
                "memory between calls",
            )
    return None


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
    component = first.where.partition("component ")[2]
    pattern = first.pattern or "contract"
    return Finding(
        Verdict.FAILED,
        expected=f"{first.where}: {first.expected}",
        observed=first.observed,
        hint=first.hint,
        component=component,
        diagnosis=Diagnosis(pattern, "", None, 0.0, first.hint) if first.pattern else None,
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
