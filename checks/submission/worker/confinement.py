"""What the child gives up before it reads a line of the submission."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

_PR_SET_PDEATHSIG, _PR_CAPBSET_DROP = 1, 24
_SIGKILL = 9
_CAPSET_VERSION_3 = 0x20080522


def confine(orders: Mapping[str, Any]) -> None:
    """Follow the orders of the grading side; OSError where one of them cannot be followed.

    rlimits: resource limits by name.  parent: the process to die with, or None where a sandbox
    sees to that.  landlock: the arguments of `landlock.restrict`, or None.  seccomp: whether the
    filter is installed.
    """
    _limit(orders["rlimits"])
    if sys.platform != "linux":
        return
    if orders["parent"] is not None:
        _die_with(orders["parent"])
    if os.geteuid() == 0:
        _drop_capabilities()
    if orders["landlock"] is not None:
        from .landlock import restrict

        restrict(**orders["landlock"])
    if orders["seccomp"]:
        from .seccomp import install

        install()


def _limit(rlimits: Mapping[str, int]) -> None:
    """Set each limit for good; what the platform lacks is left out."""
    try:
        import resource
    except ImportError:
        return
    for name, value in rlimits.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        hard = resource.getrlimit(number)[1]
        # One second more, so that the signal that names this limit comes before the kill.
        most = value + 1 if name == "RLIMIT_CPU" else value
        ceiling = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(number, (min(value, ceiling), ceiling))
        except (ValueError, OSError):
            continue


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when the grading thread ends, however it ends."""
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _drop_capabilities() -> None:
    """Root without root's powers: limits hold for it, and other people's files are closed."""
    import ctypes
    import struct

    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        if libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            break
    libc.capset(struct.pack("=Ii", _CAPSET_VERSION_3, 0), struct.pack("=6I", *[0] * 6))
