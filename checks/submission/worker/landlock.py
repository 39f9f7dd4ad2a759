"""Landlock rules (Linux 5.13 and later): the files that a process may still open.

What Landlock does not see (stat, chmod and the like) is the seccomp filter's part.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Sequence

from .syscalls import PR_SET_NO_NEW_PRIVS

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many file rights each version has
_NETWORK_RIGHTS = 0b11  # bind and connect, since version 4
_SCOPES = 0b11  # abstract sockets and signals, since version 6


def version() -> int:
    """The version of Landlock that the kernel has; 0 for none."""
    found = ctypes.CDLL(None).syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)
    return max(int(found), 0)


def restrict(readable: Sequence[str], listable: Sequence[str], writable: Sequence[str]) -> None:
    """Leave only these files open to this process; OSError where Landlock is not to be had.

    readable: files, and folders with all below them.  listable: folders whose names (and the
    names below) may be listed.  writable: single files such as /dev/null.
    """
    found = version()
    if not found:
        raise OSError("this kernel has no Landlock")
    rights = (1 << _RIGHTS_BY_VERSION.get(found, 16)) - 1
    attributes = struct.pack(
        "=QQQ", rights, _NETWORK_RIGHTS if found >= 4 else 0, _SCOPES if found >= 6 else 0
    )[: 8 if found < 4 else 16 if found < 6 else 24]
    libc = ctypes.CDLL(None, use_errno=True)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "a Landlock ruleset was refused")
    for path in readable:
        _allow(libc, ruleset, path, _READ_FILE | _READ_DIR)
    for path in listable:
        _allow(libc, ruleset, path, _READ_DIR)
    for path in writable:
        _allow(libc, ruleset, path, _READ_FILE | _WRITE_FILE)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(_RESTRICT_SELF, ruleset, 0):
        raise OSError(ctypes.get_errno(), "Landlock was refused")
    os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Add one path; a path that is not there needs no rule."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= ~_READ_DIR
        rule = struct.pack("=Qi", rights, descriptor)
        if libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0):
            raise OSError(ctypes.get_errno(), f"a Landlock rule for {path} was refused")
    finally:
        os.close(descriptor)
