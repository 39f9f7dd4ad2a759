"""The temporary folder of this grading process, which is left behind by nothing but a kill.

Everything that grading writes for a while lies in it: what workers import, copies of submissions,
unpacked archives.  The process holds a lock on it for as long as it lives, so that the next one of
the same user can tell what a killed one has left, and removes that; a lock says so also across
containers that share a temporary folder, where process numbers say nothing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

if sys.platform != "win32":
    import fcntl

PREFIX = "gradproof-run-"

_making = threading.Lock()
_own: dict[int, Path] = {}  # by process, since a fork is another one


def own_folder() -> Path:
    """This process's folder: made at the first call, removed when the process ends.

    Its owner alone can list it; a worker that runs as another user can reach what it is told of.
    """
    with _making:
        if os.getpid() not in _own:
            remove_leftovers()
            _own[os.getpid()] = _locked()
            atexit.register(remove)
        return _own[os.getpid()]


def fresh_folder(kind: str) -> Path:
    """A new folder in it, such as `submission-k3x9`, closed to others; it goes with the process."""
    return Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=own_folder()))


def remove() -> None:
    """Delete this process's folder with all that is in it, if there is one."""
    folder = _own.pop(os.getpid(), None)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def end(number: int, frame: FrameType | None) -> None:
    """A handler of signals: end the process at once, but remove its folder."""
    # Asked a second time, by the pool and by the parent's end, it would end in the middle of that.
    signal.signal(number, signal.SIG_IGN)
    remove()
    os._exit(128 + number)


@contextmanager
def interruptible() -> Iterator[None]:
    """While this is held, a request to end (SIGTERM, a terminal that closes) is a Ctrl-C.

    A signal that whoever started the process wants ignored stays ignored.
    """
    wanted = [getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")]
    taken = [one for one in wanted if one and signal.getsignal(one) is signal.SIG_DFL]
    for one in taken:
        signal.signal(one, signal.default_int_handler)
    try:
        yield
    finally:
        for one in taken:
            signal.signal(one, signal.SIG_DFL)


def remove_leftovers() -> None:
    """Delete the folders of this user's grading processes that were killed: nobody locks them."""
    if sys.platform == "win32":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if os.fstat(descriptor).st_uid == os.getuid():
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # its process lives, or the file system has no locks
        finally:
            os.close(descriptor)


def _locked() -> Path:
    """A new folder, locked until the process ends; made again where a sweep came in between."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        with suppress(FileNotFoundError):
            folder.chmod(0o711)
            if sys.platform == "win32" or _lock(folder):
                return folder


def _lock(folder: Path) -> bool:
    """Lock a folder until the process ends; False where it was deleted meanwhile."""
    descriptor = os.open(folder, os.O_RDONLY)
    with suppress(OSError):  # a file system without locks, where nobody sweeps either
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    if folder.is_dir():
        return True
    os.close(descriptor)
    return False
