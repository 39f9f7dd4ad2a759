"""Recorded runs: kept apart by machine, and the run in which something changed is named."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmarks import history, machine
from benchmarks.decision import FALSE_ALARMS
from benchmarks.history import NO_CHANGE_POINTS, HistoryError, change_points
from benchmarks.row import Row
from checks.ratios import PairedRatio
from reference.contract import Array

ROW = Row("line N=100", "line", "N=100", 2.0, 1.0, None, 1600, 0.0, 10, 0.5)
NOISE = 0.02


def row(ratio: float) -> Row:
    return replace(ROW, ratio=PairedRatio(ratio, ratio * 0.98, ratio * 1.02, 20))


def ratios(seed: int, runs: int, *, change: float = 1.0, at: int = 0) -> Array:
    values = 50 * np.exp(NOISE * np.random.default_rng(seed).standard_normal(runs))
    values[at:] *= change
    return values


def test_runs_come_back_in_order_with_their_revisions(tmp_path: Path) -> None:
    store = tmp_path / "deep" / "history.sqlite"
    here = machine.describe()
    for count, ratio in enumerate((50.0, 51.0, 49.0), start=1):
        assert history.record(store, [row(ratio)], here, f"r{count}") == count
    (series,) = history.read(store)
    assert series.revisions == ("r1", "r2", "r3")
    assert series.ratios == (50.0, 51.0, 49.0)
    assert series.benchmark == "line N=100"


def test_machines_are_never_mixed(tmp_path: Path) -> None:
    store = tmp_path / "history.sqlite"
    here, there = machine.describe(1), machine.describe(2)
    history.record(store, [row(50.0)], here, "r1")
    history.record(store, [row(20.0)], there, "r2")
    assert {one.fingerprint: one.ratios for one in history.read(store)} == {
        here.fingerprint: (50.0,),
        there.fingerprint: (20.0,),
    }
    (series,) = history.read(store, here.fingerprint)
    assert series.ratios == (50.0,)


def test_a_row_without_a_loop_has_no_series(tmp_path: Path) -> None:
    store = tmp_path / "history.sqlite"
    history.record(store, [ROW], machine.describe(), "r1")
    assert history.read(store) == []


def test_a_change_is_found_where_it_happened() -> None:
    pytest.importorskip("ruptures", reason="the group history is not installed")
    found = [change_points(ratios(seed, 20, change=0.9, at=12)) for seed in range(20)]
    assert all(one is not None and len(one) >= 1 for one in found)
    assert sum(abs(min(one or (0,), key=lambda p: abs(p - 12)) - 12) <= 1 for one in found) >= 18


def test_noise_is_no_change() -> None:
    pytest.importorskip("ruptures", reason="the group history is not installed")
    series = 80
    false = sum(bool(change_points(ratios(seed, 30))) for seed in range(series))
    # Twice the promised share, since the noise itself is an estimate from 30 runs.
    assert false <= stats.binom.ppf(0.999, series, 2 * FALSE_ALARMS)


def test_a_change_is_told_with_size_and_revision(tmp_path: Path) -> None:
    pytest.importorskip("ruptures", reason="the group history is not installed")
    store = tmp_path / "history.sqlite"
    for run, ratio in enumerate(ratios(3, 16, change=0.8, at=8)):
        history.record(store, [row(float(ratio))], machine.describe(), f"r{run}")
    text = history.text(history.read(store))
    assert "from r8 on -" in text
    assert "line N=100" in text


def test_without_the_library_the_history_is_still_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ruptures", None)
    store = tmp_path / "history.sqlite"
    history.record(store, [row(50.0)], machine.describe(), "r1")
    text = history.text(history.read(store))
    assert "50 now, 1 run," in text
    assert text.endswith(NO_CHANGE_POINTS)


def test_no_store_and_no_database_are_one_sentence_and_nothing_is_lost(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"does not exist: record a run first, with --record$"):
        history.read(tmp_path / "absent")
    letter = tmp_path / "letter.txt"
    letter.write_text("dear reader\n" * 100)
    with pytest.raises(HistoryError, match="is no history that can be used"):
        history.record(letter, [row(50.0)], machine.describe(), "r1")
    assert letter.read_text() == "dear reader\n" * 100
