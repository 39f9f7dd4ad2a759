"""Programs whose targets and parameters are columns, (N, 1) and (d, 1), as many tutorials have it.

A function of the contract that answers 1-D arguments with the wrong shape is wrong.  Only where
the rest of the program itself makes columns, and nothing works without them, are they given.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from .contract import LEARNING_RATE, Call, Contract, Shape, shape_of
from .probing import attempt, shape_at
from .program import Program

_MADE = re.compile(
    r"reshape\(.*?,\s*1\)+|\[:,\s*(None|np\.newaxis|numpy\.newaxis)\]|\(\s*\w+\s*,\s*1\s*\)"
)


def as_columns(program: Program, made: Mapping[str, Call]) -> tuple[dict[str, Call], str] | None:
    """(functions that are given columns, a note), where the program clearly uses them.

    Clearly: its text outside the contract's functions, or their docstrings, makes or names
    columns; with 1-D arrays some function does not answer as the contract has it; with columns
    every function answers in shapes that differ from the contract's by the columns alone.
    """
    contract = program.contract
    if not set(made) & {"gradient", "update"} or not makes_columns(program):
        return None
    if _fits(contract, made, ()):
        return None
    for columns in _choices(contract):
        if _fits(contract, made, columns):
            listed = ", ".join(columns)
            note = f"{listed} given as columns, as the program has them; the contract has 1-D"
            wrapped = {name: _wrapped(contract, name, call, columns) for name, call in made.items()}
            return wrapped, note
    return None


def makes_columns(program: Program) -> bool:
    """Whether the text beside the contract's functions, or a docstring, speaks of columns."""
    texts = []
    for node in program.tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in program.contract.functions:
            texts.append(ast.get_docstring(node) or "")
        else:
            texts.append(ast.unparse(node))
    return any(_MADE.search(text) for text in texts)


def _choices(contract: Contract) -> list[tuple[str, ...]]:
    """What may be a column: the targets, with the inputs, with the parameters."""
    flat = [name for name, letters in contract.variables.items() if len(letters) == 1]
    targets = [name for name in flat if name == "y"]
    inputs = [name for name in flat if name in contract.data and name != "y"]
    weights = [name for name in flat if name in contract.parameters]
    sets = [targets, targets + weights, targets + inputs, targets + inputs + weights]
    return [tuple(chosen) for chosen in dict.fromkeys(map(tuple, sets)) if chosen]


def _fits(contract: Contract, made: Mapping[str, Call], columns: Collection[str]) -> bool:
    """Whether every function answers at the child's point in shapes that fit."""
    point = {**contract.point(), LEARNING_RATE: 0.5}
    for function, call in made.items():
        given = _given({n: point[n] for n in contract.functions[function]}, columns)
        value = attempt(lambda call=call, given=given: call(given))  # type: ignore[misc]
        if not _shapes_fit(contract, function, value, columns):
            return False
    return True


def _shapes_fit(contract: Contract, function: str, value: Any, columns: Collection[str]) -> bool:
    if function == "loss":
        return shape_at(value) == ()
    if function == "predict":
        assert contract.output is not None
        wanted = shape_of(contract.output)
        return shape_at(value) == (_column(wanted) if columns else wanted)
    shapes = contract.shapes()
    parts = value if isinstance(value, (tuple, list)) else (value,)
    if len(parts) != len(contract.parameters):
        return False
    return all(
        shape_at(part) in _allowed(shapes[name], name in columns, bool(columns))
        for part, name in zip(parts, contract.parameters, strict=True)
    )


def _allowed(shape: Shape, column: bool, any_columns: bool) -> tuple[Shape, ...]:
    """A scalar's derivative may come as (1,) or (1, 1) out of column arithmetic."""
    if not shape:
        return ((), (1,), (1, 1)) if any_columns else ((),)
    return (_column(shape),) if column else (shape,)


def _column(shape: Shape) -> Shape:
    return (*shape, 1) if len(shape) == 1 else shape


def _given(arguments: Mapping[str, Any], columns: Collection[str]) -> dict[str, Any]:
    return {
        name: np.reshape(value, (-1, 1)) if name in columns else value
        for name, value in arguments.items()
    }


def _wrapped(contract: Contract, function: str, call: Call, columns: Collection[str]) -> Call:
    def answer(given: Mapping[str, Any]) -> Any:
        value = call(_given(given, columns))
        if function == "loss":
            return value
        if function == "predict":
            return np.ravel(value) if np.shape(value)[1:] == (1,) else value
        parts = value if isinstance(value, (tuple, list)) else (value,)
        if len(parts) != len(contract.parameters):
            return value
        back = tuple(
            np.reshape(part, np.shape(given[name]))
            if shape_at(part) is not None and np.size(part) == np.size(given[name])
            else part
            for part, name in zip(parts, contract.parameters, strict=True)
        )
        return back if len(back) > 1 else back[0]

    return answer
