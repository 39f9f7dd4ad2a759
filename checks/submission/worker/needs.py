"""Which assignments of a script its functions cannot do without, such as EPS = np.finfo(float).eps.

A script that trains or plots is not run as a whole, and what it computes is mostly its data.  But
an array, a namedtuple or an object that a function reads belongs to the function.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Collection, Iterable, Sequence


def needed(
    statements: Sequence[ast.stmt], kept: Collection[ast.stmt], functions: Iterable[str]
) -> list[ast.stmt]:
    """The statements that are kept, and the assignments they need, in the order of the file.

    An assignment is needed where it binds a name that a statement kept or needed reads, or one of
    the functions asked for; never where it would take a definition's name for something else, as
    loss = loss(X, y, w, b) does.
    """
    chosen = set(kept)
    wanted = set(functions).union(*map(_reads, chosen))
    defined = {name for one in chosen if _defines(one) for name in bound(one)}
    others = [
        one
        for one in statements
        if isinstance(one, (ast.Assign, ast.AnnAssign)) and one not in chosen
    ]
    grown = True
    while grown:
        grown = False
        for one in others:
            names = bound(one)
            if one not in chosen and names & wanted and not names & defined:
                chosen.add(one)
                wanted |= _reads(one)
                grown = True
    return [one for one in statements if one in chosen]


def bound(statement: ast.stmt) -> set[str]:
    """The names that an import, a definition or an assignment gives a value, or changes."""
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return {node.id for target in targets for node in ast.walk(target) if type(node) is ast.Name}


def _defines(statement: ast.stmt) -> bool:
    """Whether this binds functions, classes or modules."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return isinstance(statement.value, ast.Lambda)
    return True


def _reads(statement: ast.stmt) -> set[str]:
    """The module's names that a statement reads, at once or in the functions that it defines."""
    try:
        table = symtable.symtable(ast.unparse(ast.Module([statement], [])), "", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return set()
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    inner = table.get_children()
    while inner:
        scope = inner.pop()
        names |= {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global()}
        inner += scope.get_children()
    return names
