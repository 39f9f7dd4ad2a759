"""How time grows with the number of samples: the fitted exponent, for each model and variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.machine import pinned
from benchmarks.paired import BLOCK_SECONDS, calls_for, collection_off, time_block
from benchmarks.pairs import BENCHMARKS, Benchmark
from checks.ratios import CONFIDENCE

# From here on the call itself, some microseconds, no longer hides the work on the samples.
SAMPLES = {"vectorised": (10_000, 20_000, 40_000, 80_000, 160_000), "loop": (250, 500, 1000, 2000)}
BLOCKS = 3


@dataclass(frozen=True)
class Growth:
    """time ∝ N^exponent, fitted to the logarithms by Theil and Sen's median of slopes.

    low, high: the interval of the fit (CONFIDENCE).  samples, seconds: the points, CPU time of one
    call, best of a few blocks.
    """

    model: str
    variant: str
    exponent: float
    low: float
    high: float
    samples: tuple[int, ...]
    seconds: tuple[float, ...]

    def __str__(self) -> str:
        return f"N^{self.exponent:.2f} [{self.low:.2f}, {self.high:.2f}]"


def fit(model: str, variant: str, samples: Sequence[int], seconds: Sequence[float]) -> Growth:
    """The exponent through the points.  Raises ValueError for fewer than three of them."""
    if len(samples) < 3:
        raise ValueError(f"an exponent needs at least 3 sizes, got {len(samples)}")
    slope, _, low, high = stats.theilslopes(np.log(seconds), np.log(samples), alpha=CONFIDENCE)
    return Growth(
        model, variant, float(slope), float(low), float(high), tuple(samples), tuple(seconds)
    )


def measure(benchmark: Benchmark, variant: str) -> Growth:
    """The growth of one variant with N; the other sizes stay those of the benchmark."""
    samples = SAMPLES[variant]
    best = []
    with pinned(1), collection_off():
        for count in samples:
            workload = benchmark.with_samples(count).draw()
            call = workload.vectorised if variant == "vectorised" else workload.loop
            assert call is not None, f"a loop of {count} samples ends within seconds"
            calls = calls_for(call, BLOCK_SECONDS)
            best.append(min(time_block(call, calls)[0] for _ in range(BLOCKS)))
    return fit(benchmark.model, variant, samples, best)


def measure_all(models: Sequence[str]) -> list[Growth]:
    """Both variants of every model that has samples, at its smallest other sizes."""
    smallest = {one.model: one for one in reversed(BENCHMARKS) if one.sizes}
    return [
        measure(smallest[model], variant)
        for model in models
        if model in smallest
        for variant in SAMPLES
    ]
