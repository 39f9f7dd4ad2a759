"""The five dialects, top to bottom, and the search for the one that a program is written in."""

from __future__ import annotations

from ..contract import Call
from ..program import Program
from .d0 import D0
from .d1 import D1
from .d2 import D2
from .d3 import D3
from .d4 import D4
from .dialect import Dialect

DIALECTS: tuple[Dialect, ...] = (D0, D1, D2, D3, D4)


def spoken(program: Program, only: str | None = None) -> tuple[dict[str, Call], list[str]] | None:
    """(functions, notes) in the first dialect whose names for this model are all there."""
    for dialect in DIALECTS:
        for translation in dialect.translations:
            if only not in (None, dialect.name) or translation.model != program.contract.model:
                continue
            if program.has(*translation.needs):
                made, remarks = translation.build(program)
                names = ", ".join(translation.needs)
                return dict(made), [f"recognised as code along {dialect.name} ({names})", *remarks]
    return None


def wanted(name: str, model: str) -> list[str]:
    """The names that one dialect needs for this model; none where it does not have the model."""
    return [
        ", ".join(translation.needs)
        for dialect in DIALECTS
        if dialect.name == name
        for translation in dialect.translations
        if translation.model == model
    ]
