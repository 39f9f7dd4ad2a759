"""One function for both: `loss` (or `loss_and_gradient`) that returns the loss and its gradient."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from .contract import Call
from .names import FUNCTIONS, call_by, matched
from .probing import attempt, shape_at
from .program import Program


def from_joint(program: Program) -> tuple[dict[str, Call], list[str]] | None:
    """(loss and gradient, notes) of the first function that returns both; None where none does.

    Such a function is named after a loss and returns pairs, by its own text; that they are a loss
    and a gradient, and in which order, is seen from their shapes at the child's own point.
    """
    contract = program.contract
    if "loss" not in contract.functions:
        return None
    for name, function in program.functions().items():
        takes = matched(function, contract.loss_arguments)
        if takes is None or len(takes) < len(contract.loss_arguments):
            continue
        if name in contract.functions and any(own != said for said, own in takes.items()):
            continue  # the contract's own name with other arguments is a near miss
        if not (_is_named_so(name) and _returns_pairs(program.tree, name)):
            continue
        first = _loss_first(program, function, takes)
        if first is None:
            continue
        order = "(loss, gradient)" if first else "(gradient, loss)"
        parts = _parts(function, takes, first)
        return parts, [f"recognised: {name} returns {order}"]
    return None


def _is_named_so(name: str) -> bool:
    words = name.lower()
    return name in FUNCTIONS["loss"] or (("loss" in words or "cost" in words) and "grad" in words)


def _returns_pairs(tree: ast.Module, name: str) -> bool:
    """Whether every return of this function is a tuple of two or more."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            returned = [r.value for r in ast.walk(node) if isinstance(r, ast.Return)]
            return bool(returned) and all(
                isinstance(value, ast.Tuple) and len(value.elts) > 1 for value in returned
            )
    return False


def _loss_first(
    program: Program, function: Callable[..., Any], takes: Mapping[str, str]
) -> bool | None:
    """Whether the loss comes before the gradient; None where it is not the one and the other."""
    point = program.contract.point()
    value = attempt(lambda: call_by(function, takes, point))
    if not isinstance(value, tuple):
        return None
    for first in (True, False):
        loss, gradient = _split(value, first)
        if shape_at(loss) == () and _is_gradient(program, gradient):
            return first
    return None


def _is_gradient(program: Program, value: Any) -> bool:
    """Whether there is an entry for each parameter, of its shape, in order or by name."""
    shapes = program.contract.shapes()
    names = list(program.contract.parameters)
    if isinstance(value, dict):
        return len(value) == len(names)
    parts = value if isinstance(value, (tuple, list)) and len(names) > 1 else [value]
    return [shape_at(part) for part in parts] == [shapes[name] for name in names]


def _split(value: tuple[Any, ...], first: bool) -> tuple[Any, Any]:
    loss, rest = (value[0], value[1:]) if first else (value[-1], value[:-1])
    return loss, rest[0] if len(rest) == 1 else rest


def _parts(function: Callable[..., Any], takes: Mapping[str, str], first: bool) -> dict[str, Call]:
    def loss(given: Mapping[str, Any]) -> Any:
        return _split(call_by(function, takes, given), first)[0]

    def gradient(given: Mapping[str, Any]) -> Any:
        return _split(call_by(function, takes, given), first)[1]

    return {"loss": loss, "gradient": gradient}
