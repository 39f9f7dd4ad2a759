"""The files that any Python with NumPy needs, wherever it is installed."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

from checks.submission.isolation.process import interpreter

SYSTEM_LIBRARIES = ("/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_OTHERS_PACKAGES = frozenset({"site-packages", "dist-packages"})


def standard_library() -> list[Path]:
    """The folders of the standard library, pure and compiled."""
    named = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))
    return [Path(path) for path in dict.fromkeys(os.path.realpath(name) for name in named)]


def standard_library_parts() -> list[Path]:
    """What lies in the standard library, without the packages that others installed there."""
    return [
        part
        for folder in standard_library()
        if folder.is_dir()
        for part in sorted(folder.iterdir())
        if part.name not in _OTHERS_PACKAGES
    ]


def installed_packages() -> list[Path]:
    """The folders within the standard library where others' packages are installed."""
    return [
        folder / name
        for folder in standard_library()
        for name in sorted(_OTHERS_PACKAGES)
        if (folder / name).is_dir()
    ]


def executables() -> list[Path]:
    """The interpreter, and the shared library that it may be linked with."""
    program = Path(interpreter())
    library = sysconfig.get_config_var("LDLIBRARY") or ""
    beside = program.parent.parent / "lib"
    shared = sorted(beside.glob("libpython*.so*")) if library.endswith(".so") else []
    return [program, *shared]
