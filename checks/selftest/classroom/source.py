"""Writes functions of this process as one file that needs NumPy and SciPy only.

A mutant or twin is a closure over other functions, numbers and the reference; a student hands in
a file.  Each function becomes a factory that binds what the function has around it and returns
it, so that two functions from one place keep apart: `_3 = _make_3()`.
"""

from __future__ import annotations

import ast
import enum
import functools
import importlib
import inspect
import sys
import types
from collections.abc import Callable, Mapping
from textwrap import indent
from typing import Any

import numpy as np

from checks.selftest.mutants.mutant import ENTRIES
from reference.contract import Entry, Variable

OUTSIDE = frozenset({"numpy", "scipy"}) | sys.stdlib_module_names
LITERALS = (bool, int, str, bytes, types.NoneType, types.EllipsisType)


class UnwritableError(Exception):
    """A value that has no source of its own, such as a lock or an open file."""


def source(of: str, functions: Mapping[str, Callable[..., Any]]) -> str:
    """The text of a submission for the model `of` with these functions; raises UnwritableError."""
    writer = _Writer(of)
    last = [f"{name} = {writer.expression(function)}" for name, function in functions.items()]
    return "\n".join([*writer.imports, *writer.definitions, *last, ""])


class _Writer:
    """What has been written so far: imports, and definitions in an order that runs."""

    def __init__(self, of: str) -> None:
        self._of = of
        self._names: dict[int, str] = {}
        self._kept: list[object] = []  # so that no identity is used twice
        self._open: set[int] = set()
        self.imports: list[str] = []
        self.definitions: list[str] = []

    def expression(self, value: Any) -> str:
        """An expression for the value; what it rests on is defined before."""
        if isinstance(value, enum.Enum):
            return f"{self.expression(type(value))}.{value.name}"
        if type(value) in LITERALS:
            return repr(value)
        if isinstance(value, float):
            return repr(float(value)) if np.isfinite(value) else f"float({str(float(value))!r})"
        if isinstance(value, slice):
            return repr(value)
        if type(value) in (tuple, frozenset, set):
            return f"{type(value).__name__}([{', '.join(map(self.expression, value))}])"
        return self._named(value)

    def _named(self, value: Any) -> str:
        """The name of a value that must stay one and the same wherever it is used."""
        if id(value) not in self._names:
            if id(value) in self._open:
                raise UnwritableError(f"{value!r} rests on itself")
            self._open.add(id(value))
            self._kept.append(value)
            self._names[id(value)] = self._defined(value)
        return self._names[id(value)]

    def _defined(self, value: Any) -> str:
        if isinstance(value, types.ModuleType) and not _is_outside(value.__name__):
            return self._assigned(self._namespace(_own_functions(value)))
        if value is ENTRIES:
            return self._assigned(self._mapping({self._of: value[self._of]}))
        if isinstance(value, types.ModuleType):
            name = "_" + value.__name__.replace(".", "_")
            self.imports.append(f"import {value.__name__} as {name}")
            return name
        if isinstance(value, types.FunctionType) and not _is_outside(value.__module__):
            return self._function(value)
        if isinstance(value, enum.EnumMeta) and not _is_outside(value.__module__):
            members = {name: getattr(value, name).value for name in value.__members__}
            return self._assigned(f"{self.expression(enum.Enum)}({value.__name__!r}, {members!r})")
        if type(value) is dict:
            return self._assigned(self._mapping(value))
        if type(value) is list:
            return self._assigned(f"[{', '.join(map(self.expression, value))}]")
        if isinstance(value, functools.partial):
            parts = [value.func, *value.args]
            given = [self.expression(part) for part in parts]
            given += [f"{name}={self.expression(part)}" for name, part in value.keywords.items()]
            return self._assigned(f"{self.expression(functools.partial)}({', '.join(given)})")
        if isinstance(value, (Entry, Variable)):
            return self._assigned(self._namespace(_facts(value)))
        return self._imported(value)

    def _imported(self, value: Any) -> str:
        """Something of NumPy, SciPy or the standard library, found where it says it lives."""
        name = getattr(value, "__name__", "")
        for place in (getattr(value, "__module__", None), "numpy", "scipy.special"):
            if not place or not _is_outside(place):
                continue
            if getattr(importlib.import_module(place), name, None) is value:
                return f"{self._named(sys.modules[place])}.{name}"
        raise UnwritableError(f"{value!r} has no source of its own")

    def _namespace(self, values: Mapping[str, Any]) -> str:
        parts = [f"{name}={self.expression(part)}" for name, part in values.items()]
        return f"{self.expression(types.SimpleNamespace)}({', '.join(parts)})"

    def _mapping(self, values: Mapping[Any, Any]) -> str:
        parts = [f"{self.expression(k)}: {self.expression(v)}" for k, v in values.items()]
        return f"{{{', '.join(parts)}}}"

    def _assigned(self, expression: str) -> str:
        name = f"_{len(self.definitions)}"
        self.definitions.append(f"{name} = {expression}")
        return name

    def _function(self, function: types.FunctionType) -> str:
        node = _bare(_node(function))
        around = inspect.getclosurevars(function)
        used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        bound = {n: function.__globals__[n] for n in sorted(used & set(function.__globals__))}
        bound |= around.nonlocals
        _default(node, function, self.expression)
        lines = [f"{name} = {self.expression(value)}" for name, value in bound.items()]
        if isinstance(node, ast.Lambda):
            lines.append(f"return {ast.unparse(node)}")
        else:
            lines += [ast.unparse(node), f"return {node.name}"]
        name = f"_{len(self.definitions)}"
        body = indent("\n".join(lines), "    ")
        self.definitions.append(f"def _make{name}():\n{body}\n{name} = _make{name}()")
        return name


