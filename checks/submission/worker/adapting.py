"""Code of other names through an adapter: a file with `adapt(module) -> dict of functions`."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any

from .binding import BindingError, Bound, bind
from .contract import AdapterError
from .dialects.catalogue import spoken, wanted
from .loading import describe
from .program import Program

Adapted = tuple[dict[str, "Bound | BindingError | Any"], list[str]]


def adapted(program: Program, adapter: Mapping[str, Any]) -> Adapted:
    """(functions, notes) by the adapter that was asked for; AdapterError where it does not fit.

    adapter: "name" as the user gave it, and "source", its text, empty for one of the dialects.
    """
    name = adapter["name"]
    if adapter["source"]:
        return _by_file(program, name, adapter["source"])
    found = spoken(program, name)
    if found is None:
        raise AdapterError(_needs(program, name))
    return dict(found[0]), found[1]


def _needs(program: Program, name: str) -> str:
    needs = wanted(name, program.contract.model)
    if not needs:
        return f"{name} has no model {program.contract.model}"
    return f"the names of {name} are not all there: {' or '.join(needs)}"


def _by_file(program: Program, name: str, source: str) -> Adapted:
    module = types.ModuleType("adapter")
    try:
        exec(compile(source, name, "exec"), module.__dict__)
        adapt = module.__dict__.get("adapt")
        functions = adapt(program.module) if callable(adapt) else None
    except BaseException as error:
        raise AdapterError(describe(error, name)) from error
    if not callable(adapt):
        raise AdapterError("it has no function adapt(module)")
    contract = program.contract.functions
    if type(functions) is not dict or not functions:
        raise AdapterError("adapt(module) returned no dict of functions")
    unknown = [str(key) for key in functions if key not in contract]
    if unknown:
        raise AdapterError(f"{', '.join(unknown)} is no function of {program.contract.model}")
    bound: dict[str, Any] = {}
    for key, function in functions.items():
        if not callable(function):
            raise AdapterError(f"{key} is not callable")
        try:
            bound[key] = bind(function, contract[key])
        except BindingError as refusal:
            bound[key] = refusal
    return bound, [f"graded through the adapter {name}: {', '.join(bound)}"]
