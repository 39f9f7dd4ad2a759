"""A loaded submission as the forms look at it: its functions, its classes and its text."""

from __future__ import annotations

import ast
import inspect
import os
import sys
import types
from collections.abc import Callable
from functools import cached_property
from typing import Any

from .contract import Contract


class Program:
    """One loaded file and the contract of the model that it was handed in for."""

    def __init__(self, module: types.ModuleType, contract: Contract) -> None:
        self.module = module
        self.contract = contract

    @cached_property
    def text(self) -> bytes:
        """The file's bytes, empty where it cannot be read."""
        try:
            with open(str(self.module.__file__), "rb") as file:
                return file.read()
        except OSError:
            return b""

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax tree, empty where it does not parse."""
        try:
            return ast.parse(self.text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return ast.Module([], [])

    def function(self, name: str) -> Callable[..., Any] | None:
        """The module's callable of this name, if it has one."""
        found = vars(self.module).get(name)
        return found if callable(found) else None

    def by_star(self, function: Callable[..., Any]) -> bool:
        """Whether `from numpy import *` or the like brought this: nobody has named it here."""
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                source = sys.modules.get(node.module or "")
                if source is not None and any(v is function for v in vars(source).values()):
                    return not self._beside(source)
        return False

    def _beside(self, module: types.ModuleType) -> bool:
        """Whether a module is a file of the submission's own folder."""
        folder = os.path.dirname(str(self.module.__file__))
        return str(getattr(module, "__file__", "")).startswith(os.path.join(folder, ""))

    def has(self, *names: str) -> bool:
        """Whether the module has callables of all these names; "Dense.forward" is a method."""
        return all(self._has(name) for name in names)

    def _has(self, name: str) -> bool:
        first, _, method = name.partition(".")
        found = self.function(first)
        return found is not None and (not method or callable(getattr(found, method, None)))

    def functions(self) -> dict[str, Callable[..., Any]]:
        """The public functions that the file itself defines, in its order."""
        return {
            name: value
            for name, value in vars(self.module).items()
            if inspect.isfunction(value)
            and value.__module__ == self.module.__name__
            and not name.startswith("_")
        }

    def classes(self) -> dict[str, type]:
        """The classes that the file itself defines, in its order."""
        return {
            name: value
            for name, value in vars(self.module).items()
            if inspect.isclass(value) and value.__module__ == self.module.__name__
        }

    def call(self, function: str, **given: Any) -> Any:
        """Call a function by its arguments' names, or in this order where it has others.

        Tutorials fix the order of arguments and people the names; where the names are there, they
        decide.  Raises NameError where there is no such function.
        """
        there = self.function(function)
        if there is None:
            raise NameError(f"name {function!r} is not defined")
        try:
            own = list(inspect.signature(there).parameters)
        except (ValueError, TypeError):
            own = []
        return there(**given) if set(own) == set(given) else there(*given.values())