def _is_outside(module: str) -> bool:
    return module.partition(".")[0] in OUTSIDE


def _own_functions(module: types.ModuleType) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }


def _facts(value: Entry | Variable) -> dict[str, Any]:
    if isinstance(value, Variable):
        return {"name": value.name, "shape": value.shape, "per_sample": value.per_sample}
    facts = "name kind module data parameters reduction parameter_names functions"
    return {fact: getattr(value, fact) for fact in facts.split()}


@functools.cache
def _nodes(file: str) -> tuple[ast.FunctionDef | ast.Lambda, ...]:
    """Every function of a file."""
    with open(file, encoding="utf-8") as text:
        tree = ast.parse(text.read())
    return tuple(n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.Lambda)))


def _node(function: types.FunctionType) -> ast.FunctionDef | ast.Lambda:
    """The syntax of a function: its definition by its line, a lambda by its columns as well."""
    code = function.__code__
    nodes = _nodes(code.co_filename)
    if code.co_name != "<lambda>":
        for node in nodes:
            if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                if first == code.co_firstlineno:
                    if node.decorator_list:
                        raise UnwritableError(f"{function!r} is decorated")
                    return node
        raise UnwritableError(f"{function!r} has no source")
    places = [
        ((line, column), (last, end))
        for line, last, column, end in code.co_positions()
        if None not in (line, last, column, end) and end
    ]
    around = [
        node
        for node in nodes
        if isinstance(node, ast.Lambda)
        and all(_start(node.body) <= start and end <= _end(node.body) for start, end in places)
    ]
    return max(around, key=_start)


def _start(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


def _end(node: ast.AST) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


class _Unannotated(ast.NodeTransformer):
    """Takes types away: they name what a submission does not have."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        self.generic_visit(node)
        return None if node.value is None else ast.Assign([node.target], node.value, lineno=0)


def _bare(node: ast.FunctionDef | ast.Lambda) -> ast.FunctionDef | ast.Lambda:
    """A copy without types, to be changed."""
    text = ast.unparse(node)
    copied = _Unannotated().visit(ast.parse(text).body[0])
    bare = copied.value if isinstance(copied, ast.Expr) else copied
    assert isinstance(bare, (ast.FunctionDef, ast.Lambda)), text
    return bare


def _default(
    node: ast.FunctionDef | ast.Lambda, function: types.FunctionType, write: Callable[[Any], str]
) -> None:
    """Put the values that defaults have now in the place of what they were computed from."""
    given = [ast.parse(write(value), mode="eval").body for value in function.__defaults__ or ()]
    node.args.defaults = list(given)
    named = function.__kwdefaults__ or {}
    node.args.kw_defaults = [
        ast.parse(write(named[arg.arg]), mode="eval").body if arg.arg in named else None
        for arg in node.args.kwonlyargs
    ]
