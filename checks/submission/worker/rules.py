"""Step rules written as a class: init and step are methods, the state goes in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .binding import BindingError, bind
from .contract import Call
from .probing import attempt
from .program import Program


def rule_of_class(program: Program) -> tuple[dict[str, Any], list[str]] | None:
    """(functions, notes) of the first class with all of the rule's methods, None without one.

    Its constants are the defaults of its constructor.
    """
    documented = program.contract.functions
    for name, kind in program.classes().items():
        made = attempt(kind) if all(hasattr(kind, method) for method in documented) else None
        if made is None or not all(_takes(made, *method) for method in documented.items()):
            continue
        functions = {method: _call(kind, method, given) for method, given in documented.items()}
        methods = ", ".join(documented)
        return functions, [
            f"recognised as the class {name} ({methods}), a fresh instance for each call"
        ]
    return None


def _takes(made: Any, method: str, arguments: Sequence[str]) -> bool:
    try:
        bind(getattr(made, method), arguments)
    except (AttributeError, BindingError):
        return False
    return True


def _call(kind: type, method: str, arguments: Sequence[str]) -> Call:
    def call(given: Mapping[str, Any]) -> Any:
        return bind(getattr(kind(), method), arguments)(given)

    return call
