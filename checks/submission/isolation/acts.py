"""Forbidden acts, tried in a worker by the probe as if this file were a submission.

Each returns 1.0 where it could be done and raises where it was refused.  What to act upon stands
in target.json beside this file.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
from pathlib import Path
from typing import Any

_PTRACE_SEIZE = 0x4206
TARGET: dict[str, Any] = json.loads((Path(__file__).parent / "target.json").read_text())


def calculate(n: float) -> float:
    """The one act that is not forbidden: NumPy's own work."""
    import numpy as np

    return float(np.ones(4) @ np.full(4, n / 4))


def read_a_file(n: float) -> float:
    """Read a file that lies outside."""
    return 1.0 if Path(TARGET["canary"]).read_text() else 0.0


def write_a_file(n: float) -> float:
    """Write a file beside it."""
    Path(TARGET["folder"], "written").write_text("written")
    return 1.0


def change_a_library(n: float) -> float:
    """Open the file of a library for writing."""
    with open(json.__file__, "r+"):
        return 1.0


def open_a_connection(n: float) -> float:
    """Connect to a port of this machine where someone listens."""
    socket.create_connection(("127.0.0.1", TARGET["port"]), 1.0).close()
    return 1.0


def signal_the_grader(n: float) -> float:
    """Send the grading process the signal that only asks whether one may."""
    os.kill(TARGET["pid"], 0)
    return 1.0


def trace_the_grader(n: float) -> float:
    """Attach to the grading process as a debugger does."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(_PTRACE_SEIZE, TARGET["pid"], 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return 1.0


def read_the_graders_memory(n: float) -> float:
    """Open the memory of the grading process."""
    with open(f"/proc/{TARGET['pid']}/mem", "rb"):
        return 1.0


def start_a_process(n: float) -> float:
    """Make a process of one's own."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return 1.0


def raise_a_limit(n: float) -> float:
    """Lift the limit of memory."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return 1.0
