"""The study of the comparison's power: it counts what it says it counts."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks.selftest import power
from benchmarks.selftest.power import Answers

PROCESSES = 24


def answers(scatter: float, seed: int = 0) -> Answers:
    log_ratios = scatter * np.random.default_rng(seed).standard_normal((30, PROCESSES))
    return Answers(tuple(f"b{i}" for i in range(30)), log_ratios, (0.0,) * PROCESSES)


def test_a_slowdown_far_beyond_the_scatter_is_always_found() -> None:
    found = power.power(answers(0.005), 1.10, runs=60)
    assert (found.found, found.worst_found, found.false_alarms) == (1.0, 1.0, 0.0)


def test_no_change_is_never_called_found_without_an_alarm() -> None:
    unchanged = power.power(answers(0.005), 1.0, runs=60)
    assert unchanged.found == 0.0


def test_a_benchmark_that_is_always_slower_is_counted_as_a_false_alarm() -> None:
    biased = answers(0.005)
    biased.log_ratios[4] += math.log(1.2)
    assert power.power(biased, 1.0, runs=60).false_alarms > 0.9


def test_the_worst_benchmark_is_named() -> None:
    hidden = answers(0.005)
    hidden.log_ratios[7] -= math.log(1.10)
    found = power.power(hidden, 1.10, runs=60)
    assert (found.worst, found.worst_found) == ("b7", 0.0)


def test_too_few_processes_are_refused() -> None:
    few = answers(0.01)
    with pytest.raises(ValueError, match="a run takes 12 processes, got 11"):
        power.power(Answers(few.benchmarks, few.log_ratios[:, :11], few.load[:11]), 1.0)


def test_answers_survive_being_kept() -> None:
    first = answers(0.01)
    again = Answers.from_json(first.to_json())
    assert np.array_equal(first.log_ratios, again.log_ratios)
    assert (first.benchmarks, first.load) == (again.benchmarks, again.load)


@pytest.mark.parametrize(
    ("option", "told"),
    [("--processes=11", "from 12 on, got '11'"), ("--from=absent", "absent holds no answers kept")],
    ids=["processes", "file"],
)
def test_a_wrong_option_is_one_sentence(
    option: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        power.main([option])
    assert told in capsys.readouterr().err


def test_the_table_is_drawn_again_from_kept_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "kept.json"
    kept.write_text(answers(0.005).to_json())
    power.main([f"--from={kept}", "--runs=30"])
    printed = capsys.readouterr().out
    assert "30 benchmarks, 24 processes" in printed
    assert [line.split("|")[1].strip() for line in printed.splitlines() if line[:1] == "|"] == [
        "one benchmark slower", "---:", "unchanged", "5%", "10%",
    ]  # fmt: skip
