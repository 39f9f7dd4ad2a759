"""What a worker is told of a model beyond its functions: names and shapes in letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reference.contract import Entry, Kind, Variable

NO_SHAPES: Mapping[str, Any] = {"data": [], "parameters": [], "output": None}


def letters(entry: Entry) -> dict[str, Any]:
    """The shapes of data, parameters and output; empty for a step rule, which takes any."""
    if entry.kind is Kind.STEP_RULE:
        return dict(NO_SHAPES)
    return {
        "data": _listed(entry.data),
        "parameters": _listed(entry.parameters),
        "output": list(entry.output.shape) if entry.output else None,
    }


def _listed(variables: Sequence[Variable]) -> list[list[Any]]:
    return [[variable.name, list(variable.shape)] for variable in variables]
