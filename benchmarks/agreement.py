"""Do two implementations compute the same?  Asked before and after anything is timed.

The bound is a backward error: summing n terms in any order gives the exact answer to data that are
off by at most n·ε (Higham 2002, section 4.2).  So both answers may differ by what such a change of
the inputs does to them, and that is measured, whatever the function is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.contract import Array

# Two answers, each as far from the exact one as a change of the inputs allows, and a sample of
# random changes that stands for the worst one.
SIDES_AND_SAMPLING = 2 * 2
CHANGES = 3


@dataclass(frozen=True)
class Agreed:
    """Whether two answers are the same up to rounding.

    gap: the largest difference in units of what rounding allows; at most 1 when they agree.
    where: the part that holds it ("shape" or "type" where they cannot be compared).
    """

    gap: float
    where: str = ""

    def __bool__(self) -> bool:
        return self.gap <= 1

    @property
    def sentence(self) -> str:
        """The disagreement as people read it."""
        if np.isinf(self.gap):
            return f"in {self.where}, beyond any rounding"
        return f"in {self.where}, by {self.gap:.3g} times what rounding explains"


def parts(answer: object) -> list[Array]:
    """An answer as the list of its arrays."""
    several = answer if isinstance(answer, (tuple, list)) else (answer,)
    if isinstance(answer, dict):
        several = tuple(answer.values())
    arrays = [np.asarray(part) for part in several]
    return [part if part.dtype.kind == "f" else part.astype(np.float64) for part in arrays]


def rounding_allowance(
    function: Callable[..., object], arguments: Mapping[str, Any]
) -> list[float]:
    """For each part of the answer, how far rounding may move an entry: max norm, absolute."""
    terms = max(axis for value in arguments.values() for axis in (1, *np.shape(value)))
    exact = parts(function(**arguments))
    epsilon = max(float(np.finfo(part.dtype).eps) for part in exact)
    random = np.random.default_rng(0)
    allowed = [epsilon * _size(part) for part in exact]
    for _ in range(CHANGES):
        changed = {
            name: value * (1 + terms * epsilon * _signs(random, np.shape(value)))
            for name, value in arguments.items()
        }
        for index, part in enumerate(parts(function(**changed))):
            moved = SIDES_AND_SAMPLING * _size(part - exact[index])
            allowed[index] = max(allowed[index], moved)
    return allowed


def agree(answer: object, other: object, allowance: list[float]) -> Agreed:
    """Compares two answers to the same question, entry by entry, with a `rounding_allowance`."""
    left, right = parts(answer), parts(other)
    if [part.shape for part in left] != [part.shape for part in right]:
        return Agreed(float("inf"), "shape")
    worst = Agreed(0.0)
    for index, allowed in enumerate(allowance):
        gap = _size(left[index] - right[index])
        units = gap / allowed if allowed else (0.0 if gap == 0 else float("inf"))
        if not units <= worst.gap:  # a NaN is a disagreement too
            worst = Agreed(float("inf") if np.isnan(units) else units, f"part {index}")
    return worst


def _signs(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.int8]:
    return 1 - 2 * random.integers(0, 2, shape, dtype=np.int8)


def _size(part: Array) -> float:
    return float(np.max(np.abs(part))) if part.size else 0.0
