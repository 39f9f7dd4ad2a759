"""Do spreadsheets, Markdown, statistics and points say what was measured, and obey nobody?"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from checks.report.csvfile import FORMULA, defused, write_csv
from checks.report.gradescope import results, write_gradescope
from checks.report.markdown import escaped, markdown
from checks.report.message import Hints
from checks.report.rubric import Rubric, RubricError, Score, read_rubric
from checks.report.statistics import UNEXPLAINED, mistakes, statistics
from checks.report.summary import summarise, worst
from checks.report.terminal import block, closing, comparison
from checks.result import Verdict
from checks.selftest.report.results import BLOCKED, FAILED, HOSTILE, LACKS_MEAN, PASSED, report

QUESTIONS = ["loss", "gradient_own", "update"]
UNDECIDED = replace(PASSED, verdict=Verdict.UNDECIDED, observed="a kink")
ANA = summarise(report(PASSED, replace(FAILED, verdict=Verdict.PASSED, diagnosis=None)))
BEN = summarise(report(PASSED, FAILED, BLOCKED, subject="ben"))
EVE = summarise(
    report(replace(FAILED, diagnosis=replace(LACKS_MEAN, pattern=HOSTILE)), subject=HOSTILE)
)


# --- summary -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([Verdict.PASSED, Verdict.PASSED], Verdict.PASSED),
        ([Verdict.PASSED, Verdict.FAILED, Verdict.UNDECIDED], Verdict.FAILED),
        ([Verdict.PASSED, Verdict.UNDECIDED], Verdict.UNDECIDED),
        ([Verdict.PASSED, Verdict.BLOCKED], Verdict.BLOCKED),
        ([], Verdict.BLOCKED),
    ],
    ids=["all passed", "one failed", "one undecided", "one blocked", "no answer"],
)
def test_a_question_is_as_good_as_its_worst_case(
    verdicts: list[Verdict], expected: Verdict
) -> None:
    assert worst([replace(PASSED, verdict=verdict) for verdict in verdicts]) is expected


def test_a_planned_question_without_an_answer_is_no_pass() -> None:
    whole = report(PASSED)
    summary = summarise(replace(whole, planned=(*whole.planned, ("update", "tall"))))
    assert (summary.passed, summary.verdicts["update"]) == (False, Verdict.BLOCKED)


# --- statistics --------------------------------------------------------------------------------


def test_statistics_count_who_was_asked_and_group_the_mistakes() -> None:
    loss, own, update = statistics([ANA, BEN], QUESTIONS)
    assert (loss.asked, loss.share(Verdict.PASSED), loss.mistakes) == (2, 1.0, ())
    assert [(one.pattern, one.submissions) for one in own.mistakes] == [
        (LACKS_MEAN.pattern, (BEN,))
    ]
    assert (update.asked, update.counts[Verdict.BLOCKED]) == (1, 1)


def test_a_failure_without_a_pattern_is_counted_as_unexplained() -> None:
    bare = summarise(report(replace(FAILED, diagnosis=None)))
    (own,) = statistics([bare], QUESTIONS)
    assert [one.pattern for one in own.mistakes] == [UNEXPLAINED]


def test_mistakes_of_a_class_are_counted_once_a_submission_the_commonest_first() -> None:
    both = report(FAILED, replace(FAILED, check="gradient_reference"), subject="carla")
    bare = report(replace(FAILED, diagnosis=None), subject="deniz")
    found = mistakes([ANA, summarise(bare), BEN, summarise(both)])
    assert [(one.pattern, [row.subject for row in one.submissions]) for one in found] == [
        (LACKS_MEAN.pattern, ["ben", "carla"]),
        (UNEXPLAINED, ["deniz"]),
    ]


# --- terminal ----------------------------------------------------------------------------------


def test_the_comparison_has_a_line_for_each_submission() -> None:
    lines = comparison([ANA, BEN], QUESTIONS).splitlines()
    assert [line.split() for line in lines][2:4] == [
        ["ana", "line", "pass", "pass"],
        ["ben", "line", "pass", "FAIL", "-"],
    ]


def test_the_closing_line_has_planned_and_run() -> None:
    assert closing([ANA, BEN]) == "1 of 2 passed; planned 5, run 5"


def test_an_incomplete_report_says_so() -> None:
    whole = report(PASSED)
    text = block(replace(whole, planned=(*whole.planned, ("x", "y"))), Hints.PATTERN, "again")
    assert "INCOMPLETE: planned 2, run 1" in text.splitlines()[0]


def test_a_hostile_submission_moves_no_terminal() -> None:
    hostile = report(
        replace(FAILED, observed=HOSTILE, remarks=(HOSTILE,)),
        replace(BLOCKED, observed=HOSTILE, remarks=(HOSTILE,)),
        subject=HOSTILE,
        notes=(HOSTILE,),
    )
    text = block(hostile, Hints.FIX, "again") + comparison([EVE, ANA], QUESTIONS)
    assert [c for c in text if c != "\n" and not c.isprintable()] == []


# --- CSV ---------------------------------------------------------------------------------------


def test_a_spreadsheet_reads_a_line_for_each_submission(tmp_path: Path) -> None:
    write_csv(tmp_path / "out.csv", [ANA, BEN], QUESTIONS, Rubric())
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["submission"] for row in rows] == ["ana", "ben"]
    assert [rows[1][name] for name in QUESTIONS] == ["passed", "failed", "blocked"]
    assert rows[0]["update"] == ""
    assert [row["points"] + "/" + row["of"] for row in rows] == ["2/2", "1/3"]
    assert rows[1]["mistakes"] == f"gradient_own: {LACKS_MEAN.pattern}"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "%", "|"])
def test_a_spreadsheet_finds_no_formula(start: str) -> None:
    told = defused(f"{start}1+1")
    assert not told.lstrip().startswith((*FORMULA, start))


def test_ordinary_text_is_left_as_it_is() -> None:
    assert defused("ana-maria (2)") == "ana-maria (2)"


def test_a_hostile_row_stays_one_row(tmp_path: Path) -> None:
    write_csv(tmp_path / "out.csv", [EVE, ANA], QUESTIONS, Rubric())
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [len(row) for row in rows] == [len(rows[0])] * 3
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


# --- Markdown ----------------------------------------------------------------------------------


def test_markdown_has_a_row_for_each_submission_and_the_mistakes() -> None:
    lines = markdown([ANA, BEN], QUESTIONS).splitlines()
    assert "| ben | line | pass | **FAIL** | not asked |" in lines
    assert "- gradient\\_own: sum instead of mean (1)" in lines


@pytest.mark.parametrize(
    "text", ["<img src=x>", "a|b", "[x](javascript:1)", "`x`", "# x", "&lt;", "*x*"]
)
def test_markdown_acts_on_no_character_of_a_name(text: str) -> None:
    told = escaped(text)
    unescaped = [c for n, c in enumerate(told) if c in "<|[`#*" and told[n - 1 : n] != "\\"]
    assert unescaped == []


def test_a_hostile_name_breaks_no_markdown_table() -> None:
    lines = markdown([EVE, ANA], QUESTIONS).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| ---"))
    assert lines[start + 2].startswith("| ana | line |")


# --- rubric ------------------------------------------------------------------------------------

RUBRIC = """
[weights]
gradient_own = 3
update = 0.5
[models.line]
update = 2
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rubric.toml"
    path.write_text(text, "utf-8")
    return path


