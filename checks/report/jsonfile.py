"""The public JSON of a run, and the way back from it.

    {"schema": 1,
     "suite": {"name", "version"},
     "environment": {"python", "numpy", "scipy", "system", "machine", "cores", "isolation", "seed"},
     "subjects": [
       {"name", "model", "path", "origin",
        "planned": [[check, case], …],      every question that was to be asked, in order
        "complete": bool,                   whether each of them was answered
        "notes": [text, …],                 how the submission was loaded and recognised
        "likeness": [digest, …],            of the program without names, comments and layout:
                                            equal first ones are one program, others passages
        "results": [
          {"check", "case", "verdict",      "passed", "failed", "undecided" or "blocked"
           "expected", "observed", "hint", "component",
           "diagnosis": null or {"pattern", "sentence", "factor", "residual", "hint"},
                                            factor: a number, or null
           "remarks": [text, …],
           "functions": [name, …],          the contract functions found at fault
           "measurements": {name: number},  such as the speed beside the reference's, with the
                                            last case of vectorised: "update_over_vectorised",
                                            "update_over_loop", each with "…_low" and "…_high"
           "where": [{"name", "shape", "wrong", "tile", "rows"}, …],
                                            of a wrong gradient or update: how far each parameter's
                                            entries are out, a digit each
           "seed", "seconds"}, …]}, …]}

Numbers that JSON lacks are written as the texts "nan", "inf" and "-inf".  Fields may be added
within schema 1; none is renamed or removed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from checks.report.environment import DISTRIBUTION, suite_version
from checks.report.files import replacing
from checks.result import CheckResult, Diagnosis, Excess, Report, Verdict

SCHEMA = 1


def write_json(path: Path, environment: Mapping[str, str | int], reports: Iterable[Report]) -> None:
    """Write all reports, one after the other: memory does not grow with their number."""
    head = {"schema": SCHEMA, "suite": suite(), "environment": dict(environment)}
    with replacing(path) as file:
        file.write(json.dumps(head, indent=1)[:-2] + ',\n "subjects": [')
        for count, report in enumerate(reports):
            file.write(",\n" if count else "\n")
            file.write(json.dumps(subject(report), allow_nan=False))
        file.write("\n ]}\n")


def suite() -> dict[str, str]:
    """Name and version of this suite."""
    return {"name": DISTRIBUTION, "version": suite_version()}


def subject(report: Report) -> dict[str, Any]:
    """One report as the schema has it."""
    return {
        "name": report.subject,
        "model": report.model,
        "path": report.path,
        "origin": report.origin,
        "planned": [list(pair) for pair in report.planned],
        "complete": report.complete,
        "notes": list(report.notes),
        "likeness": list(report.likeness),
        "results": [_result(result) for result in report.results],
    }


def _result(result: CheckResult) -> dict[str, Any]:
    diagnosis = result.diagnosis
    return {
        "check": result.check,
        "case": result.case,
        "verdict": result.verdict.value,
        "expected": result.expected,
        "observed": result.observed,
        "hint": result.hint,
        "component": result.component,
        "diagnosis": None
        if diagnosis is None
        else {
            "pattern": diagnosis.pattern,
            "sentence": diagnosis.sentence,
            "factor": None if diagnosis.factor is None else _number(diagnosis.factor),
            "residual": _number(diagnosis.residual),
            "hint": diagnosis.hint,
        },
        "remarks": list(result.remarks),
        "functions": list(result.functions),
        "measurements": {name: _number(value) for name, value in result.measurements.items()},
        "where": [asdict(block) for block in result.where],
        "seed": int(result.seed),
        "seconds": float(result.seconds),
    }


def _number(value: float) -> float | str:
    return float(value) if math.isfinite(value) else str(float(value))


def report_of(subject: Mapping[str, Any]) -> Report:
    """The report that `subject(report)` came from; KeyError or ValueError where it is none."""
    name, model = subject["name"], subject["model"]
    return Report(
        subject=name,
        model=model,
        path=subject["path"],
        origin=subject["origin"],
        planned=tuple((check, case) for check, case in subject["planned"]),
        results=tuple(_result_of(entry, name, model) for entry in subject["results"]),
        notes=tuple(subject["notes"]),
        likeness=tuple(subject["likeness"]),
    )


def _result_of(entry: Mapping[str, Any], name: str, model: str) -> CheckResult:
    diagnosis = entry["diagnosis"]
    return CheckResult(
        check=entry["check"],
        subject=name,
        model=model,
        case=entry["case"],
        verdict=Verdict(entry["verdict"]),
        expected=entry["expected"],
        observed=entry["observed"],
        hint=entry["hint"],
        component=entry["component"],
        diagnosis=None
        if diagnosis is None
        else Diagnosis(
            diagnosis["pattern"],
            diagnosis["sentence"],
            None if diagnosis["factor"] is None else float(diagnosis["factor"]),
            float(diagnosis["residual"]),
            diagnosis["hint"],
        ),
        remarks=tuple(entry["remarks"]),
        functions=tuple(entry["functions"]),
        measurements={key: float(value) for key, value in entry["measurements"].items()},
        where=tuple(_excess_of(block) for block in entry["where"]),
        seed=entry["seed"],
        seconds=entry["seconds"],
    )


def _excess_of(block: Mapping[str, Any]) -> Excess:
    rows, columns = block["tile"]
    return Excess(
        block["name"], tuple(block["shape"]), block["wrong"], (rows, columns), tuple(block["rows"])
    )
