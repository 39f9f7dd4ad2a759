"""Makes text from untrusted places safe to show: one line, printable, of bounded length."""

from __future__ import annotations


def printable(text: str, cap: int = 300) -> str:
    """The text on one line without control characters, at most `cap` characters long."""
    one_line = " ".join(text[: 4 * cap].split())
    clean = "".join(c if c.isprintable() else "?" for c in one_line)
    return clean if len(clean) <= cap else clean[: cap - 1] + "…"


def type_name(value: object) -> str:
    """The name of a value's type, at most 60 characters."""
    return printable(str(type.__getattribute__(type(value), "__name__")), 60)
