"""What one submission may use."""

from __future__ import annotations

from dataclasses import dataclass

SIZE_CAP = 1 << 20  # of one file, in bytes


@dataclass(frozen=True)
class Limits:
    """Bounds that a class needs no thought about.

    wall_seconds: wall time of one call, and of loading the file, by the grading side's clock.
    session_seconds: wall time of all the calls of one submission together.
    cpu_seconds: processor time of one worker process.
    memory_bytes: address space of the worker (NumPy itself needs most of the first 500 MiB).
    output_bytes: the largest answer that one call may send; what is printed is discarded.
    """

    wall_seconds: float = 10.0
    session_seconds: float = 300.0
    cpu_seconds: int = 300
    memory_bytes: int = 1 << 30
    output_bytes: int = 64 << 20

    def rlimits(self) -> dict[str, int]:
        """Resource limits by the names that `resource` has for them."""
        return {
            "RLIMIT_AS": self.memory_bytes,
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_FSIZE": 32 << 20,
            "RLIMIT_NOFILE": 128,
            "RLIMIT_CORE": 0,
        }
