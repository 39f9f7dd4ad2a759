"""The whole comparison on real repositories: what became slower is named, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import confinement, decision, versions
from benchmarks.comparing import of_file
from benchmarks.decision import Outcome
from benchmarks.pairs import BENCHMARKS, Benchmark
from benchmarks.regression import Comparison, ask_fresh_process, compare_versions
from benchmarks.selftest.repositories import commit, git, repository, rewrite
from benchmarks.table import comparison_text, verdict_line
from benchmarks.trial import Answer, Request
from benchmarks.versions import Version

MODELS = ("slope", "sigmoid_cross_entropy", "parabola")
SLOWED = "sigmoid_cross_entropy N=10000"
# A tenth of the samples once more, at N = 10⁴: one tenth of the work again.
TENTH_AGAIN = "gradient(y[: len(y) // 10], z[: len(z) // 10])\n    return "


def benchmarks(*names: str) -> list[Benchmark]:
    return [one for one in BENCHMARKS if one.name in names]


def asked_of(file: Path) -> Request:
    """A parabola in a file against itself, with the shortest blocks."""
    return Request(str(file), str(file), True, tuple(benchmarks("parabola")), 6, 1e-4, 0)


CHOSEN = benchmarks("slope N=10000", SLOWED, "parabola")


def compared(tree: Path, budget: float, chosen: Sequence[Benchmark]) -> Comparison:
    with versions.checked_out(tree, "HEAD~1") as base:
        return compare_versions(base, versions.head(tree), chosen, budget=budget)


def by_name(comparison: Comparison) -> dict[str, Outcome]:
    return {change.benchmark: change.outcome for change in comparison.changes}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return repository(tmp_path)


def test_a_slowdown_in_one_model_is_named_and_nothing_else_is(tree: Path) -> None:
    body = "return z - learning_rate * gradient(y, z)"
    rewrite(
        tree,
        "sigmoid_cross_entropy",
        body,
        f"for _ in range(2):\n        gradient(y, z)\n    {body}",
    )
    commit(tree, "slower")
    comparison = compared(tree, 0.5, CHOSEN)
    assert by_name(comparison)[SLOWED] is Outcome.SLOWER
    assert [change.benchmark for change in comparison.changes if change.fails] == [SLOWED]
    assert not comparison.passed
    assert f"{SLOWED} (slower)" in verdict_line(comparison)


@pytest.mark.exhaustive
def test_a_slowdown_of_a_tenth_is_named_and_nothing_else_is(tree: Path) -> None:
    body = "return z - learning_rate * gradient(y, z)"
    rewrite(tree, "sigmoid_cross_entropy", body, body.replace("return ", TENTH_AGAIN))
    commit(tree, "a tenth slower")
    small = [one for one in BENCHMARKS if one.loop_terms <= 20_000]
    comparison = compared(tree, 1.0, small)
    failing = [change.benchmark for change in comparison.changes if change.fails]
    # At N = 100 the additional call weighs far more than a tenth: it is named too.
    assert failing == ["sigmoid_cross_entropy N=100", SLOWED]


@pytest.mark.exhaustive
def test_unchanged_code_passes_and_says_what_was_compared(tree: Path) -> None:
    (tree / "note.txt").write_text("nothing that is timed\n")
    commit(tree, "unchanged")
    comparison = compared(tree, 0.5, CHOSEN)
    assert not [change.benchmark for change in comparison.changes if change.fails]
    assert comparison.compared == len(CHOSEN)
    assert {change.processes for change in comparison.changes} <= {
        decision.PROCESSES,
        decision.PROCESSES + decision.CONFIRMING,
    }


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decided before anything is timed needs no more than one process in a look."""
    monkeypatch.setattr(decision, "PROCESSES", 1)
    monkeypatch.setattr(decision, "CONFIRMING", 1)


@pytest.mark.usefixtures("one_process")
def test_another_result_a_new_and_a_vanished_model_are_named(tree: Path) -> None:
    models = tree / "reference" / "models"
    (models / "ancient.py").write_text((models / "slope.py").read_text())
    (models / "parabola.py").rename(models / "parabola_.py")
    commit(tree, "base")
    git(tree, "rm", "--quiet", "reference/models/ancient.py")
    (models / "parabola_.py").rename(models / "parabola.py")
    rewrite(tree, "slope", "return 2 *", "return 2.001 *")
    commit(tree, "head")
    comparison = compared(tree, 0.1, benchmarks("slope N=100", "parabola", "bowl"))
    outcomes = by_name(comparison)
    assert outcomes["slope N=100"] is Outcome.DIFFERENT
    assert outcomes["parabola"] is Outcome.NEW
    assert outcomes["ancient"] is Outcome.VANISHED
    assert not comparison.passed
    assert "update of the two versions differs, in part 0" in comparison_text(comparison)


