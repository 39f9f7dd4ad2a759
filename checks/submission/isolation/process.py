"""Tier process: a separate process with a clean environment and resource limits.

It keeps a submission's mistakes and crashes away from the grading process.  It does not stop a
submission that means harm: such a one can read and write what the user who grades can.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

START = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from worker.serve import main; main(int(sys.argv[2]))"
)


def environment(folder: Path) -> dict[str, str]:
    """All that a worker inherits: one thread for BLAS, and a folder that is its own."""
    given: Mapping[str, str] = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LC_ALL": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "VECLIB_MAXIMUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }
    root = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if "SYSTEMROOT" in os.environ else {}
    return {**given, **root}


def interpreter() -> str:
    """The interpreter itself, past the links of a virtual environment."""
    return os.path.realpath(sys.executable)


def command(kit: Path, fd: int) -> list[str]:
    """The command line of a worker that imports from `kit` and talks over descriptor `fd`."""
    return [interpreter(), "-I", "-S", "-B", "-c", START, str(kit), str(fd)]
