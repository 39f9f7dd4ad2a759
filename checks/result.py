"""The records that every question answers with.  Text, JSON and HTML are views of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Verdict(Enum):
    """What was decided.  Only PASSED is a pass: no answer is never a pass."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    BLOCKED = "blocked"


class CheckFailedError(AssertionError):
    """Raised by `.require()`: its text is the whole message a person reads."""


@dataclass(frozen=True)
class Problem:
    """Why something cannot be used: where, what was expected, what came, what to try."""

    where: str
    expected: str
    observed: str
    hint: str = ""
    pattern: str = ""

    def __str__(self) -> str:
        return f"{self.where}: expected {self.expected}, got {self.observed}"


@dataclass(frozen=True)
class Diagnosis:
    """The mistake that explains a failure: undone (by `factor`, where it is one), `residual` is
    the relative disagreement that remains.  `sentence` says it in words, `hint` is the line to try.
    """

    pattern: str
    sentence: str
    factor: float | None
    residual: float
    hint: str


@dataclass(frozen=True)
class Excess:
    """How far the entries of one parameter are outside what is allowed.

    shape: of the parameter, () for a scalar.  wrong: the number of entries outside.
    rows: a digit for each entry, leading axes joined into rows: 0 within what is allowed, 1 to 9
    outside, on a logarithmic scale that ends at 10^16 times what is allowed.
    tile: (rows, columns) of entries to a digit, which is their worst; (1, 1) but for large arrays.
    """

    name: str
    shape: tuple[int, ...]
    wrong: int
    tile: tuple[int, int]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class CheckResult:
    """The answer to one question, asked of one subject at one case.

    expected, observed: short texts, values with their error bars.
    component: the parameter or entry concerned, such as "w" or "W1[2, 0]".
    functions: the contract functions found at fault (a contract failure blocks what needs them).
    measurements: figures by name, units in the name (seconds, bytes) where there are any.
    where: of a wrong gradient or update, how far each parameter's entries are out.
    """

    check: str
    subject: str
    model: str
    case: str
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
    seed: int = 0
    seconds: float = 0.0

    def require(self) -> None:
        """Raise CheckFailedError, whose text is this result, unless the verdict is PASSED."""
        if self.verdict is not Verdict.PASSED:
            raise CheckFailedError(str(self))

    @property
    def headline(self) -> str:
        """The first line, which alone tells the story: question, model, case, component."""
        component = f", component {self.component}" if self.component else ""
        return f"{self.check} of {self.model}, case {self.case}{component}"

    def __str__(self) -> str:
        lines = [f"{self.headline}: {self.verdict.value}"]
        parts = [("expected", self.expected), ("observed", self.observed)]
        if self.diagnosis is not None:
            parts.append(("", self.diagnosis.sentence))
        parts.append(("try", self.hint))
        lines += [f"  {label:<9}{text}" for label, text in parts if text]
        lines += [f"  remark   {remark}" for remark in self.remarks]
        return "\n".join(lines)


@dataclass(frozen=True)
class Report:
    """Everything that was asked of one subject, and everything that was answered.

    planned: (check, case) pairs in order.  path: where the subject came from, as the user named it.
    origin: "reference", "mutant", "twin" or "submission".  notes: how it was loaded and recognised.
    likeness: digest and fingerprints of the program without its names, comments and layout.
    """

    subject: str
    model: str
    path: str
    origin: str
    planned: tuple[tuple[str, str], ...]
    results: tuple[CheckResult, ...]
    notes: tuple[str, ...] = ()
    likeness: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every planned question was answered, in order: an incomplete one is no pass."""
        return self.planned == tuple((result.check, result.case) for result in self.results)

    @property
    def passed(self) -> bool:
        """Complete, at least one pass, and nothing failed (BLOCKED and UNDECIDED are skips)."""
        verdicts = {result.verdict for result in self.results}
        return self.complete and Verdict.PASSED in verdicts and Verdict.FAILED not in verdicts
