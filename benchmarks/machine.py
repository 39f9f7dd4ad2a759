"""What this machine can do at most: how fast it reads memory, how fast it multiplies matrices.

Measured in the same run as the benchmarks, bounded in time, with the number of threads pinned.
"""

from __future__ import annotations

import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import threadpoolctl

from benchmarks.paired import Call, calls_for, collection_off

Clock = Callable[[], float]
CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
USUAL_CACHES = {"L1": 32 << 10, "L2": 512 << 10, "L3": 16 << 20}
MEMORY = "memory"
MEMORY_BYTES = 256 << 20  # read for the memory's rate: several times any usual last cache
MATRIX = 768  # side of the matrices multiplied: they stay in the second and third cache
# What OpenBLAS's SkylakeX kernels need, and its narrow ones make no use of.
WIDE = frozenset(("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"))
NARROW_KERNELS = ("Haswell", "Zen")
CORETYPE = "OPENBLAS_CORETYPE"  # the variable by which a user chooses OpenBLAS's kernels
ONE_CORE = (
    "this process may use one core only: two threads were not measured, and every other program "
    "takes its time from the benchmarks"
)


@dataclass(frozen=True)
class Machine:
    """One machine and its limits.

    fingerprint: a digest of everything that makes two machines' figures comparable.
    facts: processor, cores, system, Python, NumPy, BLAS and its threads, as text.
    caches: bytes of each cache level.  threads: of BLAS while measuring.
    bandwidth: bytes read per second out of each cache level and out of memory.
    multiply_rate: floating-point operations per second of a matrix product, by dtype.
    notes: sentences a reader of the figures must know.
    """

    fingerprint: str
    facts: Mapping[str, str]
    threads: int
    caches: Mapping[str, int]
    bandwidth: Mapping[str, float] = field(default_factory=dict)
    multiply_rate: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def read_rate(self, size: int) -> float:
        """Bytes per second when `size` bytes are read again and again: the level that holds them.

        A working set fills a level when it takes more than half of it: the rest is needed too.
        """
        for level, capacity in self.caches.items():
            if size <= capacity // 2 and level in self.bandwidth:
                return self.bandwidth[level]
        return self.bandwidth[MEMORY]

    def least_seconds(self, read: int, operations: float, dtype: str = "float64") -> float:
        """The roofline: nothing that reads `read` bytes and does `operations` is faster."""
        return max(read / self.read_rate(read), operations / self.multiply_rate[dtype])

    def as_dict(self) -> dict[str, Any]:
        """The record as JSON takes it."""
        return asdict(self)


