"""Does a journal lose nothing, whatever ends the run?"""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from checks.report.journal import Journal, JournalError
from checks.selftest.report.results import BLOCKED, FAILED, HOSTILE, PASSED, report

ANA = report(FAILED, PASSED)
BEN = report(BLOCKED, replace(FAILED, observed=HOSTILE), subject="ben", notes=("a note",))
SEED = 7


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Journal(tmp_path / "new" / "journal.jsonl", resume=False) as journal:
        journal.add("ana", SEED, ANA)
        journal.add("ben", SEED, BEN)
    return journal.path


def test_reports_come_back_by_key_and_in_the_order_asked_for(path: Path) -> None:
    with Journal(path, resume=True) as journal:
        assert list(journal.reports(["ben", "carla", "ana"])) == [BEN, ANA]


def test_a_resumed_journal_knows_the_seed_of_its_run(path: Path) -> None:
    with Journal(path, resume=True) as journal:
        assert journal.seed == SEED


def test_a_report_that_other_code_has_left_is_outdated_until_it_is_graded_again(
    path: Path,
) -> None:
    with Journal(path, resume=True, code="changed") as journal:
        assert (len(journal), journal.outdated) == (0, {"ana", "ben"})
        assert journal.seed == SEED
        journal.add("ben", SEED, BEN)
    with Journal(path, resume=True, code="changed") as journal:
        assert ("ben" in journal, journal.outdated) == (True, {"ana"})
    with Journal(path, resume=True) as journal:
        assert (len(journal), journal.outdated) == (2, set())


def test_a_new_journal_has_no_seed(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl", resume=True) as journal:
        assert (journal.seed, len(journal)) == (None, 0)


@pytest.mark.parametrize("cut", [1, 2, 30], ids=lambda cut: f"{cut} bytes missing")
def test_a_torn_last_line_costs_that_report_alone(path: Path, cut: int) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - cut)
    with Journal(path, resume=True) as journal:
        assert ["ana" in journal, "ben" in journal] == [True, False]
        journal.add("ben", SEED, BEN)
    with Journal(path, resume=True) as journal:
        assert list(journal.reports(["ana", "ben"])) == [ANA, BEN]


def test_a_broken_line_in_the_middle_costs_that_report_alone(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0].replace(b'"subject"', b'"subjcet"', 1) + lines[1])
    with Journal(path, resume=True) as journal:
        assert ["ana" in journal, "ben" in journal] == [False, True]


def test_a_forgotten_resume_sets_the_old_journal_aside(path: Path) -> None:
    before = path.read_bytes()
    with Journal(path, resume=False) as journal:
        assert len(journal) == 0
    assert Path(f"{path}.old").read_bytes() == before


def test_another_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("a year's work", "utf-8")
    with pytest.raises(JournalError, match=r"thesis\.txt, which is none; left as it is"):
        Journal(mine, resume=True)
    assert mine.read_text("utf-8") == "a year's work"


def test_two_runs_cannot_write_one_journal(path: Path) -> None:
    with Journal(path, resume=True), pytest.raises(JournalError, match="another run is writing"):
        Journal(path, resume=True)


def test_a_folder_that_cannot_be_written_is_one_sentence() -> None:
    with pytest.raises(JournalError, match="cannot be opened"):
        Journal(Path(os.devnull) / "journal.jsonl", resume=False)


def test_a_full_disk_keeps_every_report_before(path: Path) -> None:
    before = path.stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with Journal(path, resume=True) as journal:
            resource.setrlimit(resource.RLIMIT_FSIZE, (before + 100, limits[1]))
            with pytest.raises(JournalError, match="the 2 reports before are kept"):
                journal.add("carla", SEED, ANA)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.stat().st_size == before
    with Journal(path, resume=True) as journal:
        assert list(journal.reports(["ana", "ben"])) == [ANA, BEN]
