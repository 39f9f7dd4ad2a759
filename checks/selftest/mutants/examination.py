"""Puts a mutant before the battery and compares what came with what was declared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from checks.battery.across_cases import reconsidered
from checks.battery.check import Check
from checks.grading import Sitting, plan
from checks.result import CheckResult, Verdict
from checks.selftest.mutants.mutant import Mutant
from reference.contract import Case

SPARED_CASES = 2  # in the short form; the thorough form asks at every case


@dataclass(frozen=True)
class Examination:
    """What the battery made of one mutant.

    missed: questions that should have failed.  blamed: questions that should not have failed.
    diagnosis: the pattern that explains most failures of the first question that explains any,
    None where nothing was explained.
    """

    missed: frozenset[str]
    blamed: frozenset[str]
    diagnosis: str | None
    results: tuple[CheckResult, ...]

    @property
    def told(self) -> str:
        """Everything that did not pass, as a person reads it."""
        return "\n".join(str(r) for r in self.results if r.verdict is not Verdict.PASSED)


def examine(mutant: Mutant, seed: int, *, thorough: bool = False) -> Examination:
    """Ask the mutant what it declares.

    In short: each question that must catch it, case by case until it does and says why; each
    question that must spare it at the first SPARED_CASES cases.  Thoroughly: all at every case, and
    diagnoses reconsidered over all of them, as where a submission is graded.
    """
    sitting = Sitting(mutant.candidate, seed)
    planned: list[tuple[Check, Case]] = []
    results: list[CheckResult] = []
    asked: dict[str, int] = {}
    done, told = set[str](), False
    for check, case in plan(sitting.candidate.entry, seed, mutant.caught_by | mutant.spared):
        asked[check.name] = asked.get(check.name, 0) + 1
        beyond = check.name in mutant.spared and asked[check.name] > SPARED_CASES
        if not thorough and (beyond or check.name in done):
            continue
        result = sitting.ask(check, case)
        planned.append((check, case))
        results.append(result)
        if result.verdict is Verdict.FAILED and check.name in mutant.caught_by:
            told = told or result.diagnosis is not None or mutant.diagnosis is None
            if told:
                done.add(check.name)
    if thorough:
        results = list(reconsidered(sitting.candidate.entry, planned, results))
    explained: dict[str, list[str]] = {}
    for result in results:
        blamed = result.verdict is Verdict.FAILED and result.check in mutant.caught_by
        if blamed and result.diagnosis is not None:
            explained.setdefault(result.check, []).append(result.diagnosis.pattern)
    failed = frozenset(r.check for r in results if r.verdict is Verdict.FAILED)
    return Examination(
        missed=mutant.caught_by - failed,
        blamed=mutant.spared & failed,
        diagnosis=_most_common(next(iter(explained.values()), [])),
        results=tuple(results),
    )


def _most_common(patterns: list[str]) -> str | None:
    return Counter(patterns).most_common(1)[0][0] if patterns else None
