"""Counted instructions: exact, and a little more work is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks import confinement, counts
from benchmarks.counts import CountsError, differences, instructions
from benchmarks.pairs import chosen
from benchmarks.versions import SUITE, Version

needs_valgrind = pytest.mark.skipif(not counts.available(), reason=counts.NO_VALGRIND)
HERE = Version("here", SUITE)


def test_differences_are_named_largest_first() -> None:
    base = {"a": 100, "b": 1000, "c": 7, "gone": 1}
    head = {"a": 101, "b": 900, "c": 7, "new": 1}
    assert differences(base, head) == [
        "b: -10.00% instructions (1000 → 900)",
        "a: +1.00% instructions (100 → 101)",
    ]


def test_missing_valgrind_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(CountsError, match="valgrind is not installed"):
        instructions(HERE, chosen(("bowl",)))


@needs_valgrind
@pytest.mark.exhaustive
def test_counts_repeat_to_the_last_digit_and_see_more_work(tmp_path: Path) -> None:
    source = (SUITE / "reference" / "models" / "line.py").read_text()
    body = "dw, db = gradient(X, y, w, b)"
    assert body in source
    same, more = tmp_path / "same" / "line.py", tmp_path / "more" / "line.py"
    for file, text in ((same, source), (more, source.replace(body, f"{body}\n    abs(dw)"))):
        file.parent.mkdir()
        file.write_text(text)
    asked = chosen(("line",))
    first, again, other = (
        instructions(Version("file", file), asked) for file in (same, same, more)
    )
    assert set(first) == {"line N=100", "line N=10000"}
    assert first == again
    assert first["line N=100"] < other["line N=100"]


@needs_valgrind
@pytest.mark.exhaustive
@pytest.mark.skipif(not confinement.prefix(), reason=confinement.UNCONFINED)
def test_a_counted_file_can_write_nothing(tmp_path: Path) -> None:
    file, kept = tmp_path / "bowl.py", tmp_path / "kept"
    source = (SUITE / "reference" / "models" / "bowl.py").read_text()
    file.write_text(f"{source}\ntry:\n    open({str(kept)!r}, 'w')\nexcept OSError:\n    pass\n")
    assert set(instructions(Version("file", file), chosen(("bowl",)))) == {"bowl"}
    assert not kept.exists()


@needs_valgrind
@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("source", "seconds", "sentence"),
    [
        ("import os\nos._exit(0)\n", counts.SECONDS, "ended before callgrind wrote part.1"),
        ("while True: pass\n", 5.0, "did not end within 5 s"),
    ],
    ids=["ends early", "never ends"],
)
def test_a_process_that_is_not_counted_is_one_sentence(
    source: str, seconds: float, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "SECONDS", seconds)
    file = tmp_path / "bowl.py"
    file.write_text(source)
    with pytest.raises(CountsError, match=sentence):
        instructions(Version("file", file), chosen(("bowl",)))


@needs_valgrind
@pytest.mark.exhaustive
def test_a_failing_process_says_its_last_line(tmp_path: Path) -> None:
    file = tmp_path / "bowl.py"
    file.write_text("raise ArithmeticError('no such luck')\n")
    with pytest.raises(CountsError, match="ArithmeticError: no such luck"):
        instructions(Version("file", file), chosen(("bowl",)))
