"""One line of the closing table: one benchmark, measured in this run against its loop."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.agreement import Agreed, agree
from benchmarks.machine import Machine, pinned
from benchmarks.paired import interleave
from benchmarks.pairs import Workload
from benchmarks.trial import peak_bytes
from checks.ratios import PairedRatio, three_digits

MANY_OPERATIONS = 16  # with each number read: then multiplying takes longer than reading


class WrongResultError(Exception):
    """The loop and the vectorised form do not compute the same; nothing was timed."""


@dataclass(frozen=True)
class Row:
    """One benchmark's figures.

    loop, vectorised: median CPU seconds of one call; loop is None where it would take too long.
    ratio: loop over vectorised, paired.  bytes_read: data and parameters, read once.
    operations: floating-point operations with weights.  peak_bytes: traced beyond the inputs.
    least: seconds of the machine's limit (roofline): reading everything once, all operations at
    the rate of a matrix product.
    """

    benchmark: str
    model: str
    size: str
    loop: float | None
    vectorised: float
    ratio: PairedRatio | None
    bytes_read: int
    operations: float
    peak_bytes: int
    least: float

    @property
    def share(self) -> float:
        """The share of the machine's limit that is reached, 1 at best; NaN without data."""
        return self.least / self.vectorised if self.bytes_read else math.nan

    @property
    def bound_by_memory(self) -> bool:
        """Whether bytes rather than operations make up the figure in `rate`."""
        return self.operations <= MANY_OPERATIONS * self.bytes_read / 8

    @property
    def rate(self) -> str:
        """GB/s of inputs read, or GFLOP/s where many operations are done with each number."""
        if not self.bytes_read:
            return "–"
        if self.bound_by_memory:
            return f"{three_digits(self.bytes_read / self.vectorised / 1e9)} GB/s"
        return f"{three_digits(self.operations / self.vectorised / 1e9)} GFLOP/s"


def agreement(workload: Workload) -> Agreed:
    """Whether loop and vectorised form agree up to rounding (always, where there is no loop)."""
    if workload.loop is None:
        return Agreed(0.0)
    return agree(workload.loop(), workload.vectorised(), workload.allowance)


def measure(workload: Workload, machine: Machine, seconds: float = 0.5, seed: int = 0) -> Row:
    """The row of one workload, within about `seconds` and the time of the calls themselves.

    Raises WrongResultError where the loop and the vectorised form disagree, before or after.
    """
    with pinned(machine.threads):
        _require_agreement(workload, "before timing")
        vectorised, loop = workload.vectorised, workload.loop
        times = interleave(loop or vectorised, vectorised, seed=seed, seconds=seconds)
        _require_agreement(workload, "after timing")
        peak = peak_bytes(vectorised)
    # Without a loop both columns are the vectorised form.
    own = times.cpu[:, 1] if loop else times.cpu.ravel()
    return Row(
        workload.benchmark.name,
        workload.benchmark.model,
        workload.benchmark.size,
        times.seconds[0] if loop else None,
        float(np.median(own)),
        times.ratio if loop else None,
        workload.bytes_read,
        workload.operations,
        peak,
        machine.least_seconds(workload.bytes_read, workload.operations)
        if machine.bandwidth
        else math.nan,
    )


def _require_agreement(workload: Workload, when: str) -> None:
    agreed = agreement(workload)
    if not agreed:
        raise WrongResultError(
            f"{workload.benchmark.name}: loop and vectorised form differ {when}, {agreed.sentence}"
        )
