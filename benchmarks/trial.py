"""One process of a comparison: loads both versions, checks that they agree, times them in turn.

`python -m benchmarks.trial` reads one request as JSON on standard input and writes one answer on
the descriptor that was its standard output; what the code under test prints goes nowhere.
"""

from __future__ import annotations

import json
import math
import os
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.agreement import agree, rounding_allowance
from benchmarks.confinement import limit_this_process
from benchmarks.machine import pinned
from benchmarks.paired import Call, interleave
from benchmarks.pairs import Benchmark, Workload
from benchmarks.versions import Version, load

BASE, HEAD = 0, 1
# A file need not hold an update: the first of these that both sides have is timed.
FUNCTIONS = ("update", "backward", "gradient", "forward", "loss")


@dataclass(frozen=True)
class Answer:
    """What one process found out about one benchmark.

    log_ratio: log of head's over base's CPU time, median over the pairs; wall: the same in wall
    time.  seconds: the median CPU seconds per call of base and head.
    peak_bytes: traced memory beyond the inputs of base and head.
    gap: disagreement of the two answers in units of what rounding allows; above 1 nothing is timed.
    problem: why there are no times, or "".
    """

    benchmark: str
    log_ratio: float = math.nan
    wall: float = math.nan
    seconds: tuple[float, float] = (math.nan, math.nan)
    peak_bytes: tuple[int, int] = (0, 0)
    gap: float = 0.0
    problem: str = ""


@dataclass(frozen=True)
class Request:
    """What one process is asked.

    base, head: the paths of the two versions.  base_first: which is imported and called first.
    pairs, block_seconds: of blocks for each benchmark.  seed: of the random orders.
    """

    base: str
    head: str
    base_first: bool
    benchmarks: tuple[Benchmark, ...]
    pairs: int
    block_seconds: float
    seed: int

    @property
    def has_files(self) -> bool:
        """Whether somebody's file is compared, rather than versions of this house."""
        return Path(self.base).is_file() or Path(self.head).is_file()

    def to_json(self) -> str:
        """The request as it is sent."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Request:
        """The request as it was sent."""
        values = json.loads(text)
        values["benchmarks"] = tuple(
            Benchmark(one["model"], tuple((letter, count) for letter, count in one["sizes"]))
            for one in values["benchmarks"]
        )
        return cls(**values)


def answers(request: Request) -> Iterator[Answer]:
    """The answers, one benchmark after the other; a failing benchmark does not stop the others."""
    versions = (Version("base", Path(request.base)), Version("head", Path(request.head)))
    order = (BASE, HEAD) if request.base_first else (HEAD, BASE)
    with pinned(1):
        for index, benchmark in enumerate(request.benchmarks):
            try:
                modules = {
                    side: load(versions[side], benchmark.model, f"_{side}") for side in order
                }
                yield compare(
                    benchmark.draw(),
                    modules[BASE],
                    modules[HEAD],
                    base_first=request.base_first,
                    pairs=request.pairs,
                    block_seconds=request.block_seconds,
                    seed=request.seed + index,
                )
            except Exception as error:  # whatever the code under test raises belongs in the answer
                yield Answer(benchmark.name, problem=f"{type(error).__name__}: {error}")


def compare(
    workload: Workload, base: ModuleType, head: ModuleType, *, base_first: bool, **timing: Any
) -> Answer:
    """Base against head at one workload: agreement, memory, times, agreement again."""
    name = workload.benchmark.name
    function = next((f for f in FUNCTIONS if hasattr(base, f) and hasattr(head, f)), None)
    if function is None:
        return Answer(name, problem=f"no function of {', '.join(FUNCTIONS)} is on both sides")
    workload = workload.asking(function)
    calls = (workload.call_of(base), workload.call_of(head))
    if not base_first:
        calls[HEAD]()
    allowance = rounding_allowance(calls[BASE].func, workload.arguments)
    before = agree(calls[BASE](), calls[HEAD](), allowance)
    if not before:
        problem = f"{function} of the two versions differs, {before.sentence}"
        return Answer(name, gap=before.gap, problem=problem)
    peaks = (peak_bytes(calls[BASE]), peak_bytes(calls[HEAD]))
    times = interleave(*calls, **timing)
    after = agree(calls[BASE](), calls[HEAD](), allowance)
    if not after:
        return Answer(name, gap=after.gap, problem=f"{function} differs after timing only")
    log_ratios = [np.median(np.log(t[:, HEAD] / t[:, BASE])) for t in (times.cpu, times.wall)]
    return Answer(
        name, float(log_ratios[0]), float(log_ratios[1]), times.seconds, peaks, before.gap
    )


def peak_bytes(call: Call) -> int:
    """Memory traced at the peak of one call, beyond what was there; the call is warm."""
    call()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def main() -> None:
    """Answers the request of standard input, a line of JSON for each benchmark."""
    request = Request.from_json(sys.stdin.read())
    if request.has_files:
        limit_this_process()
    with os.fdopen(os.dup(1), "w") as out, open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        for answer in answers(request):
            print(json.dumps(asdict(answer)), file=out, flush=True)


if __name__ == "__main__":
    main()
