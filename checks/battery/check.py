"""What a question is: a record with a function that returns a finding, and how it is put."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from checks.battery.oracle import Oracle
from checks.candidate import Candidate
from checks.reading import UnusableError
from checks.result import CheckResult, Diagnosis, Excess, Problem, Verdict
from reference.contract import Array, Case, Entry


@dataclass(frozen=True)
class Finding:
    """What a question found: the part of a CheckResult that only the question knows."""

    verdict: Verdict
    expected: str = ""
    observed: str = ""
    hint: str = ""
    component: str = ""
    diagnosis: Diagnosis | None = None
    remarks: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    measurements: Mapping[str, float] = field(default_factory=dict)
    where: tuple[Excess, ...] = ()


@dataclass(frozen=True)
class Check:
    """One question of the battery.

    question: the question in words.
    applies(entry, case): whether it is asked of this model at this case.
    needs: what must be usable for an answer; nothing named means all that was handed in.
    "loss", "gradient", "predict" and "descent" stand for the functions that they come from.
    run(candidate, case, oracle): the answer; UnusableError is a failure with its own sentence.
    """

    name: str
    question: str
    applies: Callable[[Entry, Case], bool]
    needs: tuple[str, ...]
    run: Callable[[Candidate, Case, Oracle], Finding]

    def functions_needed(self, candidate: Candidate) -> tuple[str, ...]:
        """The names of the candidate's functions that this question calls."""
        stands_for = {
            "loss": candidate.loss_function,
            "gradient": candidate.gradient_function,
            "predict": candidate.predict_function,
            "descent": "update" if candidate.has("update") else "gradient",
        }
        return tuple(stands_for.get(name, name) for name in self.needs)

    def ask(self, candidate: Candidate, case: Case, oracle: Oracle) -> CheckResult:
        """Put the question and time it; an unusable answer is a failure, never a crash."""
        start = time.perf_counter()
        try:
            # An answer may hold any number: what overflows in comparing it is no news.
            with np.errstate(all="ignore"):
                finding = self.run(candidate, case, oracle)
        except UnusableError as unusable:
            finding = failure(unusable.problem)
        seconds = time.perf_counter() - start
        return self.result(candidate, case, oracle, finding, seconds)

    def blocked(self, candidate: Candidate, case: Case, oracle: Oracle, why: str) -> CheckResult:
        """The result of a question that could not be put."""
        finding = Finding(Verdict.BLOCKED, expected=self.question, observed=why)
        return self.result(candidate, case, oracle, finding, 0.0)

    def result(
        self, candidate: Candidate, case: Case, oracle: Oracle, finding: Finding, seconds: float
    ) -> CheckResult:
        """A finding together with who was asked, where, and under which seed."""
        return CheckResult(
            check=self.name,
            subject=candidate.name,
            model=candidate.entry.name,
            case=case.name,
            verdict=finding.verdict,
            expected=finding.expected,
            observed=finding.observed,
            hint=finding.hint,
            component=finding.component,
            diagnosis=finding.diagnosis,
            remarks=finding.remarks,
            functions=finding.functions,
            measurements=finding.measurements,
            where=finding.where,
            seed=oracle.seed,
            seconds=seconds,
        )


def not_finite(gradient: Mapping[str, Array]) -> Finding | None:
    """BLOCKED where a question is about the own gradient and that is no number (blamed once)."""
    for name, value in gradient.items():
        if not np.all(np.isfinite(value)):
            return Finding(
                Verdict.BLOCKED,
                expected="a finite gradient of your own to compare with",
                observed=f"the gradient of {name} is not finite, so this could not be asked",
            )
    return None


def heading(pattern: str, hint: str = "") -> Diagnosis:
    """What a class page heads a failure with where it is seen, not found by undoing a mistake."""
    return Diagnosis(pattern, "", None, 0.0, hint)


def failure(problem: Problem) -> Finding:
    """A FAILED finding that says a problem's sentence."""
    return Finding(
        Verdict.FAILED,
        expected=f"{problem.where}: {problem.expected}",
        observed=problem.observed,
        hint=problem.hint,
        diagnosis=heading(problem.pattern, problem.hint) if problem.pattern else None,
        functions=(problem.where.split(",")[0],),
    )
