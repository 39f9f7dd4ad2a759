"""Finds the contract's functions in a loaded file, whatever form the file has.

A file with functions of the contract's own names is graded by them.  Only where none of those can
be called are other forms tried, in this order: a document's dialect, a class, a joint function,
functions by other names.  A function of the contract's name with other arguments stays a failure
of the contract, unless it is a dialect's.  What was recognised is said in the notes.

Most files have the contract's own names, and a worker's start is waited for: what recognises other
forms is imported when a file needs it.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Any

from .binding import BindingError, Bound, bind
from .contract import Contract
from .program import Program

Functions = dict[str, Any]

# Without one of these in its text, a file neither makes columns nor combines its own gradients.
_COLUMNS = re.compile(rb"reshape|newaxis|None|,\s*1\s*\)")
_COMBINES = re.compile(rb"(mean|average|sum)\s*\(")


def recognise(
    module: types.ModuleType, contract: Contract, adapter: Mapping[str, Any] | None = None
) -> tuple[Functions, list[str]]:
    """({function: what to call with arguments by name, or a BindingError}, notes).

    Raises AdapterError where an adapter was asked for and does not fit.
    """
    program = Program(module, contract)
    if adapter is not None:
        from .adapting import adapted

        return adapted(program, adapter)
    own = _own(program)
    callable_ones = {name: call for name, call in own.items() if isinstance(call, Bound)}
    if callable_ones:
        return _refined(program, own, callable_ones)
    if not contract.parameters:  # a step rule: whatever its parameters are, they come in dicts
        from .rules import rule_of_class

        return rule_of_class(program) or (own, [])
    return _other_form(program) or (own, [])


def _other_form(program: Program) -> tuple[Functions, list[str]] | None:
    from .classes import from_class
    from .dialects.catalogue import spoken
    from .joint import from_joint
    from .othernames import from_other_names

    for form in (spoken, from_class, from_joint, from_other_names):
        found = form(program)
        if found is not None and found[0]:
            functions, notes = _with_columns(program, dict(found[0]))
            return functions, [*found[1], *notes]
    return None


def _own(program: Program) -> Functions:
    """The module's functions of the contract's names, bound or with the reason why not."""
    found: Functions = {}
    for name, arguments in program.contract.functions.items():
        function = program.function(name)
        if function is None:
            continue
        try:
            found[name] = bind(function, arguments)
        except BindingError as refusal:
            if not program.by_star(function):  # such as numpy.gradient
                found[name] = refusal
    return found


def _refined(
    program: Program, own: Functions, callable_ones: Functions
) -> tuple[Functions, list[str]]:
    """The file's own functions, with what its own text adds: joint, per sample, columns."""
    notes: list[str] = []
    if "gradient" in callable_ones and _COMBINES.search(program.text):
        from .persample import averaged

        combined = averaged(program, callable_ones["gradient"])
        if combined is not None:
            own["gradient"] = callable_ones["gradient"] = combined[0]
            notes.append(combined[1])
    if not set(own) & {"gradient", "update"}:
        from .joint import from_joint

        joint = from_joint(program)
        if joint is not None:
            own.update(joint[0])
            callable_ones.update(joint[0])
            notes += joint[1]
    functions, said = _with_columns(program, callable_ones)
    return {**own, **functions}, notes + said


def _with_columns(program: Program, made: Functions) -> tuple[Functions, list[str]]:
    if not _COLUMNS.search(program.text):
        return made, []
    from .columns import as_columns

    found = as_columns(program, made)
    return (made, []) if found is None else (found[0], [found[1]])
