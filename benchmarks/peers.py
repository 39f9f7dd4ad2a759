"""The same update on the same data by other libraries, side by side in one run."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import peer_updates
from benchmarks.agreement import agree
from benchmarks.machine import pinned
from benchmarks.paired import PairedRatio, interleave
from benchmarks.pairs import Benchmark, Workload
from benchmarks.row import WrongResultError

# What can be run: (arguments of the update) -> (the call to time, its answer as the contract's).
Prepare = Callable[[Mapping[str, Any]], tuple[Callable[[], Any], Callable[[Any], object]]]

SIZES: Mapping[str, tuple[dict[str, int], ...]] = {
    "multilinear": (
        {"N": 100, "d": 1},
        {"N": 10_000, "d": 10},
        {"N": 1_000_000, "d": 1},
        {"N": 100_000, "d": 100},
    ),
    "mlp": ({"N": 1000, "d": 64, "h1": 128, "h2": 128},),
}


@dataclass(frozen=True)
class Peer:
    """Another library.  package: what has to be installed.  updates: by model."""

    name: str
    package: str
    updates: Mapping[str, Prepare]

    @property
    def absent(self) -> str:
        """Why it cannot be asked, or ""."""
        if importlib.util.find_spec(self.package) is not None:
            return ""
        return f"{self.name} is not installed (the group peers): not compared"


PEERS: Mapping[str, Peer] = {
    peer.name: peer
    for peer in (
        Peer(
            "torch",
            "torch",
            {"multilinear": peer_updates.torch_multilinear, "mlp": peer_updates.torch_mlp},
        ),
        Peer(
            "torch autograd",
            "torch",
            {
                "multilinear": peer_updates.autograd_multilinear,
                "mlp": peer_updates.autograd_mlp,
            },
        ),
        Peer(
            "jax",
            "jax",
            {"multilinear": peer_updates.jax_multilinear, "mlp": peer_updates.jax_mlp},
        ),
        Peer("numba", "numba", {"multilinear": peer_updates.numba_multilinear}),
        Peer("scikit-learn", "sklearn", {"mlp": peer_updates.sklearn_mlp}),
    )
}


@dataclass(frozen=True)
class Beside:
    """A peer beside the reference.

    seconds, reference: median CPU seconds of one update.  ratio: peer over reference, paired; above
    1 the reference is faster.
    """

    model: str
    size: str
    peer: str
    seconds: float
    reference: float
    ratio: PairedRatio


def benchmarks(models: Sequence[str] = ()) -> list[Benchmark]:
    """The sizes at which peers are asked."""
    return [
        Benchmark(model, tuple(size.items()))
        for model, sizes in SIZES.items()
        for size in sizes
        if not models or model in models
    ]


def measure(peer: Peer, workload: Workload, seconds: float = 0.5, seed: int = 0) -> Beside:
    """One peer at one workload, one thread each.

    Raises WrongResultError where it computes something else: then nothing is timed.
    """
    benchmark = workload.benchmark
    with pinned(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what other libraries warn of is not ours to answer
        call, read = peer.updates[benchmark.model](workload.arguments)
        for when in ("before timing", "after timing"):
            agreed = agree(read(call()), workload.vectorised(), workload.allowance)
            if not agreed:
                raise WrongResultError(
                    f"{benchmark.name}: {peer.name} differs {when}, {agreed.sentence}"
                )
            if when == "before timing":
                times = interleave(call, workload.vectorised, seed=seed, seconds=seconds)
    return Beside(benchmark.model, benchmark.size, peer.name, *times.seconds, ratio=times.ratio)


def measure_all(
    models: Sequence[str] = (), seconds: float = 0.5, seed: int = 0
) -> tuple[list[Beside], list[str]]:
    """Every peer that is installed at every size, and a sentence for each that is not."""
    there = [peer for peer in PEERS.values() if not peer.absent]
    beside = []
    for benchmark in benchmarks(models):
        workload = benchmark.draw(seed)
        asked = [peer for peer in there if benchmark.model in peer.updates]
        beside += [measure(peer, workload, seconds, seed) for peer in asked]
    return beside, [peer.absent for peer in PEERS.values() if peer.absent]
