"""How far every entry of the parameters is outside what is allowed: where a mistake sits."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from checks.result import Excess
from reference.contract import Array

MOST_ROWS, MOST_COLUMNS = 24, 48  # of a drawing; larger arrays are shown in tiles
LEVELS = 9
REACH = 16  # orders of magnitude: a float64 cannot be further from what rounding allows


def excesses(
    observed: Mapping[str, Array], expected: Mapping[str, Array], allowed: Mapping[str, Array]
) -> tuple[Excess, ...]:
    """|observed − expected|/allowed of every entry by parameter, as levels on a logarithmic scale.

    Level 0 is within what is allowed; k from 1 to LEVELS is outside by a factor of at most
    10^(REACH k/LEVELS), or by more at the last; what is not finite has the last.  All three are by
    name, in the parameters' shapes.
    """
    return tuple(
        _excess(name, np.asarray(observed[name]), np.asarray(value), allowed[name])
        for name, value in expected.items()
    )


def _excess(name: str, observed: Array, expected: Array, allowed: Array) -> Excess:
    with np.errstate(all="ignore"):
        excess = np.abs(observed - expected) / allowed
        excess = np.where(observed == expected, 0.0, excess)
        level = np.ceil(np.log10(excess) * LEVELS / REACH)
    level = np.where(np.isfinite(excess), np.clip(level, 1, LEVELS), LEVELS)
    level = np.where(excess <= 1, 0, level)
    shape = tuple(int(length) for length in level.shape)
    plane = level.reshape(-1, shape[-1]) if level.ndim > 1 else level.reshape(1, -1)
    tile = (
        max(1, math.ceil(plane.shape[0] / MOST_ROWS)),
        max(1, math.ceil(plane.shape[1] / MOST_COLUMNS)),
    )
    return Excess(name, shape, int(np.count_nonzero(level)), tile, _rows(plane, tile))


def _rows(plane: Array, tile: tuple[int, int]) -> tuple[str, ...]:
    """The worst level of each tile, a digit each."""
    wide = np.pad(plane, [(0, -size % step) for size, step in zip(plane.shape, tile, strict=True)])
    tiles = wide.reshape(wide.shape[0] // tile[0], tile[0], wide.shape[1] // tile[1], tile[1])
    worst = np.max(tiles, axis=(1, 3), initial=0)
    return tuple("".join(str(int(level)) for level in row) for row in worst)
