"""`python -m benchmarks` as people use it: its exit codes, its sentences, what it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import comparing, counts, decision, machine, measuring, plots, versions
from benchmarks.selftest.repositories import commit, repository, rewrite

PASSED, FAILED, USAGE = command.PASSED, command.FAILED, command.USAGE
SMALL = ("--models=bowl,hill", "--seconds=0.02")


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of the machine are not what is asked here."""
    monkeypatch.setattr(machine, "MEMORY_BYTES", 1 << 20)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--models=lime",), "no documented model 'lime'; did you mean line?"),
        (("--models=",), "no documented model ''"),
        (("--models=line,adam",), "adam is documented, but nothing of it is timed"),
        ((f"--plots={__file__}/pictures",), "cannot be made a folder: Not a directory"),
        (("--budget=soon",), "expected a positive number of seconds, got 'soon'"),
        (("--budget=-1",), "expected a positive number of seconds, got '-1'"),
        (("mine.py",), "what is mine.py to be compared with?  Add --against=FILE"),
        (("--json=no/such/folder.json",), "there is no folder no/such to write folder.json into"),
        (("--json=.",), "--json: . is a folder: name a file in it"),
        (("--seed=-1",), "expected a whole number from 0 on, got '-1'"),
        (("--seed=one",), "expected a whole number from 0 on, got 'one'"),
        (("--against=HEAD~1", "--record"), "--record means nothing beside --against: leave one"),
        (("--against", "--plots=drawn"), "--plots means nothing beside --against"),
        (("--history", "--against=HEAD"), "--against means nothing beside --history"),
        (("--history", "--json=runs.json"), "--json means nothing beside --history"),
        (("--agianst=HEAD",), "unrecognized arguments: --agianst=HEAD"),
    ],
    ids=[
        "model",
        "no model",
        "untimed model",
        "pictures",
        "budget",
        "negative budget",
        "file alone",
        "folder",
        "a folder for a file",
        "negative seed",
        "seed",
        "comparison recorded",
        "comparison drawn",
        "history compared",
        "history written",
        "option",
    ],
)
def test_a_wrong_command_line_is_one_sentence(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == USAGE
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert sentence in told


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--against=no-such-revision",), "git knows no revision 'no-such-revision'"),
        (("mine.py", "--against=other.py"), "there is no file mine.py to compare"),
        (("--history", "--store=absent.sqlite"), "record a run first, with --record"),
        (("--record", f"--store={__file__}"), "is no history that can be used"),
    ],
    ids=["revision", "file", "history", "store"],
)
def test_what_is_not_there_is_one_sentence(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(arguments) == USAGE
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert sentence in told


def test_an_interruption_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(machine, "measure", interrupted)
    assert command.main(SMALL) == command.INTERRUPTED
    assert capsys.readouterr().err == "python -m benchmarks: interrupted\n"


def test_outside_of_git_a_revision_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(comparing, "SUITE", tmp_path)
    assert command.main(("--against=HEAD",)) == USAGE
    assert "is in no git repository" in capsys.readouterr().err


@pytest.mark.usefixtures("little_memory")
def test_the_table_is_printed_written_and_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written, page = tmp_path / "table.json", tmp_path / "table.md"
    store = tmp_path / "history.sqlite"
    asked = (f"--json={written}", f"--markdown={page}", "--record", f"--store={store}")
    assert command.main((*SMALL, *asked)) == PASSED
    printed = capsys.readouterr().out
    document = json.loads(written.read_text())
    assert (document["schema"], document["kind"]) == (1, "table")
    assert [row["benchmark"] for row in document["rows"]] == ["hill", "bowl"]
    for row in document["rows"]:
        assert row["ratio"]["low"] <= row["ratio"]["ratio"] <= row["ratio"]["high"]
        assert row["share"] is None  # a surface reads no data
        assert row["benchmark"] in printed
        assert f"| {row['benchmark']} |" in page.read_text()
    assert "CPU time of the process" in printed
    assert "garbage collection off" in printed
    assert command.main(("--history", f"--store={store}")) == PASSED
    assert "1 run," in capsys.readouterr().out


@pytest.mark.usefixtures("little_memory")
def test_without_valgrind_everything_else_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(counts, "available", lambda: False)
    assert command.main((*SMALL, "--counts")) == PASSED
    printed = capsys.readouterr().out
    assert counts.NO_VALGRIND in printed
    assert "bowl" in printed


@pytest.mark.exhaustive
@pytest.mark.usefixtures("little_memory")
def test_pictures_are_drawn_or_their_absence_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main((*SMALL, f"--plots={tmp_path / 'pictures'}")) == PASSED
    printed = capsys.readouterr().out
    drawn = sorted(path.name for path in tmp_path.glob("pictures/*.png"))
    if plots.NO_PICTURES in printed:
        assert drawn == []
    else:
        assert drawn == ["roofline.png", "speed-up.png"]


def test_a_comparison_is_printed_and_written_and_its_verdict_is_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = repository(tmp_path)
    body = "return x - learning_rate * dx"
    rewrite(tree, "bowl", body, f"[sum(range(50)) for _ in range(9)]\n    {body}")
    commit(tree, "slower")
    monkeypatch.setattr(comparing, "SUITE", tree)
    # Several times as slow: one process in each look shows it.
    monkeypatch.setattr(decision, "PROCESSES", 1)
    monkeypatch.setattr(decision, "CONFIRMING", 1)
    written, page = tmp_path / "verdicts.json", tmp_path / "verdicts.md"
    asked = ("--models=bowl", "--budget=0.1", f"--json={written}", f"--markdown={page}")
    assert command.main(("--against=HEAD~1", *asked)) == FAILED
    printed = capsys.readouterr().out
    assert "bowl (slower)" in printed
    document = json.loads(written.read_text())
    assert document["passed"] is False
    assert [change["outcome"] for change in document["changes"]] == ["slower"]
    assert document["changes"][0]["ratio"] > 1
    assert "| bowl | slower |" in page.read_text()
    assert versions.work_tree(tree) == tree.resolve()


def test_outside_of_git_a_run_is_recorded_as_unversioned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "SUITE", tmp_path)
    assert measuring._revision() == "unversioned"