def describe(threads: int = 1) -> Machine:
    """The machine without its limits: nothing is timed."""
    facts = {
        "processor": _processor(),
        "cores": str(cores()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": _blas(),
        "threads": str(threads),
    }
    digest = hashlib.sha256("\n".join(f"{k}={v}" for k, v in facts.items()).encode())
    alone = "" if cores() > 1 else ONE_CORE
    kernels = kernels_note(facts["blas"], _told("flags"), os.environ.get(CORETYPE, ""))
    notes = tuple(note for note in (alone, kernels) if note)
    return Machine(digest.hexdigest()[:12], facts, threads, cache_sizes(), notes=notes)


def measure(threads: int = 1, seconds: float = 0.05) -> Machine:
    """The machine with its limits; each figure takes about `seconds`, memory's a little more.

    One thread is measured in CPU time, as the benchmarks are; several in wall time, since the CPU
    times of all threads add up.
    """
    machine = describe(threads)
    clock: Clock = time.process_time if threads == 1 else time.perf_counter
    with pinned(threads), collection_off():
        bandwidth = {MEMORY: _read_rate(MEMORY_BYTES, 2 * seconds, clock)}
        best = bandwidth[MEMORY]
        for level, capacity in reversed(tuple(machine.caches.items())):
            # A nearer level is no slower; the call itself hides the speed of the nearest.
            best = max(best, _read_rate(capacity // 2, seconds, clock))
            bandwidth[level] = best
        multiply = {
            dtype: _multiply_rate(dtype, seconds, clock) for dtype in ("float64", "float32")
        }
    return replace(machine, bandwidth=bandwidth, multiply_rate=multiply)


@contextmanager
def pinned(threads: int) -> Iterator[None]:
    """BLAS and OpenMP use exactly this many threads inside."""
    with threadpoolctl.threadpool_limits(limits=threads):
        yield


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cache_sizes(folder: Path = CACHES) -> dict[str, int]:
    """Bytes of the data caches by level, smallest first; usual sizes where they are not told."""
    sizes: dict[str, int] = {}
    for index in sorted(folder.glob("index*")):
        try:
            if (index / "type").read_text().strip() == "Instruction":
                continue
            level = "L" + (index / "level").read_text().strip()
            text = (index / "size").read_text().strip()
        except OSError:
            continue
        if text.endswith("K") and text[:-1].isdigit():
            sizes[level] = int(text[:-1]) << 10
    return dict(sorted(sizes.items())) or dict(USUAL_CACHES)


def kernels_note(blas: str, flags: str, asked: str) -> str:
    """What to say, or "", where OpenBLAS uses narrower kernels than the processor could run.

    Libraries with kernels of their own (torch, JAX) then multiply matrices faster than NumPy.
    asked: what the environment's OPENBLAS_CORETYPE says; "" leaves the choice to OpenBLAS.
    """
    kernels = blas.rpartition(" ")[2]
    if "openblas" not in blas or kernels not in NARROW_KERNELS or not set(flags.split()) >= WIDE:
        return ""
    if asked.lower() == kernels.lower():
        return (
            f"{CORETYPE}={asked} in the environment keeps NumPy's OpenBLAS from AVX-512, which "
            "this processor has and other libraries use: unset it to measure OpenBLAS's own choice"
        )
    return (
        f"OpenBLAS has chosen its {kernels} kernels, although this processor has AVX-512: with "
        f"{CORETYPE}=SkylakeX in the environment its products may be faster"
    )


def _processor() -> str:
    """The processor's name."""
    return _told("model name") or platform.processor() or "unknown"


def _told(key: str) -> str:
    """What Linux tells about the first processor; empty where it tells nothing."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.partition(":")[0].strip() == key:
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return ""


def _blas() -> str:
    """The linear algebra library that NumPy calls, with its kernel."""
    pools = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    # SciPy brings a library of its own, which the models do not call.
    pools.sort(key=lambda pool: "numpy" not in Path(pool["filepath"]).parent.name)
    if not pools:
        return "unknown"
    parts = [pools[0].get(key) for key in ("internal_api", "version", "architecture")]
    return " ".join(str(part) for part in parts if part)


def _read_rate(size: int, seconds: float, clock: Clock) -> float:
    """Bytes per second of a dot product of `size` bytes with itself: each byte is read once."""
    values = np.ones(size // 8)
    return values.nbytes / _best(lambda: values @ values, seconds, clock)


def _multiply_rate(dtype: str, seconds: float, clock: Clock) -> float:
    """Operations per second of a square matrix product: 2 · MATRIX³ each."""
    left = np.ones((MATRIX, MATRIX), dtype=dtype)
    product = np.empty_like(left)
    return 2 * MATRIX**3 / _best(lambda: np.matmul(left, left, out=product), seconds, clock)


def _best(call: Call, seconds: float, clock: Clock) -> float:
    """The least time of one call in blocks of a twentieth of `seconds`: a limit is a best case."""
    calls = calls_for(call, seconds / 20)
    best, end = float("inf"), time.perf_counter() + seconds
    while True:
        start = clock()
        for _ in range(calls):
            call()
        best = min(best, (clock() - start) / calls)
        if time.perf_counter() >= end:
            return best
