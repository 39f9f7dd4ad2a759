"""A seccomp filter (Linux): the calls that a submission has no business with are refused.

Refused calls fail with "operation not permitted", so that a clumsy program gets an exception and
not a death.  A process may signal itself and make threads, and nothing else of that kind.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

from .syscalls import BY_ARGUMENT, PR_SET_NO_NEW_PRIVS, audit_architecture, numbers

_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_X32_BIT = 0x40000000
_CLONE_THREAD = 0x10000
_PR_SET_PDEATHSIG = 1
_SET_MODE_FILTER, _TSYNC = 1, 1
_SECCOMP = {"x86_64": 317, "aarch64": 277}

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


def install() -> None:
    """Refuse the listed calls from here on, in every thread; OSError where that cannot be."""
    machine = platform.machine()
    if machine not in _SECCOMP:
        raise OSError(f"no seccomp filter is known for {machine}")
    code = b"".join(struct.pack("=HBBI", *line) for line in program(machine, os.getpid()))
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("=HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs was refused")
    if libc.syscall(_SECCOMP[machine], _SET_MODE_FILTER, _TSYNC, header):
        raise OSError(ctypes.get_errno(), "the seccomp filter was refused")


def program(machine: str, pid: int) -> list[Instruction]:
    """The filter as classic BPF: first the machine, then the number, then some first arguments."""
    number = numbers(machine)
    refuse, allow = (_RETURN, 0, 0, _ERRNO | errno.EPERM), (_RETURN, 0, 0, _ALLOW)
    argument: Instruction = (_LOAD, 0, 0, _FIRST_ARGUMENT_AT)
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, audit_architecture(machine)),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _X32_BIT),
        refuse,
        # The C library takes "not there" as the sign to use clone, whose flags can be read.
        (_EQUAL, 0, 1, number["clone3"]),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        (_EQUAL, 0, 4, number["clone"]),
        argument,
        (_ANY_BIT, 0, 1, _CLONE_THREAD),
        allow,
        refuse,
        (_EQUAL, 0, 4, number["prctl"]),
        argument,
        (_EQUAL, 0, 1, _PR_SET_PDEATHSIG),
        refuse,
        allow,
        (_EQUAL, 0, 5, number["prlimit64"]),
        argument,
        (_EQUAL, 1, 0, 0),
        (_EQUAL, 0, 1, pid),
        allow,
        refuse,
    ]
    for name in ("kill", "tgkill"):
        lines += [(_EQUAL, 0, 4, number[name]), argument, (_EQUAL, 0, 1, pid), allow, refuse]
    for name, value in number.items():
        if name not in BY_ARGUMENT:
            lines += [(_EQUAL, 0, 1, value), refuse]
    return [*lines, allow]
