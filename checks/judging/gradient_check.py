"""The outcome of one verification, and its text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from checks.engine.numerical import NumericalGradient
from checks.engine.scale import Array
from checks.judging.wording import distinguished
from checks.result import CheckFailedError, Diagnosis, Problem, Verdict

SHOWN = 8  # names listed before "and more"


@dataclass(frozen=True)
class GradientCheck:
    """What was decided about one claimed gradient, and on what grounds.

    wrong: names of the wrong components, such as "W1[2, 0]"; `more` if there are others.
    component, expected ± error, observed, gap: the worst of them; nan where there is none.
    diagnosis: the mistake, where one explains the failure.  problem: why nothing could be
    measured.  notes: what was seen on the way (kinks, points left out).
    resolution: the largest error of a single component, relative to the largest component of the
    gradient, that could have gone unseen; inf where nothing was resolved.
    at, claimed, measured: the point that decided, and the two gradients there, (P,).
    evaluations: losses asked for.  seed: of the directions and further points.
    subject, slope_of: what was claimed, and of what it is the slope, as messages have it.
    """

    verdict: Verdict
    at: Array
    seed: int
    evaluations: int = 0
    resolution: float = math.inf
    wrong: tuple[str, ...] = ()
    more: bool = False
    component: str = ""
    expected: float = math.nan
    error: float = math.nan
    observed: float = math.nan
    gap: float = math.nan
    diagnosis: Diagnosis | None = None
    problem: Problem | None = None
    notes: tuple[str, ...] = ()
    claimed: Array | None = None
    measured: NumericalGradient | None = None
    subject: str = "gradient"
    slope_of: str = "the loss"

    def explain(self) -> str:
        """The outcome in words: what was expected, what came, what it looks like."""
        again = f"  again      seed {self.seed}, {self.evaluations} evaluations of the loss"
        if self.problem is not None:
            lines = [f"{self.verdict.value}: {self.problem}"]
            if self.problem.hint:
                lines.append(f"  try        {self.problem.hint}")
        elif self.verdict is Verdict.FAILED:
            lines = self._failure()
        elif self.verdict is Verdict.PASSED:
            lines = [f"{self.subject} passed: it agrees with the slope of {self.slope_of}"]
            lines.append(f"  resolves   {self.resolution:.0e} of its largest component")
        else:
            lines = [f"{self.subject} undecided: the loss does not resolve its own slope here"]
            if self.resolution < float("inf"):
                lines[0] += f" better than {self.resolution:.0e} of the largest component"
        lines += [f"  note       {note}" for note in self.notes]
        return "\n".join([*lines, again])

    def __str__(self) -> str:
        return self.explain()

    def _failure(self) -> list[str]:
        where = f" at {self.component}" if self.component else ""
        lines = [f"{self.subject} wrong{where}"]
        if self.component:
            expected, observed = (
                distinguished(value, self.gap) for value in (self.expected, self.observed)
            )
            lines.append(
                f"  expected   {expected}   slope of {self.slope_of} there, ± {self.error:.0e}"
            )
            lines.append(f"  observed   {observed}   your {self.subject}")
        if self.diagnosis is not None:
            lines.append(f"  {self.diagnosis.sentence}")
        if len(self.wrong) > 1:
            names = ", ".join(self.wrong[:SHOWN])
            others = " and more" if self.more or len(self.wrong) > SHOWN else ""
            lines.append(f"  wrong      {names}{others}")
        if self.diagnosis is not None and self.diagnosis.hint:
            lines.append(f"  try        {self.diagnosis.hint}")
        return lines

    def require(self) -> None:
        """Raise CheckFailedError, an AssertionError, with the explanation unless it PASSED."""
        if self.verdict is not Verdict.PASSED:
            raise CheckFailedError(self.explain())


def refusal(problem: Problem, at: Array, seed: int, evaluations: int = 0) -> GradientCheck:
    """FAILED at the point `at`, (P,), because there is nothing that could be compared."""
    return GradientCheck(Verdict.FAILED, at, seed, evaluations, problem=problem)
