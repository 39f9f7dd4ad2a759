"""Kinks: where the slopes on the two sides of a point stay apart however small the step."""

from __future__ import annotations

import numpy as np

from checks.engine import neville
from checks.engine.scale import Array

PERSISTENCE = 0.5  # of the jump at steps 4 and 16 times wider: a smooth jump shrinks with the step


def slope_jump(jumps: Array, noise: Array) -> Array:
    """The jump of the slope along each of L lines, 0 where there is none to be seen, shape (L,).

    jumps, noise: (L, R), difference of the one-sided slopes and rounding noise of a slope, the
    step shrinking from column to column; nan where a value is missing.  Looked at with the
    smallest step that resolves it from noise: a kink's jump is then still what it was two steps
    before, where the jump f''h of a smooth loss was 16 times as large.
    """
    size = np.abs(jumps)
    resolved = size > 2 * neville.NOISE_MARGIN * noise  # nan compares as False
    lines, rungs = size.shape
    finest = rungs - 1 - resolved[:, ::-1].argmax(axis=1)
    line = np.arange(lines)
    seen = resolved[line, finest] & (finest >= 2)
    here = size[line, finest]
    before = np.maximum(size[line, finest - 1], size[line, finest - 2])
    return np.where(seen & (here > PERSISTENCE * before), here, 0.0)
