"""Puts the whole battery to one candidate: what is planned, what is blocked, what was answered."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import lru_cache

from checks.battery import Check, Oracle, battery_of
from checks.battery.across_cases import reconsidered
from checks.battery.check import heading
from checks.candidate import Candidate
from checks.judging.patterns import FINITE_DIFFERENCES
from checks.result import CheckResult, Problem, Report, Verdict
from reference.contract import Case, Entry, Role

QUOTIENT = FINITE_DIFFERENCES.name
NOT_GRADED = "nothing that can be graded"
Turn = Callable[[Check], AbstractContextManager[object]]


def _any_time(check: Check) -> AbstractContextManager[object]:
    return nullcontext()


Plan = tuple[tuple[Check, Case], ...]


@lru_cache(maxsize=64)
def _oracle(entry: Entry, seed: int) -> Oracle:
    return Oracle(entry, seed)


def oracle_for(entry: Entry, seed: int) -> Oracle:
    """The shared oracle of one model under one seed."""
    return _oracle(entry, seed)


def plan(entry: Entry, seed: int, only: Collection[str] | None = None) -> Plan:
    """Every (check, case) that will be asked, in order; `only` restricts it to named checks."""
    return tuple(
        (check, case)
        for check in battery_of(entry)
        if only is None or check.name in only
        for case in oracle_for(entry, seed).cases
        if check.applies(entry, case)
    )


class Sitting:
    """One candidate before the battery: remembers its contract findings, which block the rest.

    A contract failure at a case blocks the questions there that need the offending function
    (ruling 11).  Where the contract is not asked (descents, extremes) a function is blocked when
    it failed at every point.  allow_finite_differences: a gradient that was recognised as a
    difference quotient passes with a remark (ruling 14).
    """

    def __init__(
        self, candidate: Candidate, seed: int, *, allow_finite_differences: bool = False
    ) -> None:
        self.candidate = candidate
        self.allow_finite_differences = allow_finite_differences
        self.oracle = oracle_for(candidate.entry, seed)
        self.contract = battery_of(candidate.entry)[0]
        self._contract: dict[str, CheckResult] = {}

    def ask(self, check: Check, case: Case) -> CheckResult:
        """The answer to one question; contract answers are asked once and kept."""
        if check.name == self.contract.name:
            return self._contract_at(case)
        offered = tuple(n for n in self.candidate.entry.functions if self.candidate.has(n))
        needed = check.functions_needed(self.candidate) or offered
        missing = [name for name in needed if not self.candidate.has(name)]
        if missing or not offered:
            why = f"there is no function {missing[0]}" if missing else "there is no function"
            problem = self.candidate.problem
            return check.blocked(
                self.candidate, case, self.oracle, str(problem) if problem else why
            )
        offending = self._offending(case, needed)
        if offending:
            why = f"{', '.join(offending)} failed the contract, so this could not be asked"
            return check.blocked(self.candidate, case, self.oracle, why)
        result = check.ask(self.candidate, case, self.oracle)
        diagnosis = result.diagnosis
        if self.allow_finite_differences and diagnosis and diagnosis.pattern == QUOTIENT:
            return replace(result, verdict=Verdict.PASSED, remarks=(diagnosis.sentence,))
        return result

    def _contract_at(self, case: Case) -> CheckResult:
        if case.name not in self._contract:
            self._contract[case.name] = self.contract.ask(self.candidate, case, self.oracle)
        return self._contract[case.name]

    def _offending(self, case: Case, needed: tuple[str, ...]) -> list[str]:
        """Which of the needed functions failed the contract, here or (elsewhere) at every point."""
        if case.role is Role.POINT:
            return [name for name in needed if name in self._contract_at(case).functions]
        points = [self._contract_at(point).functions for point in self.oracle.points]
        return [name for name in needed if all(name in failed for failed in points)]


def grade(
    candidate: Candidate,
    *,
    seed: int,
    only: Collection[str] | None = None,
    allow_finite_differences: bool = False,
    turn: Turn = _any_time,
) -> Report:
    """The report of one candidate: every planned question asked, in order.

    turn(check): a context to hold while the check is asked, so that timing waits for its turn.
    """
    planned = plan(candidate.entry, seed, only)
    sitting = Sitting(candidate, seed, allow_finite_differences=allow_finite_differences)
    results = [_in_turn(sitting, check, case, turn) for check, case in planned]
    return Report(
        subject=candidate.name,
        model=candidate.entry.name,
        path=candidate.path,
        origin=candidate.origin,
        planned=tuple((check.name, case.name) for check, case in planned),
        results=reconsidered(candidate.entry, planned, results),
        notes=candidate.notes,
    )


def _in_turn(sitting: Sitting, check: Check, case: Case, turn: Turn) -> CheckResult:
    with turn(check):
        return sitting.ask(check, case)


def refused(name: str, model: str, path: str, problem: Problem, seed: int) -> Report:
    """The report of something that cannot be graded at all, such as a file of no known model."""
    result = CheckResult(
        check="contract",
        subject=name,
        model=model,
        case="-",
        verdict=Verdict.FAILED,
        expected=f"{problem.where}: {problem.expected}",
        observed=problem.observed,
        hint=problem.hint,
        diagnosis=heading(problem.pattern or NOT_GRADED, problem.hint),
        seed=seed,
    )
    return Report(name, model, path, "submission", (("contract", "-"),), (result,))
