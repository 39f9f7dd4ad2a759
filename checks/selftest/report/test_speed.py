"""Is the speed beside the reference's told in every format, with its interval, and in words?"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from checks.report.csvfile import write_csv
from checks.report.jsonfile import report_of, subject
from checks.report.markdown import markdown
from checks.report.message import Hints
from checks.report.rubric import Rubric
from checks.report.speed import Ratio, Speed, sentence, speed_of
from checks.report.summary import summarise
from checks.report.terminal import block
from checks.selftest.report.results import PASSED, TIMED, report

QUESTIONS = ["loss", "vectorised"]
SENTENCE = (
    "update takes 1.7 [1.2, 2.1] times as long as the reference's vectorised one, "
    "0.012 [0.01, 0.014] times as long as its loop (N = 1024, 9 pairs)"
)
WITH, WITHOUT = report(PASSED, TIMED), report(PASSED, subject="ben")


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (Ratio(0.5, 0.4, 0.6), "0.5 [0.4, 0.6] times as long as"),
        (Ratio(0.9, 0.7, 1.0), "0.9 [0.7, 1] times as long as"),
        (Ratio(123.4, 99.6, 140.0), "120 [100, 140] times as long as"),
    ],
    ids=["faster", "not told apart", "slower"],
)
def test_a_ratio_is_told_to_two_digits_with_its_interval(ratio: Ratio, words: str) -> None:
    assert ratio.words == words


@pytest.mark.parametrize("ratio", [0.0, 1.7], ids=["no time", "an interval that reaches 0"])
def test_what_the_way_swallows_has_no_ratio(ratio: float) -> None:
    lost = Speed("update", 1024, 9, Ratio(ratio, 0.0, 19.0), Ratio(ratio / 10, 0.0, 1.9))
    assert lost.over_vectorised.brief == "–"
    assert sentence(lost) == (
        "the time of update cannot be told from that of the way there and back"
    )
    assert Ratio(0.5, 0.4, 0.6).brief == "0.5 ×"


def test_the_sentence_has_both_ratios_and_their_intervals() -> None:
    speed = speed_of(WITH)
    assert speed is not None
    assert sentence(speed) == SENTENCE
    assert speed_of(WITHOUT) is None


def test_the_terminal_has_one_line_of_it() -> None:
    told = [line for line in block(WITH, Hints.PATTERN, "").splitlines() if "speed" in line]
    assert told == [f"  speed      {SENTENCE}"]
    assert "speed" not in block(WITHOUT, Hints.PATTERN, "")


def test_a_spreadsheet_has_no_ratio_where_the_way_swallows_it(tmp_path: Path) -> None:
    lost = Speed("update", 1024, 9, Ratio(0.0, 0.0, 19.0), Ratio(0.0, 0.0, 1.9))
    write_csv(tmp_path / "out.csv", [replace(summarise(WITH), speed=lost)], QUESTIONS, Rubric())
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    told = [row[f"time over vectorised{end}"] for end in ("", ", low", ", high")]
    assert told == ["", "0", "19"]


def test_the_spreadsheet_has_numbers_or_nothing(tmp_path: Path) -> None:
    rows = [summarise(WITH), summarise(WITHOUT)]
    write_csv(tmp_path / "out.csv", rows, QUESTIONS, Rubric())
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    names = ["timed", "time over vectorised", "time over loop, low", "time over loop, high"]
    assert [first[name] for name in names] == ["update", "1.7", "0.01", "0.014"]
    assert [second[name] for name in names] == [""] * len(names)


def test_markdown_leaves_out_what_the_way_swallows() -> None:
    measured = {**TIMED.measurements, "update_over_vectorised_low": 0.0}
    lost = report(PASSED, replace(TIMED, measurements=measured))
    told = [markdown([summarise(one)], QUESTIONS) for one in (WITH, lost)]
    assert ["1\\.7 \\[1\\.2\\, 2\\.1\\]" in text for text in told] == [True, False]
    assert "1\\.7" not in told[1]


def test_markdown_has_a_column_only_where_something_was_timed() -> None:
    table = markdown([summarise(WITH), summarise(WITHOUT)], QUESTIONS)
    rows = [line for line in table.splitlines() if line.startswith("|")]
    assert len({row.count(" | ") for row in rows}) == 1
    assert rows[2].endswith("| 1\\.7 \\[1\\.2\\, 2\\.1\\] |")
    assert "time" not in markdown([summarise(WITHOUT)], QUESTIONS)


def test_json_keeps_it() -> None:
    assert speed_of(report_of(subject(WITH))) == speed_of(WITH)


def test_measurements_that_are_no_numbers_are_still_told() -> None:
    endless = replace(TIMED, measurements={**TIMED.measurements, "update_over_loop": float("inf")})
    speed = speed_of(report(endless))
    assert speed is not None
    assert "inf [0.01, 0.014] times as long as its loop" in sentence(speed)
