"""Compiles and runs a submission's file, in the child only.

Many programs train, plot or read files when they are imported.  Such a file is first run as it
is; where that fails or takes too long, a fresh process takes its imports, its definitions and its
literal constants only.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterator
from typing import Any

from .text import printable, type_name

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


def load(path: str, name: str, definitions_only: bool) -> tuple[types.ModuleType, list[str]]:
    """The module that the file makes, and notes on what was left out; raises LoadingError."""
    tree = _parse(path)
    module = types.ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module
    if definitions_only:
        return module, _run_definitions(tree, path, module.__dict__)
    try:
        exec(compile(tree, path, "exec"), module.__dict__)
    except BaseException as error:
        raise LoadingError(describe(error, path), retry=True) from error
    for function in _defined_functions(tree):
        if not callable(module.__dict__.get(function)):
            raise LoadingError(f"{function} is no function any more after the file ran", retry=True)
    return module, []


def _parse(path: str) -> ast.Module:
    try:
        with open(path, "rb") as file:
            source = file.read()
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


def _run_definitions(tree: ast.Module, path: str, names: dict[str, Any]) -> list[str]:
    """Runs what defines and nothing else, statement by statement; a failure leaves a Missing."""
    notes = ["only its imports, definitions and constants were loaded"]
    for statement in _definitions(tree.body):
        single = ast.Module([statement], [])
        try:
            exec(compile(single, path, "exec"), names)
        except BaseException as error:
            reason = f"line {statement.lineno}: {describe(error, '')}"
            for name in _bound_names(statement):
                names.setdefault(name, Missing(reason))
            if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
                notes.append(reason)
    return notes


def _definitions(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(
            statement,
            (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
        ):
            yield statement
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            if statement.value is not None and _is_constant(statement.value):
                yield statement
        elif isinstance(statement, ast.Try):
            yield from _definitions(statement.body)


def _is_constant(value: ast.expr) -> bool:
    """Literals, arithmetic on them, names and attributes (np.pi), and lambdas: no calls."""
    if isinstance(value, ast.Lambda):
        return True
    return all(isinstance(node, _LITERAL) for node in ast.walk(value))


def _bound_names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).partition(".")[0] for alias in statement.names]
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [statement.name]
    return []


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
