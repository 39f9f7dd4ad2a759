"""Where in the parameters an error sits, as a drawing of every entry and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from checks.report.plain import plain
from checks.result import Excess

CELL = 11  # of the drawing's width and height, in pixels
SHADES = 4  # of the nine levels: more cannot be told apart beside each other
LEVELS = 9


@dataclass(frozen=True)
class Shade:
    """All entries of one shade as a path of unit squares, runs of a row joined."""

    level: int
    path: str


@dataclass(frozen=True)
class Drawing:
    """One parameter: rows × columns unit squares, drawn width × height pixels large.

    lattice: the lines between the squares.
    """

    name: str
    columns: int
    rows: int
    width: int
    height: int
    shades: tuple[Shade, ...]
    lattice: str
    text: str


def drawings(blocks: Sequence[Excess]) -> tuple[Drawing, ...]:
    """A drawing of each parameter, in order; of none where no entry is wrong."""
    if not any(block.wrong for block in blocks):
        return ()
    return tuple(_drawing(block) for block in blocks)


def _drawing(block: Excess) -> Drawing:
    columns, rows = max(map(len, block.rows), default=0), len(block.rows)
    runs: dict[int, list[str]] = {}
    for y, row in enumerate(block.rows):
        for shade, start, length in _runs(row):
            runs.setdefault(shade, []).append(f"M{start} {y}h{length}v1h-{length}z")
    return Drawing(
        plain(block.name),
        columns,
        rows,
        CELL * columns,
        CELL * rows,
        tuple(Shade(shade, "".join(paths)) for shade, paths in sorted(runs.items())),
        _lattice(rows, columns),
        _words(block),
    )


def _lattice(rows: int, columns: int) -> str:
    """The lines between the entries as a path."""
    across = [f"M0 {y}h{columns}" for y in range(1, rows)]
    return "".join(across + [f"M{x} 0v{rows}" for x in range(1, columns)])


def _runs(row: str) -> Iterator[tuple[int, int, int]]:
    """(shade, first column, length) of the equal entries side by side in a row."""
    start = 0
    for shade, run in groupby(_shade(level) for level in row):
        length = len(list(run))
        yield shade, start, length
        start += length


def _shade(level: str) -> int:
    """0 for what is right, else 1 to SHADES."""
    return -(-int(level) * SHADES // LEVELS)


def _words(block: Excess) -> str:
    """What the drawing shows, in words: "W (2, 3): 2 of 6 entries wrong", "b right"."""
    name = plain(block.name)
    if not block.shape:
        return f"{name} wrong" if block.wrong else f"{name} right"
    size = 1
    for length in block.shape:
        size *= length
    shape = ", ".join(map(str, block.shape)) + ("," if len(block.shape) == 1 else "")
    tiles = ""
    if block.tile != (1, 1):
        tiles = f", drawn {block.tile[0]} × {block.tile[1]} entries to a square"
    return f"{name} ({shape}): {block.wrong} of {size} entries wrong{tiles}"