def test_weights_are_by_model_then_by_question_then_1(tmp_path: Path) -> None:
    rubric = read_rubric(written(tmp_path, RUBRIC), QUESTIONS, ["line", "plane"])
    weights = [
        rubric.weight("update", "line"),
        rubric.weight("update", "plane"),
        rubric.weight("loss", "line"),
    ]
    assert weights == [2.0, 0.5, 1.0]


def test_points_are_all_or_nothing_and_blocked_counts(tmp_path: Path) -> None:
    rubric = read_rubric(written(tmp_path, RUBRIC), QUESTIONS, ["line"])
    assert (rubric.score(ANA), rubric.score(BEN)) == (Score(4.0, 4.0), Score(1.0, 6.0))


def test_an_undecided_question_is_left_out_of_both_numbers() -> None:
    assert Rubric().score(summarise(report(UNDECIDED, FAILED))) == Score(0.0, 1.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("weights =", "is no TOML"),
        ("[weight]\nloss = 1", "expected a table (weights, models), got 'weight'"),
        ("[weights]\nlos = 1", "expected a question (loss, gradient_own, update), got 'los'"),
        ("[weights]\nloss = -1", "expected a weight from 0 on for loss"),
        ("[weights]\nloss = '1'", "expected a weight from 0 on for loss"),
        ("[weights]\nloss = true", "expected a weight from 0 on for loss"),
        ("[weights]\nloss = inf", "expected a weight from 0 on for loss"),
        ("[models.lime]\nloss = 1", "expected a model (line), got 'lime'"),
        ("models = 1", "expected a table [models], got 1"),
    ],
    ids=["syntax", "table", "question", "negative", "text", "bool", "infinite", "model", "value"],
)
def test_a_rubric_that_cannot_be_used_is_one_sentence(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(RubricError) as told:
        read_rubric(written(tmp_path, text), QUESTIONS, ["line"])
    assert words in str(told.value)


def test_a_missing_rubric_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="cannot be read: No such file"):
        read_rubric(tmp_path / "none.toml", QUESTIONS, ["line"])


# --- Gradescope --------------------------------------------------------------------------------


def test_gradescope_gets_a_test_for_each_question() -> None:
    given = results(report(PASSED, FAILED, BLOCKED), Rubric({"gradient_own": 3.0}), Hints.PATTERN)
    assert (given["score"], given["max_score"]) == (1.0, 5.0)
    observed = [(t["name"], t["score"], t["max_score"], t["status"]) for t in given["tests"]]
    assert observed == [
        ("loss", 1.0, 1.0, "passed"),
        ("gradient_own", 0.0, 3.0, "failed"),
        ("update", 0.0, 1.0, "failed"),
    ]
    assert LACKS_MEAN.sentence in given["tests"][1]["output"]
    assert "there is no function update" in given["tests"][2]["output"]
    assert given["leaderboard"][0] == {"name": "points", "value": 1.0, "order": "desc"}


def test_the_points_of_the_tests_are_those_of_the_whole() -> None:
    given = results(report(PASSED, FAILED, UNDECIDED), Rubric(), Hints.NONE)
    assert sum(test["score"] for test in given["tests"]) == given["score"]
    assert sum(test["max_score"] for test in given["tests"]) == given["max_score"]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b", "..", "", HOSTILE, "x" * 300], ids=range(6)
)
def test_a_name_leads_to_no_other_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    path = write_gradescope(folder, 1, report(PASSED, subject=name), Rubric(), Hints.NONE)
    assert path.resolve().parent.parent == folder.resolve()
    assert json.loads(path.read_text("utf-8"))["score"] == 1.0
