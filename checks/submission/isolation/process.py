"""Tier process: a separate process with a clean environment and resource limits.

It keeps a submission's mistakes and crashes away from the grading process.  It does not stop a
submission that means harm: such a one can read and write what the user who grades can.
"""

from __future__ import annotations

import os
import sys

from checks.submission.isolation.sandbox import Sandbox
from checks.submission.kit import kit
from checks.submission.limits import Limits
from checks.submission.snapshot import Snapshot

START = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from worker.serve import main; main(int(sys.argv[2]))"
)


def sandbox(snapshot: Snapshot, limits: Limits) -> Sandbox:
    """A plain worker process for one submission."""
    folder = str(snapshot.root)
    orders = {
        "rlimits": limits.rlimits(),
        "parent": os.getpid(),
        "landlock": None,
        "seccomp": False,
    }
    return Sandbox(lambda fd: command(str(kit()), fd), environment(folder), folder, orders)


def environment(folder: str) -> dict[str, str]:
    """All that a worker inherits: one thread for BLAS, and a folder that is its own."""
    system = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if "SYSTEMROOT" in os.environ else {}
    return system | {
        "PATH": "/usr/bin:/bin",
        "HOME": folder,
        "TMPDIR": folder,
        "LC_ALL": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def interpreter() -> str:
    """The interpreter itself, past the links of a virtual environment."""
    return os.path.realpath(sys.executable)


def command(kit_folder: str, fd: int) -> list[str]:
    """The command line of a worker that imports from a kit's folder."""
    return [interpreter(), "-I", "-S", "-B", "-c", START, kit_folder, str(fd)]
