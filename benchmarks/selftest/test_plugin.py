"""What pytest does with the benchmarks, asked of a real pytest in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checks.selftest.processes import run

ONE = ("-k", "bowl")


@pytest.mark.exhaustive
def test_without_a_request_nothing_is_timed() -> None:
    done = run("pytest", "benchmarks/test_models.py", *ONE)
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
    assert "vectorised against the plain loop" not in done.stdout


@pytest.mark.exhaustive
def test_benchmark_only_prints_both_tables_and_keeps_the_ratio(tmp_path: Path) -> None:
    written = tmp_path / "run.json"
    timing = ("--benchmark-only", "--benchmark-max-time=0.01", f"--benchmark-json={written}")
    done = run("pytest", "benchmarks/test_models.py", *ONE, *timing)
    assert done.returncode == 0, done.stdout
    assert "benchmark 'bowl': 2 tests" in done.stdout
    assert "vectorised against the plain loop" in done.stdout
    runs = {run["params"]["variant"]: run for run in json.loads(written.read_text())["benchmarks"]}
    extra = runs["vectorised"]["extra_info"]
    assert extra["low"] <= extra["loop_over_vectorised"] <= extra["high"]
    assert runs["loop"]["extra_info"] == {}


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--against=no-such-revision", "git knows no revision 'no-such-revision'"),
        ("--budget=0", "expected a positive number of seconds, got '0'"),
        ("--against=HEAD -n=2", "--against times one thing after the other: leave out -n"),
    ],
    ids=["revision", "budget", "several processes"],
)
def test_a_wrong_option_is_a_usage_error_of_one_sentence(option: str, sentence: str) -> None:
    done = run("pytest", "benchmarks", *option.split())
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert sentence in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_comparison_without_its_tests_is_a_usage_error(tmp_path: Path) -> None:
    file = tmp_path / "parabola.py"
    file.write_text("")
    done = run("pytest", "benchmarks/test_models.py", f"--against={file}", "--budget=0.1")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "no verdict of --against is among the chosen tests" in done.stdout + done.stderr


@pytest.mark.exhaustive
def test_against_a_slower_file_fails_and_names_it(tmp_path: Path) -> None:
    """The file is the base and returns at once: the reference is slower than it."""
    file = tmp_path / "parabola.py"
    file.write_text("def update(learning_rate, x):\n    return x - learning_rate * 2 * x\n")
    done = run("pytest", "benchmarks", f"--against={file}", "--budget=0.1")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    assert "parabola (slower)" in done.stdout
    assert "test_models" not in done.stdout
