"""Tier full: bubblewrap's namespaces around the worker, the seccomp filter inside (Linux).

The worker is alone in its own process, network, mount, user and IPC namespaces.  Its file system
holds the interpreter, NumPy, SciPy and the submission's folder, all read-only, and a small /tmp in
memory.  Killing bubblewrap, or losing the grading process, ends everything inside.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess

from checks.submission.isolation.files import (
    DEVICES,
    SYSTEM_LIBRARIES,
    executables,
    installed_packages,
    standard_library,
)
from checks.submission.isolation.process import command, environment
from checks.submission.isolation.sandbox import Sandbox
from checks.submission.kit import kit, package_folders
from checks.submission.limits import Limits
from checks.submission.snapshot import Snapshot

NOBODY = 65534
THREADS = 64
SCRATCH_BYTES = 32 << 20
KIT, SUBMISSION, SCRATCH = "/kit", "/submission", "/tmp"


def sandbox(snapshot: Snapshot, limits: Limits) -> Sandbox:
    """A worker in a sandbox of its own."""
    orders = {
        "rlimits": limits.rlimits() | {"RLIMIT_NPROC": THREADS},
        "parent": None,
        "landlock": None,
        "seccomp": True,
    }
    if _other_user():
        for path in (snapshot.root, *snapshot.root.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    fixed = [*_other_user(), *_bubblewrap()]
    inside = ["--ro-bind", str(snapshot.root), SUBMISSION, "--remount-ro", "/"]
    return Sandbox(
        lambda fd: [*fixed, *inside, "--chdir", SCRATCH, "--", *command(KIT, fd)],
        environment(SCRATCH),
        SUBMISSION,
        orders,
    )


@functools.cache
def _bubblewrap() -> tuple[str, ...]:
    """The part of bubblewrap's command line that is the same for every submission."""
    program = shutil.which("bwrap")
    if program is None:
        raise FileNotFoundError("bubblewrap (bwrap) is not installed")
    line = [program, "--unshare-all", "--unshare-user", *_no_more_namespaces(program)]
    line += ["--die-with-parent", "--new-session", "--uid", str(NOBODY), "--gid", str(NOBODY)]
    line += ["--hostname", "sandbox"]
    for library in SYSTEM_LIBRARIES:
        if os.path.islink(library):
            line += ["--symlink", os.readlink(library), library]
        elif os.path.exists(library):
            line += ["--ro-bind", library, library]
    for path in (*standard_library(), *executables()):
        if not str(path).startswith(SYSTEM_LIBRARIES):
            line += ["--ro-bind", str(path), str(path)]
    for path in installed_packages():
        line += ["--tmpfs", str(path), "--remount-ro", str(path)]
    for device in DEVICES:
        line += ["--dev-bind", device, device]
    line += ["--ro-bind", str(kit() / "worker"), f"{KIT}/worker"]
    for path in package_folders():
        line += ["--ro-bind", str(path), f"{KIT}/{path.name}"]
    line += ["--size", str(SCRATCH_BYTES), "--tmpfs", SCRATCH]
    return tuple(line)


def _no_more_namespaces(program: str) -> list[str]:
    """The option that forbids further user namespaces, which older bubblewraps lack."""
    told = subprocess.run([program, "--help"], capture_output=True, text=True, check=False)
    return ["--disable-userns"] if "--disable-userns" in told.stdout + told.stderr else []


@functools.cache
def _other_user() -> tuple[str, ...]:
    """What turns root into nobody first, where nobody can read the interpreter and the kit.

    Without it, root's sandbox has a user of its own inside and root's file rights outside it, of
    which only what is mounted read-only remains.
    """
    program = shutil.which("setpriv")
    if os.geteuid() != 0 or program is None:
        return ()
    line = (program, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    needed = [*executables(), *standard_library(), kit()]
    needed += [path / "__init__.py" for path in package_folders() if not path.suffix]
    readable = [word for path in needed for word in ("-a", "-r", str(path))][1:]
    reachable = subprocess.run([*line, "test", *readable], capture_output=True, check=False)
    return line if reachable.returncode == 0 else ()
