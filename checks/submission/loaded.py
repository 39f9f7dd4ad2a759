"""Reads a worker's first answer: what it found in the file, or why the file cannot be used.

The submission has run by then, so this answer is doubted like every other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from checks.reading import near_miss
from checks.result import Problem
from checks.submission.adapters import Adapter
from checks.submission.answers import texts
from checks.submission.worker.wire import WireError

RETRY = "retry"  # for the supervisor alone: no message has it
OTHER_NAMES = "functions by other names"
NO_FUNCTION = "no function at all"


@dataclass(frozen=True)
class Loaded:
    """A loaded file: its functions of the contract and the names of its others.

    notes: on the loading.  likeness: of its program (see `worker.likeness`).
    """

    functions: frozenset[str]
    others: tuple[str, ...]
    notes: tuple[str, ...]
    likeness: tuple[str, ...]


def read_loaded(
    said: Mapping[str, Any], file: str, contract: Collection[str], adapter: Adapter | None
) -> Loaded | Problem:
    """What was loaded; a Problem of pattern RETRY where the definitions alone may load.

    Raises WireError for what the worker's own code would never say.
    """
    if "refused" in said:
        (observed,) = texts([said["refused"]])
        pattern = RETRY if said.get("retry") is True else "syntax error"
        return Problem(file, "a file that loads", observed, "", pattern)
    if adapter is not None and set(said) == {"unadapted"}:
        (observed,) = texts([said["unadapted"]])
        hint = "see --explain-contract for what an adapter returns"
        where = f"--adapter={adapter.name}"
        return Problem(
            where, "an adapter that fits this file", observed, hint, "adapter that does not fit"
        )
    if set(said) != {"functions", "others", "notes", "likeness"}:
        raise WireError("a first answer that is none")
    functions = frozenset(texts(said["functions"]))
    if not functions <= set(contract):
        raise WireError("a first answer with functions of its own")
    others, notes = texts(said["others"]), texts(said["notes"])
    return Loaded(functions, others, notes, texts(said["likeness"]))


def other_names(model: str, contract: Collection[str], others: Collection[str]) -> Problem:
    """The problem with a file that has none of the contract's functions, only others or none."""
    there = ", ".join(others) or NO_FUNCTION
    tell = f"python -m checks --explain-contract={model} tells what to hand in"
    meant = (near_miss(function, others) for function in contract)
    hint = "; ".join([*filter(None, meant), tell])
    pattern = OTHER_NAMES if others else NO_FUNCTION
    return Problem(model, f"functions {', '.join(contract)}", there, hint, pattern)
