"""Processor time over processes: of this one, of what it has waited for, of what still runs."""

from __future__ import annotations

import os
import resource
from pathlib import Path

PROCESSES = Path("/proc")
# The fields of /proc/PID/stat behind the name in parentheses, counted from 0.
PARENT, USER, SYSTEM = 1, 11, 12


def own_seconds() -> float:
    """Processor seconds so far of this process and of all that it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def seconds_below(pid: int) -> float:
    """Processor seconds so far of all processes that descend from this one, without its own.

    A sandbox that is killed takes those with it, so that nobody is told of them.  In steps of the
    system's tick, 10 ms as a rule; 0 where there is no /proc.
    """
    ticks = {}
    parents = {}
    for stat in PROCESSES.glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        one = int(stat.parent.name)
        parents[one] = int(fields[PARENT])
        ticks[one] = int(fields[USER]) + int(fields[SYSTEM])
    found, before = {pid}, 0
    while len(found) > before:
        before = len(found)
        found |= {one for one, parent in parents.items() if parent in found}
    return sum(ticks[one] for one in found - {pid}) / os.sysconf("SC_CLK_TCK")
