"""A compared file is somebody's code: where bubblewrap works it can neither write nor call out.

Both sides of a comparison share one process, so a file that means to cheat can still touch the
other side's times: compare files of people you trust to be fair, not grades.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
from functools import cache

CONFINED = "the compared files ran without network and could write nothing"
UNCONFINED = "bubblewrap does not work here: the compared files ran with all of your rights"
MEMORY_BYTES = 4 << 30
PROCESSES = 256
SECONDS = 10.0


@cache
def prefix() -> tuple[str, ...]:
    """What a command is started with to be confined; empty where that was tried and fails."""
    program = shutil.which("bwrap")
    if program is None:
        return ()
    command: tuple[str, ...] = (program, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc")
    command += ("--unshare-all", "--die-with-parent", "--new-session")
    try:
        tried = subprocess.run(
            [*command, "true"], capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if tried.returncode == 0 else ()


def note() -> str:
    """The sentence that a comparison of files carries."""
    return CONFINED if prefix() else UNCONFINED


def limit_this_process() -> None:
    """Memory and number of processes for the rest of this process's life."""
    for kind, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_NPROC, PROCESSES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (bound, bound))
