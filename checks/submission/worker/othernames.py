"""Functions by other names that mean the same: `cost(x, y, w, b)`, `step(x, y, lr, w, b)`.

Used only where nothing of the contract's own names is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .contract import Call
from .names import FUNCTIONS, call_by, matched
from .program import Program


def from_other_names(program: Program) -> tuple[dict[str, Call], list[str]]:
    """(functions, notes): each by the first name that takes exactly the documented arguments."""
    made: dict[str, Call] = {}
    said = []
    for function, documented in program.contract.functions.items():
        for name in FUNCTIONS[function]:
            if name in program.contract.functions:
                continue  # the contract's own name with other arguments is a near miss
            there = program.function(name)
            takes = matched(there, documented) if there is not None else None
            if there is not None and takes is not None and len(takes) == len(documented):
                made[function] = _call(there, takes)
                names = ", ".join(takes.values())
                said.append(f"{name}({names}) as {function}")
                break
    return made, [f"recognised by other names: {'; '.join(said)}"] if said else []


def _call(function: Callable[..., Any], takes: Mapping[str, str]) -> Call:
    return lambda given: call_by(function, takes, given)
