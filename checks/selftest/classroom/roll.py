"""The roll of the class: which submissions sit in it, and the folder that they fill."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from checks.battery import BATTERY
from checks.selftest.classroom.member import Member, of_handed, of_mutant, of_twin
from checks.selftest.classroom.source import UnwritableError
from checks.selftest.mutants.catalogue import MUTANTS
from checks.selftest.mutants.mutant import Mutant
from checks.selftest.submissions.collection import SUBMISSIONS
from checks.selftest.submissions.record import HASTE, Handed
from checks.selftest.twins.catalogue import TWINS
from checks.selftest.twins.twin import Twin

QUESTIONS = frozenset(check.name for check in BATTERY)
UNWRITABLE = 3


def members(count: int, *, contained: bool = True, slow: bool = True) -> tuple[Member, ...]:
    """As many submissions, from mutants, twins and odd files evenly.

    contained, slow: whether those that need containing, or a time limit, may be among them.
    Left out are the few mutants and twins whose functions hold what has no source (a generator),
    and files that bear no model's name.
    """
    fit = [
        handed
        for handed in SUBMISSIONS
        if handed.file == "slope.py"
        and (contained or not handed.contained)
        and (slow or handed.limits != HASTE)
    ]
    roll: tuple[Mutant | Twin | Handed, ...] = (*MUTANTS, *TWINS, *fit)
    if not 0 < count <= len(roll) - UNWRITABLE:
        raise ValueError(f"expected a class of 1 to {len(roll) - UNWRITABLE}, got {count}")
    chosen = [place * len(roll) // count for place in range(count)]
    others = [place for place in range(len(roll)) if place not in set(chosen)]
    seated = filter(None, (_member(roll[place]) for place in (*chosen, *others)))
    return tuple(islice(seated, count))


def write(folder: Path, seated: Sequence[Member]) -> None:
    """One folder a student, named by number so that the report has the order of the roll."""
    for number, member in enumerate(seated):
        member.write(folder / f"student{number:03}")


def _member(one: Mutant | Twin | Handed) -> Member | None:
    """The submission as a file; None where it has no source."""
    try:
        if isinstance(one, Mutant):
            return of_mutant(one)
        return of_twin(one, QUESTIONS) if isinstance(one, Twin) else of_handed(one, QUESTIONS)
    except UnwritableError:
        return None
