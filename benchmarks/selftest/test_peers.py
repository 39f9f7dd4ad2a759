"""Other libraries: each computes the same, or it is not timed at all."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks import peer_fits, peers
from benchmarks.agreement import agree
from benchmarks.pairs import Benchmark
from benchmarks.peers import EPOCH, PEERS, SOLUTION, TASKS, UPDATE, Peer, Prepare, Task
from benchmarks.row import WrongResultError
from reference.models import multilinear

SMALL = {
    "multilinear": Benchmark("multilinear", (("N", 50), ("d", 3))),
    "mlp": Benchmark("mlp", (("N", 50), ("d", 4), ("h1", 6), ("h2", 5))),
}
ASKED = [
    pytest.param(peer, task, id=f"{peer.name}, {task.computed}, {task.model}")
    for peer in PEERS.values()
    for task, _ in peer.answers
]


def answering(task: Task, prepare: Prepare) -> Peer:
    return Peer("other", "numpy", ((task, prepare),))


# Starting these libraries takes seconds, and other tests need none of them.
@pytest.mark.exhaustive
@pytest.mark.filterwarnings("ignore")  # what they warn of when imported is theirs
@pytest.mark.parametrize(("peer", "task"), ASKED)
def test_a_peer_computes_the_same_before_and_after_timing(peer: Peer, task: Task) -> None:
    if peer.absent:
        pytest.skip(peer.absent)
    beside = peers.measure(peer, task, SMALL[task.model], seconds=0.01)
    assert beside.seconds > 0


def test_every_task_is_done_by_somebody() -> None:
    assert {task for peer in PEERS.values() for task, _ in peer.answers} == set(TASKS)


def test_a_peer_that_computes_something_else_is_not_timed() -> None:
    calls = []

    def update(arguments: Any) -> Any:
        def call() -> Any:
            calls.append("update")
            return arguments["w"] * 0.999, arguments["b"]

        return call, (lambda answer: answer)

    told = "multilinear N=50 d=3: an update by other differs before timing"
    with pytest.raises(WrongResultError, match=told):
        peers.measure(answering(UPDATE, update), UPDATE, SMALL["multilinear"])
    assert calls == ["update"]


@pytest.mark.parametrize(
    ("task", "wrong"),
    [
        # Another rate; and a solution without the column of ones.
        (EPOCH, lambda X, y, w, b: _epoch_at(0.999 * peer_fits.steady_rate(X) / 2, X, y, w, b)),
        (SOLUTION, lambda X, y, w, b: (np.linalg.lstsq(X, y)[0], 0.0)),
    ],
    ids=["epoch", "solution"],
)
def test_a_fit_that_is_another_is_not_timed(task: Task, wrong: Any) -> None:
    def prepare(arguments: Any) -> Any:
        given = [arguments[name] for name in ("X", "y", "w", "b")]
        return (lambda: wrong(*given)), (lambda answer: answer)

    with pytest.raises(WrongResultError, match="differs before timing"):
        peers.measure(answering(task, prepare), task, SMALL["multilinear"])


def _epoch_at(rate: float, X: Any, y: Any, w: Any, b: Any) -> Any:
    for i in range(len(y)):
        w, b = multilinear.update(X[i : i + 1], y[i : i + 1], rate, w, b)
    return w, b


def test_the_least_squares_have_no_gradient_left() -> None:
    """What scikit-learn's solution is compared with is the minimum of the model's loss."""
    workload = SMALL["multilinear"].draw()
    X, y = workload.arguments["X"], workload.arguments["y"]
    w, b = peer_fits.least_squares(X, y)
    assert agree(
        multilinear.update(X, y, 1.0, w, b),
        (w, b),
        workload.allowance,
    )


def test_a_right_peer_is_measured_beside_numpy() -> None:
    def update(arguments: Any) -> Any:
        return (lambda: multilinear.update(**arguments)), (lambda answer: answer)

    beside = peers.measure(answering(UPDATE, update), UPDATE, SMALL["multilinear"], seconds=0.02)
    assert 0.5 < beside.ratio.ratio < 2.0  # the same code twice
    assert beside.computed == UPDATE.computed


def test_a_missing_peer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = replace(PEERS["torch"], package="no_such_package")
    assert absent.absent == "torch is not installed (the group peers): not compared"
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    beside, sentences = peers.measure_all()
    assert beside == []
    assert len(sentences) == len(PEERS)


def test_models_that_no_peer_does_are_told() -> None:
    beside, told = peers.measure_all(("hill", "line"))
    assert beside == []
    assert told == ["no peer stands beside hill, line: there are some for multilinear, mlp"]
