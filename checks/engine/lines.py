"""Lines along which the slopes of a loss are asked for, and the steps that are taken on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from checks.engine.neville import RATIO
from checks.engine.place import Places
from checks.engine.scale import Array, reach

Index = NDArray[np.intp]

# First levels, widest to finest; steps are reach · RATIO^level.  Their table tells some 1e-9 of
# the slope of a loss that bends over its parameters' size, and its rounding, NOISE_MARGIN · ½ε/h,
# is below 1e-8 where a slope is a thousandth of the loss: both are less than TARGET / √1000.
START = (-3, -4, -5, -6)
COARSE_START = (-6, -7, -8)  # where less is to be resolved: with three, 1e-7 of both
TOP, BOTTOM = 1, -31  # widest and finest level
LADDER = RATIO ** np.arange(TOP, BOTTOM - 1.0, -1.0)
# Relative resolution, for one typical component, at which refining stops: an error of 1e-6 then
# still stands out along a direction in which the component has half the usual weight.
TARGET = 4e-7


@dataclass(frozen=True)
class Lines:
    """L lines through K points: which way, and the gradient that is expected there.

    at, size, gradients: (K, P), the points, the typical sizes of the parameters, the gradients.
    of: the point that each line goes through, (L,).  directions: (L, P).
    shift: a factor on all steps.  target: relative resolution, for one typical component, at which
    refining stops, one or (L,); above TARGET for those that start with COARSE_START.
    """

    at: Array
    size: Array
    gradients: Array
    of: Index
    directions: Array
    shift: float = 1.0
    target: float | Array = TARGET

    @classmethod
    def through(
        cls,
        places: Places,
        gradients: Array,
        directions: Array,
        of: Sequence[int] | Index | None = None,
    ) -> Lines:
        """Lines through known places; all through the first where `of` is not given."""
        first = np.zeros(len(directions), dtype=np.intp)
        which = first if of is None else np.asarray(of, dtype=np.intp)
        return cls(places.at, places.size, gradients, which, directions)

    @cached_property
    def reach(self) -> Array:
        """The step along each line at which the parameters have moved by their own size, (L,)."""
        return reach(self.size[self.of], self.directions)

    @cached_property
    def slope(self) -> tuple[Array, Array]:
        """The slopes that are expected, (L,), and how large they are if no terms cancel, (L,)."""
        terms = self.gradients[self.of] * self.directions
        return terms.sum(axis=1), np.sqrt(np.vecdot(terms, terms))

    def take(self, lines: Sequence[int], shift: float = 1.0) -> Lines:
        """Some of the lines, with all steps multiplied by `shift`."""
        rows = list(lines)
        return Lines(
            self.at, self.size, self.gradients, self.of[rows], self.directions[rows], shift
        )

    def part(self, k: int) -> Lines:
        """The lines through one of the points."""
        of = self.of == k
        only = slice(k, k + 1)
        return Lines(
            self.at[only],
            self.size[only],
            self.gradients[only],
            np.zeros(np.count_nonzero(of), dtype=np.intp),
            self.directions[of],
            self.shift,
        )
