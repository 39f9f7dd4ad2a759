"""What a program is like once names, comments and layout are taken away.

Its syntax tree is read as a sequence of tokens in which every name of its own stands by the order
of its first appearance.  Equal digests mean the same program under other names; shared
fingerprints (the smallest hashes of runs of RUN tokens, Broder 1997) mean shared passages.
"""

from __future__ import annotations

import ast

# hashlib brings along what the start of every worker would pay for.
from _blake2 import blake2b
from collections.abc import Iterator

RUN = 12
FINGERPRINTS = 32
LONGEST = 20_000  # tokens


def likeness(path: str) -> list[str]:
    """The digest of the whole, then its fingerprints, in hexadecimal; [] for what is no program."""
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
        tokens = [token for token, _ in zip(_tokens(tree, {}), range(LONGEST), strict=False)]
    except (SyntaxError, ValueError, RecursionError, MemoryError, OSError):
        return []
    runs = {_hash(tokens[start : start + RUN]) for start in range(max(len(tokens) - RUN, 0) + 1)}
    return [_hash(tokens), *sorted(runs)[:FINGERPRINTS]]


def _tokens(node: ast.AST, names: dict[str, int]) -> Iterator[str]:
    """Kinds of nodes, constants, attributes, and numbers in the place of names."""
    yield type(node).__name__
    for field, value in ast.iter_fields(node):
        if field == "body" and isinstance(value, list):
            value = [one for one in value if not _is_text(one)]
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST):
                yield from _tokens(one, names)
            elif field in ("id", "name", "arg", "asname") and isinstance(one, str):
                yield f"#{names.setdefault(one, len(names))}"
            elif one is not None and field not in ("kind", "type_comment"):
                yield repr(one)
    yield "."


def _is_text(node: ast.AST) -> bool:
    """A docstring, or a text that stands for a comment."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _hash(tokens: list[str]) -> str:
    text = "\n".join(tokens).encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=8).hexdigest()
