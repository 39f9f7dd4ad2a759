"""Every clumsy, hostile and cheating submission gets its verdict, and hurts nobody else."""

from __future__ import annotations

import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from checks.grading import grade
from checks.reading import PRECISION
from checks.report.statistics import mistakes
from checks.report.summary import Summary, summarise
from checks.result import Report, Verdict
from checks.selftest.submissions.collection import SUBMISSIONS
from checks.selftest.submissions.record import Handed, slope
from checks.submission.discovery import discover
from checks.submission.isolation.choice import choose
from checks.submission.isolation.names import Tier
from checks.submission.limits import Limits
from checks.submission.loaded import NO_FUNCTION, OTHER_NAMES
from checks.submission.private import own_folder
from checks.submission.supervisor import candidate_for, open_submission
from reference.catalogue import entry

MODEL = entry("slope")
SEED = 20
AT_ONCE = 8
BYSTANDERS = 8
TIER = choose(trusted=True).tier
RUN = tuple(handed for handed in SUBMISSIONS if TIER is not Tier.PROCESS or not handed.contained)


@dataclass(frozen=True)
class Afterwards:
    """What the run left: reports by name, bystanders' reports, and traces outside."""

    reports: dict[str, Report]
    bystanders: tuple[Report, ...]
    processes: frozenset[int]
    files: frozenset[str]
    growth_bytes: int


def graded(handed: Handed, folder: Path) -> Report:
    """One submission in a folder of its own, through discovery and a worker."""
    folder.mkdir(parents=True)
    (folder / handed.file).write_bytes(handed.source)
    (submission,) = discover([str(folder / handed.file)], MODEL.name)
    with open_submission(submission, MODEL, handed.limits, TIER) as worker:
        return grade(candidate_for(submission, MODEL, worker), seed=SEED)


def _children() -> frozenset[int]:
    """The live processes that descend from this one directly."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.add(int(status.parent.name))
    return frozenset(found)


def _traces() -> frozenset[str]:
    """What hostile submissions try to leave, and our own temporary folders."""
    places = (own_folder(), Path("/tmp"), Path("/"), Path("/usr/lib"), Path.cwd())
    names = ("submission-*", "hoard*", "written", "link", "out.json")
    return frozenset(str(path) for place in places for name in names for path in place.glob(name))


def _peak_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.fixture(scope="module")
def afterwards(tmp_path_factory: pytest.TempPathFactory) -> Afterwards:
    """All of them graded, several at a time, with right submissions in between."""
    folder = tmp_path_factory.mktemp("class")
    right = slope("bystander")
    graded(right, folder / "warm")
    children, traces, before = _children(), _traces(), _peak_bytes()
    every = len(RUN) // BYSTANDERS
    queue = [
        one
        for i, handed in enumerate(RUN)
        for one in ([right, handed] if i % every == 0 else [handed])
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        folders = [folder / f"student{i}" for i in range(len(queue))]
        reports = list(pool.map(graded, queue, folders))
    return Afterwards(
        {handed.name: report for handed, report in zip(queue, reports, strict=True)},
        tuple(r for handed, r in zip(queue, reports, strict=True) if handed is right),
        _children() - children,
        _traces() - traces,
        _peak_bytes() - before,
    )


@pytest.mark.parametrize("handed", SUBMISSIONS, ids=lambda handed: handed.name.replace(" ", "_"))
def test_a_submission_gets_its_verdict(handed: Handed, afterwards: Afterwards) -> None:
    if handed not in RUN:
        pytest.skip(f"tier {TIER.value} does not contain what this submission does")
    report = afterwards.reports[handed.name]
    failed = {result.check for result in report.results if result.verdict is Verdict.FAILED}
    assert failed - handed.perhaps == handed.failed - handed.perhaps, _text(report)
    assert handed.says in _text(report)
    assert report.complete
    assert report.passed is (not failed)


def test_the_mistakes_of_a_class_are_headed_by_phrases(afterwards: Afterwards) -> None:
    """One word such as "type" tells a teacher nothing; "precision" is the contract's own word."""
    headings = {mistake.pattern for mistake in mistakes(_summaries(afterwards))}
    assert {"raises an exception", "no numbers returned", "memory between calls"} <= headings
    assert {OTHER_NAMES, NO_FUNCTION} <= headings
    assert {heading for heading in headings if " " not in heading} <= {PRECISION}


def _summaries(afterwards: Afterwards) -> list[Summary]:
    return [summarise(report) for report in afterwards.reports.values()]


def _text(report: Report) -> str:
    shown = [str(result) for result in report.results if result.verdict is Verdict.FAILED]
    remarks = [remark for result in report.results for remark in result.remarks]
    return "\n".join([*report.notes, *shown, *remarks])


def test_no_process_is_left(afterwards: Afterwards) -> None:
    assert frozenset() == afterwards.processes


def test_no_file_is_left(afterwards: Afterwards) -> None:
    assert frozenset() == afterwards.files


def test_the_graders_memory_stays_within_the_answers_it_may_hold(afterwards: Afterwards) -> None:
    """At most each open worker's largest answer, as it arrives and as it is cut out."""
    assert afterwards.growth_bytes <= AT_ONCE * 2 * Limits().output_bytes


def test_right_submissions_among_hostile_ones_are_graded_as_if_alone(
    afterwards: Afterwards, tmp_path: Path
) -> None:
    alone = graded(slope("bystander"), tmp_path / "alone")
    assert alone.passed
    assert len(afterwards.bystanders) >= BYSTANDERS
    assert {_essence(report) for report in afterwards.bystanders} == {_essence(alone)}


def _essence(report: Report) -> tuple[object, ...]:
    """A report without its timings."""
    return tuple(
        (r.check, r.case, r.verdict, r.expected, r.observed, r.hint, r.component, r.diagnosis)
        for r in report.results
    )


def test_the_collection_is_large_and_every_name_its_own() -> None:
    names = [handed.name for handed in SUBMISSIONS]
    assert len(names) == len(set(names))
    assert len(names) >= 80
