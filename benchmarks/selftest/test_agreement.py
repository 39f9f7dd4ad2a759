"""Nothing wrong is ever timed: the comparison of results sees it, and forgives rounding alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.agreement import agree, rounding_allowance
from benchmarks.machine import describe
from benchmarks.pairs import BENCHMARKS, Benchmark
from benchmarks.row import WrongResultError, measure
from reference.models import line

SMALL = [one for one in BENCHMARKS if one.loop_terms <= 20_000]


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_loop_and_vectorised_agree(case: Benchmark) -> None:
    workload = case.draw()
    assert workload.loop is not None
    assert agree(workload.loop(), workload.vectorised(), workload.allowance)


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_an_error_of_a_millionth_in_one_part_is_seen(case: Benchmark) -> None:
    workload = case.draw()
    answer = workload.vectorised()
    parts = list(answer) if isinstance(answer, tuple) else [answer]
    for index in range(len(parts)):
        wrong: list[Any] = list(parts)
        wrong[index] = np.asarray(parts[index]) * (1 + 1e-6)
        agreed = agree(tuple(wrong), tuple(parts), workload.allowance)
        assert not agreed
        assert agreed.where == f"part {index}"


@pytest.mark.parametrize(
    ("observed", "where"),
    [
        ((np.zeros(3), 1.0), "shape"),
        ((np.zeros(2), 1.0, 1.0), "shape"),
        ((np.array([np.nan, 0.0]), 1.0), "part 0"),
    ],
    ids=["another shape", "a part too many", "not a number"],
)
def test_what_is_no_answer_disagrees(observed: object, where: str) -> None:
    agreed = agree(observed, (np.zeros(2), 1.0), [1.0, 1.0])
    assert not agreed
    assert (agreed.where, agreed.gap) == (where, np.inf)


def test_the_allowance_is_for_rounding_alone() -> None:
    """A sum of n terms may be off by n·ε of its terms' sizes; the allowance is of that order."""
    N = 10_000
    X, y = np.linspace(1, 2, N), np.zeros(N)
    dw, db = rounding_allowance(line.gradient, {"X": X, "y": y, "w": 1.0, "b": 1.0})
    size = 2 * float(np.mean(X * (X + 1)))
    assert 0 < max(dw, db) < 10 * N * np.finfo(float).eps * size


def test_a_wrong_loop_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    from reference import loops

    right = loops.LOOPS["line"]
    wrong = {**loops.LOOPS, "line": lambda **given: [1.0001 * part for part in right(**given)]}  # type: ignore[union-attr]
    monkeypatch.setattr(loops, "LOOPS", wrong)
    case = next(one for one in BENCHMARKS if one.name == "line N=100")
    with pytest.raises(WrongResultError, match="line N=100: loop and vectorised form differ"):
        measure(case.draw(), describe())
