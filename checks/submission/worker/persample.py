"""A gradient that the program keeps for each sample and averages, or sums, where it uses it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np

from .contract import Call
from .probing import attempt, shape_at
from .program import Program

COMBINED = {"mean": "mean", "average": "mean", "sum": "sum"}


def averaged(program: Program, gradient: Call) -> tuple[Call, str] | None:
    """(the combined gradient, a note), where the program's own text combines what it returns.

    Both must hold: somewhere a mean or a sum is taken of what `gradient` gave, and at the child's
    point every entry has the samples for an axis more than its parameter.
    """
    word = combination(program.tree)
    if word is None or "y" not in program.contract.data:
        return None
    point = program.contract.point()
    count = len(point["y"])
    entries = _entries(attempt(lambda: gradient(point)), program)
    if entries is None:
        return None
    shapes = program.contract.shapes()
    for name, entry in entries.items():
        if shape_at(entry) != (count, *shapes[name]):
            return None
    combine = np.mean if word == "mean" else np.sum

    def combined(given: Mapping[str, Any]) -> Any:
        found = _entries(gradient(given), program)
        if found is None:
            return gradient(given)
        parts = tuple(combine(entry, axis=0) for entry in found.values())
        return parts if len(parts) > 1 else parts[0]

    return combined, f"gradient is kept for each sample: its {word} is taken, as the program does"


def _entries(value: Any, program: Program) -> dict[str, Any] | None:
    names = list(program.contract.parameters)
    parts = value if isinstance(value, (tuple, list)) else (value,)
    return dict(zip(names, parts, strict=True)) if len(parts) == len(names) else None


def combination(tree: ast.Module) -> str | None:
    """ "mean" or "sum", whichever the program takes of its own gradient's values; None if none."""
    results = {name for node in ast.walk(tree) for name in _results(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        inside = list(node.args)
        if isinstance(function, ast.Attribute):
            inside.append(function.value)
        if name in COMBINED and any(_is_result(argument, results) for argument in inside):
            return COMBINED[name]
    return None


def _results(node: ast.AST) -> list[str]:
    """The names that an assignment gives to what gradient(...) returned."""
    if not isinstance(node, ast.Assign) or not _asks_gradient(node.value):
        return []
    return [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def _is_result(argument: ast.AST, results: set[str]) -> bool:
    if isinstance(argument, ast.Name):
        return argument.id in results
    if isinstance(argument, ast.Subscript):
        return _is_result(argument.value, results)
    return _asks_gradient(argument)


def _asks_gradient(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    return isinstance(node.func, ast.Name) and node.func.id == "gradient"
