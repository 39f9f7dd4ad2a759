"""Another project's pytest, in an environment in which gradproof is installed as well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

USES = """
import numpy as np

def test_gradient(gradient_check):
    gradient_check(lambda w: float(np.sum(w**3)), lambda w: 3 * w**2, np.ones(3))

def test_timed(benchmark):
    benchmark(sum, [1, 2])

def test_threads():
    from threadpoolctl import threadpool_info
    print("threads", {pool["num_threads"] for pool in threadpool_info()})
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest prints in a project that uses the fixture, has benchmarks and examples."""
    project = tmp_path_factory.mktemp("project")
    (project / "pytest.ini").write_text("[pytest]\n")
    (project / "test_uses.py").write_text(USES)
    (project / "examples").mkdir()
    (project / "examples" / "test_example.py").write_text("def test_example(): pass\n")
    line = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "checks.plugin"]
    line += ["-p", "benchmarks.plugin", "-p", "no:cacheprovider"]
    # Told that it is one of several processes, pytest-benchmark would time nothing.
    here = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    here["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    ran = subprocess.run(line, cwd=project, env=here, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def test_its_examples_are_tests_like_any_other(told: str) -> None:
    assert "4 passed" in told


def test_its_benchmarks_are_timed(told: str) -> None:
    assert "test_timed" in told
    assert "benchmark: 1 tests" in told


@pytest.mark.skipif(os.cpu_count() == 1, reason="on one core there is one thread in any case")
def test_its_threads_are_left_alone(told: str) -> None:
    assert "threads {1}" not in told


def test_it_hears_nothing_of_a_plan(told: str) -> None:
    assert "planned" not in told


def test_its_own_modules_are_found_when_it_runs_as_one(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "__init__.py").write_text("import checks\n")
    (tmp_path / "project" / "__main__.py").write_text("import beside\nprint(beside.answer)\n")
    (tmp_path / "beside.py").write_text("answer = 42\n")
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path)
    ran = subprocess.run(
        [sys.executable, "-m", "project"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stdout, ran.stderr) == ("42\n", "")
