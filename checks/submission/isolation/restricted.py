"""Tier restricted: Landlock, seccomp and resource limits, which need no privilege (Linux).

The worker reads the interpreter, NumPy, SciPy and its own folder, writes nothing, starts no
process, opens no socket and signals nobody.  It still sees that other files exist.
"""

from __future__ import annotations

import os

from checks.submission.isolation.files import (
    DEVICES,
    SYSTEM_LIBRARIES,
    executables,
    standard_library,
    standard_library_parts,
)
from checks.submission.isolation.process import command, environment
from checks.submission.isolation.sandbox import Sandbox
from checks.submission.kit import kit, package_folders
from checks.submission.limits import Limits
from checks.submission.snapshot import Snapshot


def sandbox(snapshot: Snapshot, limits: Limits) -> Sandbox:
    """A worker that locks itself in before it reads the submission."""
    folder = str(snapshot.root)
    readable = [*executables(), *standard_library_parts(), *package_folders(), kit(), folder]
    orders = {
        "rlimits": limits.rlimits(),
        "parent": os.getpid(),
        "landlock": {
            "readable": [*map(str, readable), *SYSTEM_LIBRARIES, "/sys/devices/system/cpu"],
            "listable": [str(path) for path in standard_library()],
            "writable": list(DEVICES),
        },
        "seccomp": True,
    }
    return Sandbox(lambda fd: command(str(kit()), fd), environment(folder), folder, orders)
