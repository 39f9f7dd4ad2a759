"""The Python of a notebook: its code cells in order, magics left out, outputs ignored.

Nothing is run or compiled here.  A magic is replaced by `pass`, so that line numbers stay.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NOTEBOOK_CAP = 20 << 20  # pictures among the outputs make notebooks large

_MAGIC = re.compile(r"[ \t]*(%{1,2}[A-Za-z]|!|\?|[\w.%]+\?{1,2}\s*$|[\w, ]+=\s*[!%]\s*\w)")
_TIMES_ONLY = frozenset({"%%time", "%%timeit", "%%capture", "%%prun"})
_TOKEN = re.compile(r"\"\"\"|'''|\"|'|#|\\.|[(\[{]|[)\]}]", re.DOTALL)


class NotebookError(Exception):
    """A file that is no notebook with Python in it; the text says what came."""


@dataclass(frozen=True)
class Source:
    """text: all code cells as one file.  cells: how many there are.  magics: lines left out."""

    text: str
    cells: int
    magics: int

    @property
    def note(self) -> str:
        """How the notebook was read, and how its lines are counted."""
        magics = f", {_counted(self.magics, 'line')} of magics left out" if self.magics else ""
        cells = _counted(self.cells, "code cell")
        return f"{cells} read in order{magics}; lines count over all of them"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def read_notebook(data: bytes) -> Source:
    """The Python of a notebook's bytes; NotebookError where there is none."""
    import nbformat  # a tenth of a second, for a notebook only

    reads: Callable[..., Any] = nbformat.reads
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks on old formats, which are read all the same
            notebook = reads(data.decode("utf-8-sig"), as_version=4)
        language = notebook.metadata.get("kernelspec", {}).get("language", "python")
        cells = [str(cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotebookError("a file that is no notebook") from error
    except nbformat.ValidationError as error:
        raise NotebookError("a notebook that breaks its own format") from error
    if str(language).lower() not in ("python", "python3", ""):
        raise NotebookError(f"a notebook in {language}")
    if not any(cell.strip() for cell in cells):
        raise NotebookError("a notebook without a code cell")
    parts = [python_of(cell) for cell in cells]
    magics = sum(count for _, count in parts)
    return Source("\n".join(text for text, _ in parts) + "\n", len(cells), magics)


def python_of(cell: str) -> tuple[str, int]:
    """(the cell with `pass` for each line of a magic, how many lines those are)."""
    lines = cell.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    magic = lines[first].split()[0] if first is not None else ""
    if magic.startswith("%%") and magic not in _TIMES_ONLY:
        return "\n".join("pass" for _ in lines), len(lines)
    kept = []
    magics = 0
    inside = Inside()
    for line in lines:
        if inside.nothing and _MAGIC.match(line):
            kept.append(line[: len(line) - len(line.lstrip())] + "pass")
            magics += 1
        else:
            inside.read(line)
            kept.append(line)
    return "\n".join(kept), magics


class Inside:
    """Whether a line begins inside a string, a bracket or a continued line."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._continued = False

    @property
    def nothing(self) -> bool:
        """Whether a statement can begin here."""
        return not self._quote and self._depth <= 0 and not self._continued

    def read(self, line: str) -> None:
        """Go over one line."""
        for match in _TOKEN.finditer(line):
            token = match.group()
            if self._quote:
                self._quote = "" if token == self._quote else self._quote
                continue
            if token == "#":
                break
            if token[0] in "\"'":
                self._quote = token
            elif token in "([{":
                self._depth += 1
            elif token in ")]}":
                self._depth -= 1
        self._continued = line.endswith("\\")
        if len(self._quote) == 1 and not self._continued:
            self._quote = ""  # an unfinished string ends with its line, as Python has it
