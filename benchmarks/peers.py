"""The same computation on the same data by other libraries, side by side in one run."""

from __future__ import annotations

import importlib.util
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks import peer_fits, peer_updates
from benchmarks.agreement import agree, rounding_allowance
from benchmarks.machine import pinned
from benchmarks.paired import interleave
from benchmarks.pairs import Benchmark, chosen
from benchmarks.row import WrongResultError
from checks.ratios import PairedRatio
from reference.models import mlp, multilinear

# What can be run: (arguments of the update) -> (the call to time, its answer as the contract's).
Prepare = Callable[[Mapping[str, Any]], tuple[Callable[[], Any], Callable[[Any], object]]]


@dataclass(frozen=True)
class Task:
    """What everybody computes.

    computed: in words, as the table has it.  benchmarks: of whose data, at which sizes.  own: done
    with NumPy alone, a function of the update's arguments, or of some of them, by name.
    """

    computed: str
    own: Callable[..., object]
    benchmarks: tuple[Benchmark, ...]

    @property
    def model(self) -> str:
        """The one model whose data are used."""
        return self.benchmarks[0].model


MIDDLE = Benchmark("multilinear", (("N", 10_000), ("d", 10)))
PERCEPTRON = Benchmark("mlp", (("N", 1000), ("d", 64), ("h1", 128), ("h2", 128)))

UPDATE = Task("an update", multilinear.update, chosen(("multilinear",)))
MLP_UPDATE = Task("an update", mlp.update, (PERCEPTRON,))
EPOCH = Task("a step for each sample", peer_fits.sample_by_sample, (MIDDLE,))
SOLUTION = Task("the least squares", peer_fits.least_squares, (MIDDLE,))
TASKS = (UPDATE, MLP_UPDATE, EPOCH, SOLUTION)


@dataclass(frozen=True)
class Peer:
    """Another library.  package: what has to be installed.  answers: how it does which task."""

    name: str
    package: str
    answers: tuple[tuple[Task, Prepare], ...]

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
            ((UPDATE, peer_updates.torch_multilinear), (MLP_UPDATE, peer_updates.torch_mlp)),
        ),
        Peer(
            "torch autograd",
            "torch",
            ((UPDATE, peer_updates.autograd_multilinear), (MLP_UPDATE, peer_updates.autograd_mlp)),
        ),
        Peer(
            "jax",
            "jax",
            ((UPDATE, peer_updates.jax_multilinear), (MLP_UPDATE, peer_updates.jax_mlp)),
        ),
        Peer("numba", "numba", ((UPDATE, peer_updates.numba_multilinear),)),
        Peer(
            "scikit-learn",
            "sklearn",
            (
                (MLP_UPDATE, peer_updates.sklearn_mlp),
                (EPOCH, peer_fits.sklearn_sample_by_sample),
                (SOLUTION, peer_fits.sklearn_least_squares),
            ),
        ),
    )
}


@dataclass(frozen=True)
class Beside:
    """A peer beside NumPy.

    computed: what both did.  seconds, reference: median CPU seconds of doing it once, of the peer
    and of NumPy.  ratio: peer over NumPy, paired; above 1 NumPy is faster.
    """

    model: str
    size: str
    computed: str
    peer: str
    seconds: float
    reference: float
    ratio: PairedRatio


def measure(
    peer: Peer, task: Task, benchmark: Benchmark, seconds: float = 0.5, seed: int = 0
) -> Beside:
    """One peer at one task and size, one thread each.

    Raises WrongResultError where it computes something else: then nothing is timed.
    """
    arguments = benchmark.draw(seed).arguments
    taken = {name: arguments[name] for name in inspect.signature(task.own).parameters}
    own, allowance = partial(task.own, **taken), rounding_allowance(task.own, taken)
    with pinned(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what other libraries warn of is not ours to answer
        call, read = next(prepare for one, prepare in peer.answers if one is task)(arguments)
        for when in ("before timing", "after timing"):
            agreed = agree(read(call()), own(), allowance)
            if not agreed:
                raise WrongResultError(
                    f"{benchmark.name}: {task.computed} by {peer.name} differs {when}, "
                    f"{agreed.sentence}"
                )
            if when == "before timing":
                times = interleave(call, own, seed=seed, seconds=seconds)
    return Beside(
        benchmark.model, benchmark.size, task.computed, peer.name, *times.seconds, times.ratio
    )


def measure_all(
    models: Sequence[str] = (), seconds: float = 0.5, seed: int = 0
) -> tuple[list[Beside], list[str]]:
    """Every peer that is installed at every task and size, and a sentence for each that is not.

    A sentence too where no peer does what was chosen.
    """
    tasks = [task for task in TASKS if not models or task.model in models]
    if not tasks:
        known = ", ".join(dict.fromkeys(task.model for task in TASKS))
        return [], [f"no peer stands beside {', '.join(models)}: there are some for {known}"]
    beside = [
        measure(peer, task, benchmark, seconds, seed)
        for task in tasks
        for benchmark in task.benchmarks
        for peer in PEERS.values()
        if not peer.absent and any(one is task for one, _ in peer.answers)
    ]
    return beside, [peer.absent for peer in PEERS.values() if peer.absent]
