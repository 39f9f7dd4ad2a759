"""One seat of the class: a file, and what its report must say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.selftest.classroom.source import source
from checks.selftest.mutants.mutant import Mutant
from checks.selftest.submissions.record import HASTE, Handed
from checks.selftest.twins.twin import Twin

FAILED = "failed"


@dataclass(frozen=True)
class Member:
    """One submission of the class.

    must: questions that fail.  must_not: questions that do not.  diagnosis: the pattern of the
    first explained failure among `must`; None where nothing is declared.
    contained: it does harm where it can.  slow: it hangs until the time limit ends it.
    """

    name: str
    model: str
    text: bytes
    must: frozenset[str]
    must_not: frozenset[str]
    diagnosis: str | None = None
    contained: bool = False
    slow: bool = False

    def write(self, student: Path) -> None:
        """Hand the file in, in a student's folder."""
        student.mkdir(parents=True)
        (student / f"{self.model}.py").write_bytes(self.text)

    def objections(self, subject: Mapping[str, Any]) -> list[str]:
        """What a JSON report's subject says against the declaration, in words."""
        results = subject["results"]
        failed = {result["check"] for result in results if result["verdict"] == FAILED}
        said = [f"{question} did not fail" for question in sorted(self.must - failed)]
        said += [f"{question} failed" for question in sorted(self.must_not & failed)]
        if subject["model"] != self.model:
            said.append(f"graded as {subject['model']!r}")
        planned = [tuple(pair) for pair in subject["planned"]]
        if planned != [(result["check"], result["case"]) for result in results]:
            said.append(f"planned {len(planned)} questions, asked {len(results)}")
        told = [
            result["diagnosis"]["pattern"]
            for result in results
            if result["verdict"] == FAILED
            and result["check"] in self.must
            and result["diagnosis"] is not None
        ]
        if self.diagnosis is not None and told[:1] != [self.diagnosis]:
            said.append(f"the mistake was named {told[:1]}, not {self.diagnosis!r}")
        return [f"{self.name}: {each}" for each in said]


def of_mutant(mutant: Mutant) -> Member:
    """A mutant as a file; raises UnwritableError."""
    return Member(
        mutant.name,
        mutant.of,
        _text(mutant),
        mutant.caught_by,
        mutant.spared,
        mutant.diagnosis,
    )


def of_twin(twin: Twin, questions: frozenset[str]) -> Member:
    """A twin as a file: none of the questions fails; raises UnwritableError."""
    return Member(twin.name, twin.of, _text(twin), frozenset(), questions)


def of_handed(handed: Handed, questions: frozenset[str]) -> Member:
    """A file that is odd, hostile or cheating: what it declares fails, and nothing else."""
    return Member(
        handed.name,
        "slope",
        handed.source,
        handed.failed - handed.perhaps,
        questions - handed.failed - handed.perhaps,
        contained=handed.contained,
        slow=handed.limits == HASTE,
    )


def _text(written: Mutant | Twin) -> bytes:
    return f"# {written.name}\n{source(written.of, written.functions)}".encode()
