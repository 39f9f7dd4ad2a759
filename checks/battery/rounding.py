"""How much two right implementations may differ: rounding, measured and not guessed.

A backward stable implementation gives the exact answer for inputs that are off by a few ε each
(Higham 2002, section 1.5).  So the spread of the reference under tiny relative perturbations of
everything that goes in, scaled to ε, is the difference that rounding alone explains.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.contract import Array, Arrays

EPSILON = float(np.finfo(np.float64).eps)
# Backward errors of a few dozen ε cover sums of the battery's sizes in any order.
MULTIPLE = 64.0
# The perturbation: large enough that the spread is not itself rounding, small enough that
# curvature is invisible (its relative effect is of the order of PERTURBATION).
PERTURBATION = 2.0**-20
# With eight random sign vectors, all of them cancelling at once is out of the question.
DRAWS = 8


def perturbed(arrays: Arrays, rng: np.random.Generator) -> dict[str, Array]:
    """Every number times 1 ± PERTURBATION, at random."""
    return {
        name: value * (1 + PERTURBATION * rng.choice([-1.0, 1.0], size=value.shape))
        for name, value in arrays.items()
    }


def allowed_rounding(
    function: Callable[[Arrays], Array], arrays: Arrays, seed: int, bound: float = 0.0
) -> Array:
    """The rounding that a right implementation of `function` may show, entry by entry.

    MULTIPLE · ε · (|f| + max over DRAWS of |f(perturbed) − f| / PERTURBATION + bound), shape of f.
    Entries far below the others in one array still get the spread that they themselves have.

    bound: of |f| at any input, 0 where there is none.  A small value of such a function may come as
    a difference of large ones, as 1 − σ(−z) does, and keeps their rounding.
    """
    rng = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        value = np.asarray(function(arrays), dtype=np.float64)
        spread = np.zeros_like(value)
        for _ in range(DRAWS):
            moved = np.asarray(function(perturbed(arrays, rng)), dtype=np.float64)
            spread = np.fmax(spread, np.abs(moved - value) / PERTURBATION)
        tiny = np.finfo(np.float64).tiny
        return MULTIPLE * (EPSILON * (np.abs(value) + spread + bound) + tiny)
