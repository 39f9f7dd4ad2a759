"""What a dialect is: a document, and how its names make the contract's functions of a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ..contract import Call
from ..program import Program

Functions: TypeAlias = Mapping[str, Call]


@dataclass(frozen=True)
class Translation:
    """One model in one dialect.

    needs: the names that must be there.  build: the contract's functions made of them, and
    remarks on what the translation adds.
    """

    model: str
    needs: tuple[str, ...]
    build: Callable[[Program], tuple[Functions, tuple[str, ...]]]


@dataclass(frozen=True)
class Dialect:
    """The translations of one document."""

    name: str
    translations: tuple[Translation, ...]
