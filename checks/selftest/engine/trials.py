"""Random right claims under stress, and the same claims made wrong by a known amount."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import minimize

from checks.engine.scale import EPS, EPS_SINGLE, Array
from checks.judging.claim import Claim
from checks.selftest.engine.losses import FAMILIES, Drawn, Family, Numbers, ripple


@dataclass(frozen=True)
class Trial:
    """A right claim, what it was drawn as, and the seed that draws it again."""

    claim: Claim
    family: str
    stress: str
    seed: int

    def __str__(self) -> str:
        return f"trial({self.seed}): {self.family}, {self.stress}"


def as_drawn(drawn: Drawn, rng: np.random.Generator) -> Drawn:
    """No stress."""
    return drawn


def rescaled(drawn: Drawn, rng: np.random.Generator) -> Drawn:
    """Parameters measured in other units, all of them: 1e-8 to 1e8 times as large."""
    return _in_units(drawn, np.full(len(drawn[2]), 10 ** rng.uniform(-8, 8)))


def uneven(drawn: Drawn, rng: np.random.Generator) -> Drawn:
    """Every parameter in its own unit, 1e-2 to 1e2."""
    return _in_units(drawn, 10 ** rng.uniform(-2, 2, len(drawn[2])))


def _in_units(drawn: Drawn, unit: Array) -> Drawn:
    losses, gradient, at = drawn
    return (
        lambda points: losses(points / unit.astype(points.dtype)),
        lambda point: gradient(point / unit.astype(point.dtype)) / unit.astype(point.dtype),
        at * unit,
    )


def enlarged(drawn: Drawn, rng: np.random.Generator) -> Drawn:
    """The loss times 1e-8 to 1e8."""
    losses, gradient, at = drawn
    factor = 10 ** rng.uniform(-8, 8)
    return lambda points: factor * losses(points), lambda point: factor * gradient(point), at


def lifted(drawn: Drawn, rng: np.random.Generator) -> Drawn:
    """A constant up to 1e6 added to the loss, which drowns its low digits."""
    losses, gradient, at = drawn
    constant = 10 ** rng.uniform(0, 6)
    return lambda points: losses(points) + constant, gradient, at


def far(drawn: Drawn, rng: np.random.Generator) -> Drawn:
    """Parameters 3 to 30 times as large: saturated, where there is something to saturate."""
    losses, gradient, at = drawn
    return losses, gradient, at * 10 ** rng.uniform(0.5, 1.5)


def near_origin(drawn: Drawn, rng: np.random.Generator) -> Drawn:
    """Parameters 1e-8 to 1 times as large, without a change of units."""
    losses, gradient, at = drawn
    return losses, gradient, at * 10 ** rng.uniform(-8, 0)


def with_zeros(drawn: Drawn, rng: np.random.Generator) -> Drawn:
    """Some parameters exactly 0, as biases are at the start."""
    losses, gradient, at = drawn
    return losses, gradient, np.where(rng.uniform(size=len(at)) < 0.3, 0.0, at)


def near_minimum(drawn: Drawn, rng: np.random.Generator) -> Drawn:
    """Part of the way to a minimum, to 1 … 1e-10 of the distance."""
    losses, gradient, at = drawn

    def loss(w: Array) -> float:
        return float(losses(w[None, :])[0])

    with np.errstate(all="ignore"):
        found = minimize(loss, at, jac=gradient, options={"maxiter": 60}).x
    left = 10 ** rng.uniform(-10, 0)
    return losses, gradient, found + left * (at - found)


STRESSES: tuple[Callable[[Drawn, np.random.Generator], Drawn], ...] = (
    as_drawn,
    rescaled,
    uneven,
    enlarged,
    lifted,
    far,
    near_origin,
    with_zeros,
    near_minimum,
)
SINGLE_SHARE = 0.15  # of the trials whose loss and gradient work in float32


def trial(seed: int, families: tuple[Family, ...] = FAMILIES) -> Trial:
    """The right claim of this seed: a family, a stress and a precision, drawn at random."""
    rng = np.random.default_rng([seed, 3])
    family = families[rng.integers(len(families))]
    stress = STRESSES[rng.integers(len(STRESSES))]
    losses, gradient, at = stress(family(rng), rng)
    # A ripple smaller than the rounding of the loss it is part of cannot be seen in the loss.
    single = bool(rng.uniform() < SINGLE_SHARE) and family is not ripple
    if single:
        at = at.astype(np.float32).astype(np.float64)
    return Trial(
        Claim(
            _in_precision(losses, np.float32 if single else np.float64),
            _in_precision(gradient, np.float32 if single else np.float64),
            at,
            tuple(f"w[{k}]" for k in range(len(at))),
            eps=EPS_SINGLE if single else EPS,
        ),
        family.__name__,
        stress.__name__ + (" in float32" if single else ""),
        seed,
    )


@dataclass(frozen=True)
class Mistake:
    """A change of a right gradient, of a given size relative to its largest component.

    margin: how many times the resolution the change must be to be seen for certain.  Resolution
    speaks of single components; errors of all components may partly cancel along a direction.
    """

    name: str
    apply: Callable[[Array, float, int], Array]
    margin: float


def _one_off(g: Array, size: float, k: int) -> Array:
    wrong = g.copy()
    wrong[k % len(g)] += size * np.max(np.abs(g))
    return wrong


MISTAKES: tuple[Mistake, ...] = (
    Mistake("one component off", _one_off, 10.0),
    Mistake("every component times a factor", lambda g, size, k: g * (1 + size), 1000.0),
    Mistake("a constant added", lambda g, size, k: g + size * np.max(np.abs(g)), 1000.0),
)


def mistaken(right: Trial, mistake: Mistake, resolution: float) -> Claim:
    """The claim of a trial, made wrong by `margin` times its resolution, up or down."""
    rng = np.random.default_rng([right.seed, 9])
    size = float(rng.choice([-1, 1])) * mistake.margin * resolution
    k = int(rng.integers(len(right.claim.at)))
    gradient = right.claim.gradient
    return replace(right.claim, gradient=lambda at: mistake.apply(gradient(at), size, k))


def _in_precision(
    function: Callable[[Numbers], Any], dtype: type[np.floating[Any]]
) -> Callable[[Array], Array]:
    """The function computed in this precision, in and out as float64."""

    def computed(points: Array) -> Any:
        with np.errstate(all="ignore"):
            return function(points.astype(dtype)).astype(dtype).astype(np.float64)

    return computed
