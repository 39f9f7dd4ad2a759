"""What a run depended on: versions, platform, isolation tier, seed."""

from __future__ import annotations

import os
import platform
from importlib import metadata

DISTRIBUTION = "gradproof"


def suite_version() -> str:
    """The suite's version, "unknown" in a checkout that was not installed."""
    return _version(DISTRIBUTION)


def environment(isolation: str, seed: int) -> dict[str, str | int]:
    """The facts a result depends on, by name; cores is the number this process may use."""
    return {
        "python": platform.python_version(),
        "numpy": _version("numpy"),
        "scipy": _version("scipy"),
        "system": platform.system(),
        "machine": platform.machine(),
        "cores": cores(),
        "isolation": isolation,
        "seed": seed,
    }


def cores() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "unknown"
