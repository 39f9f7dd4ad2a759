"""What is claimed: that one function is the gradient of another at a point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from checks.engine.complex_step import ComplexLosses
from checks.engine.scale import EPS, Array


@dataclass(frozen=True)
class Claim:
    """That `gradient` is the gradient of `losses` at `at`.

    losses: points (m, P) -> losses (m,), one round trip.  gradient: a point (P,) -> (P,).
    at: (P,).  names: one per component, "W1[2, 0]", and "w" for a scalar.
    complex_losses: the same as losses for complex points, where the loss takes them.
    eps: unit roundoff of the precision that the gradient comes in.
    first: the loss at `at` where that was asked already, before anything else.
    """

    losses: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    at: Array
    names: Sequence[str]
    complex_losses: ComplexLosses | None = None
    eps: float = EPS
    first: float | None = None
