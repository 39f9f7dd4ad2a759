"""Other libraries: each computes the same update, or it is not timed at all."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from typing import Any

import pytest

from benchmarks import peers
from benchmarks.agreement import agree
from benchmarks.pairs import Benchmark
from benchmarks.peers import PEERS, Peer
from benchmarks.row import WrongResultError

SMALL = {
    "multilinear": Benchmark("multilinear", (("N", 50), ("d", 3))),
    "mlp": Benchmark("mlp", (("N", 50), ("d", 4), ("h1", 6), ("h2", 5))),
}
ASKED = [
    pytest.param(peer, model, id=f"{peer.name}, {model}")
    for peer in PEERS.values()
    for model in peer.updates
]


# Starting these libraries takes seconds, and other tests need none of them.
@pytest.mark.exhaustive
@pytest.mark.filterwarnings("ignore")  # what they warn of when imported is theirs
@pytest.mark.parametrize(("peer", "model"), ASKED)
def test_a_peer_computes_the_same_update(peer: Peer, model: str) -> None:
    if peer.absent:
        pytest.skip(peer.absent)
    workload = SMALL[model].draw()
    call, read = peer.updates[model](workload.arguments)
    for _ in range(2):  # no memory from one update to the next
        agreed = agree(read(call()), workload.vectorised(), workload.allowance)
        assert agreed, agreed.sentence


def test_a_peer_that_computes_something_else_is_not_timed() -> None:
    calls = []

    def update(arguments: Any) -> Any:
        def call() -> Any:
            calls.append("update")
            return arguments["w"] * 0.999, arguments["b"]

        return call, (lambda answer: answer)

    wrong = Peer("wrong", "numpy", {"multilinear": update})
    with pytest.raises(WrongResultError, match="multilinear N=50 d=3: wrong differs before timing"):
        peers.measure(wrong, SMALL["multilinear"].draw())
    assert calls == ["update"]


def test_a_right_peer_is_measured_beside_the_reference() -> None:
    from reference.models import multilinear

    def update(arguments: Any) -> Any:
        return (lambda: multilinear.update(**arguments)), (lambda answer: answer)

    beside = peers.measure(
        Peer("itself", "numpy", {"multilinear": update}), SMALL["multilinear"].draw(), seconds=0.02
    )
    assert 0.5 < beside.ratio.ratio < 2.0  # the same code twice


def test_a_missing_peer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = replace(PEERS["torch"], package="no_such_package")
    assert absent.absent == "torch is not installed (the group peers): not compared"
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    beside, sentences = peers.measure_all()
    assert beside == []
    assert len(sentences) == len(PEERS)
