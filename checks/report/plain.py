"""Makes text that a submission may have chosen harmless: one line, no control characters."""

from __future__ import annotations

import unicodedata

WIDEST = 400

# Control, format (bidirectional overrides), surrogate, line and paragraph separators.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def plain(text: str, widest: int = WIDEST) -> str:
    """The text on one line: unseen characters are written as escapes, the end of a long one cut.

    A newline or tab becomes a space; everything else of the categories in UNSEEN becomes `\\x1b`,
    `\\u202e` and the like, so that no terminal, page or spreadsheet obeys it.
    """
    shown = "".join(_shown(character) for character in text[: widest + 1])
    return shown if len(text) <= widest else shown[:widest] + " …"


def _shown(character: str) -> str:
    if character in "\n\t":
        return " "
    if unicodedata.category(character) in UNSEEN:
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character
