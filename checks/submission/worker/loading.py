"""Compiles and runs a submission's file, in the child only.

Many programs train, plot or read files when they are imported.  Such a file is first run as it
is; where that fails or takes too long, a fresh process takes its imports, its definitions, its
literal constants and what these need only; where that fails as well, another goes without the last.
"""

from __future__ import annotations

import ast
import codecs
import os
import sys
import types
from collections.abc import Collection, Iterator
from typing import Any

from .text import printable, type_name

# How much of a file is run, the whole of it first.
WHOLE, NEEDED, DEFINITIONS = "whole", "needed", "definitions"

_LITERAL = (
    ast.Constant,
    ast.Tuple,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.UnaryOp,
    ast.BinOp,
    ast.Name,
    ast.Attribute,
    ast.unaryop,
    ast.operator,
    ast.expr_context,
)


class LoadingError(Exception):
    """A file that could not be compiled or run; the text says where and why."""

    def __init__(self, observed: str, *, retry: bool) -> None:
        super().__init__(observed)
        self.observed = observed
        self.retry = retry


class Missing:
    """Stands for a module or name that could not be loaded; any use says so."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def __getattr__(self, name: str) -> Any:
        raise ImportError(self._reason)

    def __call__(self, *args: object, **keywords: object) -> Any:
        raise ImportError(self._reason)


def load(
    path: str, name: str, extent: str, functions: Collection[str] = ()
) -> tuple[types.ModuleType, list[str]]:
    """The module that the file makes, and notes on what was left out; raises LoadingError.

    extent: WHOLE, NEEDED or DEFINITIONS.  functions: the names that it is loaded for.
    """
    tree = _parse(path)
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    if any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree)):
        module.__package__ = _package(path)
    if extent != WHOLE:
        statements = _selected(tree, functions if extent == NEEDED else None)
        said = "imports, definitions and constants"
        if not all(map(_is_definition, statements)):
            said = "imports, definitions, constants and what these need"
        notes = [f"only its {said} were loaded"]
        return module, notes + _run_definitions(statements, path, module.__dict__)
    try:
        exec(compile(tree, path, "exec"), module.__dict__)
    except BaseException as error:
        raise LoadingError(describe(error, path), retry=True) from error
    for function in _defined_functions(tree):
        if not callable(module.__dict__.get(function)):
            raise LoadingError(f"{function} is no function any more after the file ran", retry=True)
    return module, []


def _package(path: str) -> str:
    """The name of a package that the files of this folder are in, for `from .other import …`."""
    package = types.ModuleType("_submission")  # a name that no file has
    package.__path__ = [os.path.dirname(path)]
    sys.modules[package.__name__] = package
    return package.__name__


def _parse(path: str) -> ast.Module:
    try:
        with open(path, "rb") as file:
            source = file.read()
        if source[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise LoadingError("a file in UTF-16: it has to be saved as UTF-8", retry=False)
        return ast.parse(source, path)
    except SyntaxError as error:
        where = f" in line {error.lineno}" if error.lineno else ""
        raise LoadingError(f"a syntax error{where}: {printable(error.msg)}", retry=False) from error
    except ValueError as error:  # what older Pythons raise for a zero byte
        raise LoadingError(f"a syntax error: {printable(str(error))}", retry=False) from error
    except (RecursionError, MemoryError, OSError) as error:
        text = f"a file that does not compile: {printable(str(error))}"
        raise LoadingError(text, retry=False) from error


def _defined_functions(tree: ast.Module) -> Iterator[str]:
    return (node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def _run_definitions(statements: list[ast.stmt], path: str, names: dict[str, Any]) -> list[str]:
    """Runs statement by statement, and notes what failed; a failure leaves a Missing."""
    from .needs import bound

    notes = []
    for statement in statements:
        single = ast.Module([statement], [])
        try:
            exec(compile(single, path, "exec"), names)
        except BaseException as error:
            reason = f"line {statement.lineno}: {describe(error, '')}"
            if isinstance(statement, (ast.Assign, ast.AnnAssign)):
                continue
            for name in bound(statement):
                names.setdefault(name, Missing(reason))
            notes.append(reason)
    return notes


def _selected(tree: ast.Module, functions: Collection[str] | None) -> list[ast.stmt]:
    """What defines, and with functions to be loaded for also what that needs."""
    from .needs import needed  # seldom needed, as few files do not run

    statements = list(_flat(tree.body))
    kept = [statement for statement in statements if _is_definition(statement)]
    return kept if functions is None else needed(statements, kept, functions)


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those that are tried among them."""
    for statement in body:
        if isinstance(statement, ast.Try):
            yield from _flat(statement.body)
        else:
            yield statement


def _is_definition(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return statement.value is not None and _is_constant(statement.value)
    defining = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return isinstance(statement, defining)


def _is_constant(value: ast.expr) -> bool:
    """Literals, arithmetic on them, names and attributes (np.pi), and lambdas: no calls."""
    if isinstance(value, ast.Lambda):
        return True
    return all(isinstance(node, _LITERAL) for node in ast.walk(value))


def describe(error: BaseException, path: str) -> str:
    """An exception as people read it, with the last line of the submission's file it passed."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    where = f" in line {line}" if line is not None else ""
    try:
        text = printable(str(error))
    except BaseException:
        text = "(its text cannot be shown)"
    name = type_name(error)
    return f"an exception{where}, {name}: {text}" if text else f"an exception{where}, {name}"
