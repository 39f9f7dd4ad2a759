"""Adam and AdaGrad with replaceable parts, so that a mistake is the replacement of one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from reference.contract import Array

BETAS = (0.9, 0.999)
GUARD = 1e-8


@dataclass(frozen=True)
class Rule:
    """A step rule with replaceable parts, for one parameter; every array has its shape.

    first(m, g) and second(v, g, m): the moments, of which kept(m, v, t) go into the next step.
    numerator(m, g, t) / divisor(size(v, t)): the direction.  start: of the second moment.
    count(t, place, parameters): what counts as step t = 1, 2, … of the parameter at this place.
    rate(learning_rate, t): what multiplies the direction.  largest: v is the largest one so far.
    """

    first: Callable[[Array, Array], Array]
    second: Callable[[Array, Array, Array], Array]
    numerator: Callable[[Array, Array, int], Array]
    size: Callable[[Array, int], Array]
    divisor: Callable[[Array], Array] = lambda size: np.sqrt(size) + GUARD
    kept: Callable[[Array, Array, int], tuple[Array, Array]] = lambda m, v, t: (m, v)
    count: Callable[[int, int, int], int] = lambda t, place, parameters: t
    rate: Callable[[float, int], float] = lambda rate, t: rate
    start: float = 0.0
    largest: bool = False

    def moves(self, gradients: Array, rate: float, place: int, parameters: int) -> Array:
        """What each of k steps adds to the parameter: (k, …), as its gradients are."""
        m, v = np.zeros_like(gradients[0]), np.full_like(gradients[0], self.start)
        top, moves = v, []
        for step, g in enumerate(gradients, start=1):
            t = self.count(step, place, parameters)
            m = self.first(m, g)
            v = self.second(v, g, m)
            top = np.maximum(top, v) if self.largest else v
            direction = self.numerator(m, g, t) / self.divisor(self.size(top, t))
            moves.append(-self.rate(rate, t) * direction)
            m, v = self.kept(m, v, t)
        return np.array(moves)


def adam(beta1: float = BETAS[0], beta2: float = BETAS[1]) -> Rule:
    """Adam as published, with these decay rates."""
    return Rule(
        first=lambda m, g: beta1 * m + (1 - beta1) * g,
        second=lambda v, g, m: beta2 * v + (1 - beta2) * g * g,
        numerator=lambda m, g, t: m / (1 - beta1**t),
        size=lambda v, t: v / (1 - beta2**t),
    )


def adagrad() -> Rule:
    """AdaGrad as published; the first moment is the gradient itself."""
    return Rule(
        first=lambda m, g: g,
        second=lambda v, g, m: v + g * g,
        numerator=lambda m, g, t: m,
        size=lambda v, t: v,
    )


def published(name: str) -> Rule:
    """The published rule of this name, as the mistakes change it; the reference decides."""
    return adam() if name == "adam" else adagrad()


def guarded(guard: float) -> tuple[tuple[str, Callable[[Array], Array]], ...]:
    """The divisors with this guard, beside the root and under it."""
    return (
        ("beside the root", lambda size: np.sqrt(size) + guard),
        ("under the root", lambda size: np.sqrt(size + guard)),
    )


def beside_uncorrected_root(guard: float) -> Rule:
    """Adam with the guard beside √v, before its correction (Kingma and Ba 2015, end of section 2).

    The step is learning_rate · √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε).
    """
    beta1, beta2 = BETAS
    return replace(
        adam(),
        numerator=lambda m, g, t: m * np.sqrt(1 - beta2**t) / (1 - beta1**t),
        size=lambda v, t: v,
        divisor=lambda size: np.sqrt(size) + guard,
    )
