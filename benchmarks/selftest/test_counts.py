"""Counted instructions: exact, and a little more work is seen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks import counts
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
def test_a_failing_process_says_its_last_line(tmp_path: Path) -> None:
    file = tmp_path / "bowl.py"
    file.write_text("raise ArithmeticError('no such luck')\n")
    with pytest.raises(CountsError, match="ArithmeticError: no such luck"):
        instructions(Version("file", file), chosen(("bowl",)))