@pytest.mark.usefixtures("one_process")
def test_nothing_compared_is_a_failure(tree: Path) -> None:
    comparison = compare_versions(
        Version("empty", tree / "reference"), versions.head(tree), CHOSEN, budget=0.1
    )
    assert comparison.compared == 0
    assert not comparison.passed
    assert verdict_line(comparison).endswith("nothing was compared, and that is no pass")


@pytest.mark.usefixtures("one_process")
def test_an_exception_and_a_crash_are_no_pass(tmp_path: Path) -> None:
    crashing = tmp_path / "slope.py"
    crashing.write_text("import os\ndef update(**given): os.abort()\n")
    raising = tmp_path / "other" / "slope.py"
    raising.parent.mkdir()
    raising.write_text("def update(**given): raise ArithmeticError('no')\n")
    told = {}
    for file in (crashing, raising):
        base = Version("reference", Path(versions.__file__).parents[1])
        comparison = compare_versions(base, of_file(file), benchmarks("slope N=100"), budget=0.1)
        (change,) = comparison.changes
        assert change.outcome is Outcome.BROKEN
        assert not comparison.passed
        told[file] = change.problem
    assert told[crashing] == "the process was ended by SIGABRT"
    assert told[raising] == "ArithmeticError: no"


@pytest.mark.usefixtures("one_process")
def test_two_files_are_compared_and_the_heavier_one_is_named(tmp_path: Path) -> None:
    source = Path(versions.__file__).parents[1] / "reference" / "models" / "slope.py"
    ana, ben = tmp_path / "ana" / "slope.py", tmp_path / "ben" / "slope.py"
    for file in (ana, ben):
        file.parent.mkdir()
        file.write_text(source.read_text())
    body = "return w - learning_rate * gradient(X, y, w)"
    assert body in ben.read_text()
    ben.write_text(ben.read_text().replace(body, f"kept = [X * 1.0 for _ in range(3)]\n    {body}"))
    comparison = compare_versions(
        of_file(ana), of_file(ben), benchmarks("slope N=10000"), budget=0.1
    )
    (change,) = comparison.changes
    assert change.heavier
    assert change.peak_bytes[1] - change.peak_bytes[0] >= 3 * 8 * 10_000
    assert not comparison.passed


@pytest.mark.skipif(not confinement.prefix(), reason=confinement.UNCONFINED)
def test_a_compared_file_can_write_nothing(tmp_path: Path) -> None:
    file, kept = tmp_path / "parabola.py", tmp_path / "kept"
    kept.write_text("mine")
    file.write_text(f"def update(**given): open({str(kept)!r}, 'w').write('yours')\n")
    (answer,) = ask_fresh_process(asked_of(file), 60.0)
    assert answer.problem.startswith("OSError: [Errno 30] Read-only file system")
    assert kept.read_text() == "mine"
    assert of_file(file).note == confinement.CONFINED


def test_a_compared_file_has_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "parabola.py"
    file.write_text(f"def update(**given): bytearray({2 * confinement.MEMORY_BYTES})\n")
    (answer,) = ask_fresh_process(asked_of(file), 60.0)
    assert answer.problem.startswith("MemoryError")


def test_without_bubblewrap_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(confinement, "prefix", tuple)
    file = tmp_path / "line.py"
    file.write_text("")
    assert of_file(file).note == confinement.UNCONFINED


def test_what_the_code_under_test_prints_disturbs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "parabola.py"
    file.write_text(
        "import os\nprint('{}')\n"
        "def update(learning_rate, x):\n    os.write(1, b'{}')\n    return x - learning_rate * x\n"
    )
    (answer,) = ask_fresh_process(asked_of(file), 60.0)
    assert answer.problem == ""
    assert answer.benchmark == "parabola"


def test_a_process_without_an_answer_in_time_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "parabola.py"
    file.write_text("import time\ndef update(**given): time.sleep(60)\n")
    (answer,) = ask_fresh_process(asked_of(file), 3.0)
    assert answer.problem == "no answer within 3 s"


def test_a_process_that_failed_leaves_the_verdict_open() -> None:
    asked: list[Request] = []

    def ask(request: Request, _: float) -> list[Answer]:
        asked.append(request)
        if len(asked) == 1:
            return [Answer("bowl", problem="the process ended with status -9")]
        return [Answer("bowl", log_ratio=0.0, wall=0.0, seconds=(1.0, 1.0))]

    here = Version("here", Path(versions.__file__).parents[1])
    comparison = compare_versions(here, here, benchmarks("bowl"), ask=ask)
    assert by_name(comparison)["bowl"] is Outcome.UNDECIDED
    assert [request.base_first for request in asked] == [True, False] * (decision.PROCESSES // 2)
