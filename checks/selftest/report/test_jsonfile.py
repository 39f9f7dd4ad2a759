"""Is the JSON the public schema, field by field, and does it lose nothing?"""

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks.report.environment import environment
from checks.report.jsonfile import SCHEMA, report_of, subject, write_json
from checks.result import CheckResult, Report, Verdict
from checks.selftest.report.results import BLOCKED, FAILED, HOSTILE, PASSED, report

FACTS = environment("process", 7)
WHOLE = report(FAILED, PASSED, BLOCKED, notes=("definitions only",))

TEXT, NUMBER, WHOLE_NUMBER = (str,), (int, float), (int,)
RESULT_FIELDS: dict[str, tuple[type, ...]] = {
    "check": TEXT,
    "case": TEXT,
    "verdict": TEXT,
    "expected": TEXT,
    "observed": TEXT,
    "hint": TEXT,
    "component": TEXT,
    "diagnosis": (dict, type(None)),
    "remarks": (list,),
    "functions": (list,),
    "measurements": (dict,),
    "where": (list,),
    "seed": WHOLE_NUMBER,
    "seconds": NUMBER,
}
SUBJECT_FIELDS: dict[str, tuple[type, ...]] = {
    "name": TEXT,
    "model": TEXT,
    "path": TEXT,
    "origin": TEXT,
    "planned": (list,),
    "complete": (bool,),
    "notes": (list,),
    "likeness": (list,),
    "results": (list,),
}
DIAGNOSIS_FIELDS: dict[str, tuple[type, ...]] = {
    "pattern": TEXT,
    "sentence": TEXT,
    "factor": (int, float, str, type(None)),
    "residual": (int, float, str),
    "hint": TEXT,
}


def problems(given: dict[str, Any], fields: dict[str, tuple[type, ...]]) -> list[str]:
    """What is missing, superfluous or of another type than the schema says."""
    wrong = [
        f"{name}: {type(given[name]).__name__}"
        for name in fields.keys() & given.keys()
        if not isinstance(given[name], fields[name])
    ]
    return wrong + sorted(fields.keys() ^ given.keys())


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Any]:
    write_json(tmp_path / "out.json", FACTS, [WHOLE, report(PASSED, subject="ben")])
    document: dict[str, Any] = json.loads((tmp_path / "out.json").read_text("utf-8"))
    return document


def test_the_document_names_schema_suite_environment_and_subjects(written: dict[str, Any]) -> None:
    assert list(written) == ["schema", "suite", "environment", "subjects"]
    assert written["schema"] == SCHEMA
    assert set(written["suite"]) == {"name", "version"}
    assert written["environment"] == FACTS


def test_every_subject_and_result_has_the_fields_of_the_schema(written: dict[str, Any]) -> None:
    for given in written["subjects"]:
        assert problems(given, SUBJECT_FIELDS) == []
        for result in given["results"]:
            assert problems(result, RESULT_FIELDS) == []
            if result["diagnosis"] is not None:
                assert problems(result["diagnosis"], DIAGNOSIS_FIELDS) == []


@pytest.mark.parametrize("name", sorted(RESULT_FIELDS))
def test_a_missing_field_is_noticed(written: dict[str, Any], name: str) -> None:
    result = written["subjects"][0]["results"][0]
    del result[name]
    assert problems(result, RESULT_FIELDS) == [name]


def test_subjects_come_in_order(written: dict[str, Any]) -> None:
    assert [given["name"] for given in written["subjects"]] == ["ana", "ben"]


def test_planned_is_pairs_of_check_and_case(written: dict[str, Any]) -> None:
    expected = [["gradient_own", "tall"], ["loss", "tall"], ["update", "tall"]]
    assert written["subjects"][0]["planned"] == expected


def test_what_json_lacks_is_written_as_text() -> None:
    assert subject(WHOLE)["results"][0]["measurements"]["ratio"] == "inf"


@pytest.mark.parametrize(
    "original",
    [WHOLE, report(), report(replace(FAILED, observed=HOSTILE)), replace(WHOLE, planned=())],
    ids=["whole", "empty", "hostile", "incomplete"],
)
def test_a_report_comes_back_as_it_was(original: Report) -> None:
    assert report_of(json.loads(json.dumps(subject(original)))) == original


def test_an_incomplete_report_says_so() -> None:
    planned = (*WHOLE.planned, ("vectorised", "tall"))
    assert subject(replace(WHOLE, planned=planned))["complete"] is False


def test_every_verdict_can_be_written() -> None:
    results = [replace(PASSED, verdict=verdict) for verdict in Verdict]
    given = subject(report(*results))["results"]
    assert [result["verdict"] for result in given] == [verdict.value for verdict in Verdict]


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old", "utf-8")

    def interrupted() -> Iterator[Report]:
        yield WHOLE
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_json(target, FACTS, interrupted())
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert target.read_text("utf-8") == "old"


def test_a_device_is_written_to_and_never_replaced() -> None:
    write_json(Path(os.devnull), FACTS, [WHOLE])
    assert not Path(os.devnull).is_file()


def test_others_may_read_the_file(tmp_path: Path) -> None:
    write_json(tmp_path / "out.json", FACTS, [])
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) & stat.S_IRGRP


def test_a_run_without_submissions_is_still_a_document(tmp_path: Path) -> None:
    write_json(tmp_path / "out.json", FACTS, [])
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["subjects"] == []


def test_no_field_of_a_result_is_left_out() -> None:
    kept_by_the_subject = {"subject", "model"}
    fields = set(CheckResult.__dataclass_fields__) - kept_by_the_subject
    assert set(RESULT_FIELDS) == fields
