"""Times two computations against each other, in turn and in random order, and answers a ratio.

A ratio of neighbouring blocks survives a disturbed machine; an absolute time does not.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from checks.ratios import FEWEST_PAIRS, PairedRatio, median_ratio
from reference.contract import Array

CLOCK = "CPU time of the process (time.process_time), garbage collection off, warm calls"
BLOCK_SECONDS = 0.01

Call = Callable[[], object]


@dataclass(frozen=True)
class PairedTimes:
    """The blocks of one comparison: seconds per call, one row for each pair.

    cpu, wall: arrays of shape (pairs, 2); column 0 is the first computation, column 1 the second.
    calls: how many calls a block of each held.  seed: of the random order within the pairs.
    """

    cpu: Array
    wall: Array
    calls: tuple[int, int]
    seed: int

    @property
    def ratio(self) -> PairedRatio:
        """First over second, on the CPU clock."""
        return median_ratio(self.cpu[:, 0] / self.cpu[:, 1])

    @property
    def seconds(self) -> tuple[float, float]:
        """The median CPU seconds per call of the first and of the second computation."""
        first, second = np.median(self.cpu, axis=0)
        return float(first), float(second)


@contextmanager
def collection_off() -> Iterator[None]:
    """No garbage collection inside, and the garbage of before collected first."""
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def calls_for(call: Call, seconds: float) -> int:
    """How many calls last about `seconds` of CPU time, at least 1: doubled until they do."""
    if time_block(call, 1)[0] > 8 * seconds:  # even the cold call says enough
        return 1
    calls = 1
    while True:
        taken = time_block(call, calls)[0] * calls
        if taken >= seconds / 2:
            return max(1, round(calls * seconds / taken))
        calls *= 2 if taken * 8 > seconds else 8


def interleave(
    first: Call,
    second: Call,
    *,
    seed: int = 0,
    pairs: int = 20,
    block_seconds: float = BLOCK_SECONDS,
    seconds: float = float("inf"),
) -> PairedTimes:
    """Blocks of both computations, side by side in random order, a warm call before each.

    Stops after `pairs` pairs, or after FEWEST_PAIRS once `seconds` of wall time have gone.  A call
    that outlasts a block is its own warm-up: no other is made.
    """
    order = np.random.default_rng(seed)
    rows: list[tuple[list[float], list[float]]] = []
    with collection_off():
        calls = (calls_for(first, block_seconds), calls_for(second, block_seconds))
        start = time.perf_counter()
        while len(rows) < pairs:
            cpu, wall = [0.0, 0.0], [0.0, 0.0]
            for side in order.permutation(2):
                call = (first, second)[side]
                if calls[side] > 1:
                    call()
                cpu[side], wall[side] = time_block(call, calls[side])
            rows.append((cpu, wall))
            if len(rows) >= FEWEST_PAIRS and time.perf_counter() - start > seconds:
                break
    both = np.array(rows)
    return PairedTimes(both[:, 0], both[:, 1], calls, seed)


def time_block(call: Call, calls: int) -> tuple[float, float]:
    """CPU and wall seconds per call of one block."""
    wall = time.perf_counter()
    cpu = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - cpu) / calls, (time.perf_counter() - wall) / calls
