"""What is compared with what: every model, at every size, vectorised against the plain loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.agreement import rounding_allowance
from reference import catalogue, loops
from reference.contract import LEARNING_RATE, Case, Entry, Kind

# Index by index, Python needs about 60 ns for a term: the loop then ends within seconds.
MOST_LOOP_TERMS = 12_000_000

SAMPLE_LETTERS = ("N", "m")
SAMPLES = ({"N": 100}, {"N": 10_000}, {"N": 1_000_000})
FEATURES = (
    {"N": 100, "d": 1},
    {"N": 10_000, "d": 10},
    {"N": 1_000_000, "d": 1},
    {"N": 100_000, "d": 100},
)
EQUATIONS = tuple({"m": sizes["N"], "n": sizes["d"]} for sizes in FEATURES)
NETWORKS = (
    {"N": 100, "d": 2, "h": 3, "o": 1},
    {"N": 200, "d": 64, "h": 128, "o": 10},
    {"N": 1000, "d": 64, "h": 128, "o": 10},
)
PERCEPTRONS = (
    {"N": 100, "d": 4, "h1": 8, "h2": 6},
    {"N": 100, "d": 64, "h1": 128, "h2": 128},
    {"N": 1000, "d": 64, "h1": 128, "h2": 128},
)
LAYERS = (
    {"N": 100, "d": 3, "o": 2},
    {"N": 200, "d": 128, "o": 128},
    {"N": 1000, "d": 128, "o": 128},
)
POINT: tuple[dict[str, int], ...] = ({},)

SIZES: tuple[tuple[str, tuple[dict[str, int], ...]], ...] = (
    ("slope", SAMPLES),
    ("neuron", FEATURES),
    ("linear_system", EQUATIONS),
    ("binary_cross_entropy", SAMPLES),
    ("sigmoid_cross_entropy", SAMPLES),
    ("dense", LAYERS),
    ("sigmoid", SAMPLES),
    ("mlp", PERCEPTRONS),
    ("line_half_sse", SAMPLES),
    ("plane", SAMPLES),
    ("sigmoid_unit", FEATURES),
    ("network", NETWORKS),
    ("network_biased", NETWORKS),
    ("hill", POINT),
    ("parabola", POINT),
    ("sextic", POINT),
    ("bowl", POINT),
    ("line", SAMPLES),
    ("multilinear", FEATURES),
)


@dataclass(frozen=True)
class Benchmark:
    """One model at one size; its name is what people and stored runs call it."""

    model: str
    sizes: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        """Such as "multilinear N=10000 d=10"."""
        return " ".join([self.model, self.size]) if self.sizes else self.model

    @property
    def size(self) -> str:
        """Such as "N=10000 d=10"; empty for a surface, which has one point."""
        return " ".join(f"{letter}={count}" for letter, count in self.sizes)

    @property
    def entry(self) -> Entry:
        """The model's entry in the catalogue."""
        return catalogue.entry(self.model)

    @property
    def function(self) -> str:
        """The function that is timed: one update, or a layer's way backward."""
        return "backward" if self.entry.kind is Kind.LAYER else "update"

    @property
    def loop_terms(self) -> int:
        """How many terms the loop adds up in all."""
        return self.samples * max(1, self.weights)

    @property
    def data_entries(self) -> int:
        """How many numbers the data of all samples hold."""
        letters = dict(self.sizes)
        return self.samples * letters.get("d", letters.get("n", 1))

    @property
    def has_loop(self) -> bool:
        """Whether the loop ends within seconds."""
        return self.loop_terms <= MOST_LOOP_TERMS

    @property
    def samples(self) -> int:
        """The number of samples (equations, entries); 1 for a surface."""
        letters = dict(self.sizes)
        return next((letters[letter] for letter in SAMPLE_LETTERS if letter in letters), 1)

    @property
    def weights(self) -> int:
        """How many weights one sample meets: the sizes of all parameters that samples share."""
        letters = {"1": 1, **dict(self.sizes)}
        shared = (variable for variable in self.entry.parameters if not variable.per_sample)
        return sum(
            int(np.prod([letters.get(letter, 2) for letter in variable.shape]))
            for variable in shared
        )

    def with_samples(self, count: int) -> Benchmark:
        """The same benchmark with another number of samples."""
        sizes = ((k, count if k in SAMPLE_LETTERS else size) for k, size in self.sizes)
        return replace(self, sizes=tuple(sizes))

    def draw(self, seed: int = 0) -> Workload:
        """The seeded data and parameters of this size, ready to be handed over."""
        return Workload(self, self.entry.draw(seed, **dict(self.sizes)), self.function)


@dataclass(frozen=True)
class Workload:
    """One benchmark with its data, and the function that is asked."""

    benchmark: Benchmark
    case: Case
    function: str

    def asking(self, function: str) -> Workload:
        """The same data for another function of the contract."""
        return replace(self, function=function)

    @cached_property
    def arguments(self) -> Mapping[str, Any]:
        """What the function gets, by name: the case's arrays themselves, scalars as floats."""
        values: dict[str, Any] = {**self.case.data, LEARNING_RATE: self.case.learning_rate}
        for name, value in self.case.parameters.items():
            values[name] = float(value) if value.ndim == 0 else value
        return {name: values[name] for name in self.benchmark.entry.arguments(self.function)}

    @property
    def vectorised(self) -> partial[object]:
        """The reference's call."""
        return self.call_of(self.benchmark.entry.module)

    @property
    def loop(self) -> partial[object] | None:
        """The plain loop's call; None where it would not end within seconds."""
        if not self.benchmark.has_loop:
            return None
        loop: Callable[..., object] = loops.LOOPS[self.benchmark.model]
        return partial(loop, **self.arguments)

    def call_of(self, module: ModuleType) -> partial[object]:
        """The same call of another implementation of the same contract."""
        function: Callable[..., object] = getattr(module, self.function)
        return partial(function, **self.arguments)

    @cached_property
    def allowance(self) -> list[float]:
        """How far rounding may move the reference's answer, for each of its parts."""
        return rounding_allowance(self.vectorised.func, self.arguments)

    @property
    def bytes_read(self) -> int:
        """Bytes of the data and parameters: what any implementation has to read at least once."""
        return sum(value.nbytes for value in self.arguments.values() if hasattr(value, "nbytes"))

    @property
    def operations(self) -> float:
        """Multiplications and additions with weights, at least, in floating-point operations.

        Two for each sample and weight on the way forward, two for the weight's gradient, two for
        the gradient handed on; the data themselves need none, and a layer does not go forward.
        """
        entry = self.benchmark.entry
        shared = [variable for variable in entry.parameters if not variable.per_sample]
        # Where there are matrices, vectors are biases: added once, never multiplied.
        rank = max((len(variable.shape) for variable in shared), default=0)
        weights = [
            int(np.size(self.case.parameters[variable.name]))
            for variable in shared
            if len(variable.shape) == rank > 0
        ]
        if entry.kind is Kind.LAYER:
            return 4.0 * self.benchmark.samples * sum(weights)
        first = weights[0] if weights else 0
        return self.benchmark.samples * (6.0 * sum(weights) - 2.0 * first)


BENCHMARKS: tuple[Benchmark, ...] = tuple(
    Benchmark(model, tuple(size.items())) for model, sizes in SIZES for size in sizes
)


def chosen(models: tuple[str, ...] = ()) -> tuple[Benchmark, ...]:
    """The benchmarks of these models; all if none is named."""
    return tuple(one for one in BENCHMARKS if not models or one.model in models)
