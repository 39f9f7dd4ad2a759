"""Binds the arguments of a contract function by name, whatever form the function has.

Keywords, `**kwargs`, keyword-only arguments, bound methods, callable objects, lambdas, partials
and extra arguments with defaults all bind.  Positional-only arguments take the documented names
that nothing else claims, in the documented order.  `*args` alone names nothing and is refused.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .text import printable


class BindingError(Exception):
    """A signature that the documented names do not fit: what was expected, what came, a hint."""

    def __init__(self, expected: str, observed: str, hint: str = "") -> None:
        super().__init__(f"expected {expected}, got {observed}")
        self.expected = expected
        self.observed = observed
        self.hint = hint


@dataclass(frozen=True)
class Bound:
    """A function with the way to call it: which names by position, which by keyword."""

    function: Callable[..., Any]
    positional: tuple[str, ...]
    keywords: tuple[str, ...]

    def __call__(self, given: Mapping[str, Any]) -> Any:
        """The function's value for arguments by their documented names."""
        ordered = [given[name] for name in self.positional]
        return self.function(*ordered, **{name: given[name] for name in self.keywords})


def bind(function: Callable[..., Any], names: Sequence[str]) -> Bound:
    """How to call the function with exactly these names; raises BindingError with a sentence."""
    expected = f"the arguments {', '.join(names)}"
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (ValueError, TypeError):
        # Some builtins have no signature to read: by position is the only way to call them.
        return Bound(function, tuple(names), ())
    kinds = inspect.Parameter
    by_name = [p for p in parameters if p.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY)]
    takes_rest = any(p.kind is kinds.VAR_KEYWORD for p in parameters)
    named = {p.name for p in by_name}
    nameless = [p for p in parameters if p.kind is kinds.POSITIONAL_ONLY]
    free = [name for name in names if name not in named]
    required = sum(p.default is kinds.empty for p in nameless)
    positional = free[: len(nameless)]
    missing = [] if takes_rest else free[len(positional) :]
    extra = [p.name for p in by_name if p.default is kinds.empty and p.name not in names]
    if missing or extra or len(positional) < required:
        bare = [p.replace(annotation=kinds.empty) for p in parameters]
        observed = str(inspect.Signature(bare))
        if any(p.kind is kinds.VAR_POSITIONAL for p in parameters):
            hint = f"name the arguments instead of *args: {', '.join(names)}"
        else:
            hint = _near_misses(missing, [p.name for p in by_name if p.name not in names])
        raise BindingError(expected, printable(observed), hint)
    keywords = tuple(name for name in names if name not in positional)
    return Bound(function, tuple(positional), keywords)


def _near_misses(missing: Sequence[str], unknown: Sequence[str]) -> str:
    """ "did you mean y where you have Y?" for names that differ by case or by a letter or two."""
    import difflib  # seldom needed, and slow to import

    said = []
    for name in missing:
        close = [other for other in unknown if other.lower() == name.lower()]
        close = close or difflib.get_close_matches(name, unknown, 1)
        if close:
            said.append(f"{name} where you have {close[0]}")
    return f"did you mean {', '.join(said)}?" if said else ""
