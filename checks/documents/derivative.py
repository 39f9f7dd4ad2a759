"""Asks the engine whether a formula is the derivative of a loss, parameters by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from checks.judging.claim import Claim
from checks.judging.gradient_check import GradientCheck
from checks.judging.verification import verify
from reference.contract import Array


def check_gradient(
    loss: Callable[..., float], gradient: Callable[..., Any], at: Mapping[str, ArrayLike]
) -> GradientCheck:
    """Whether gradient(**at) is the derivative of loss(**at) in every entry of every parameter."""
    start = {name: np.asarray(value, dtype=np.float64) for name, value in at.items()}
    splits = np.cumsum([value.size for value in start.values()])[:-1]

    def named(point: Array) -> dict[str, Array]:
        parts = np.split(point, splits)
        return {
            name: part.reshape(value.shape)
            for (name, value), part in zip(start.items(), parts, strict=True)
        }

    def flat(answer: Any) -> Array:
        parts = answer if isinstance(answer, tuple) else (answer,)
        return np.concatenate([np.ravel(part) for part in parts])

    names = [
        name + (str(list(place)) if place else "")
        for name, value in start.items()
        for place in np.ndindex(value.shape)
    ]
    claim = Claim(
        losses=lambda points: np.array([loss(**named(point)) for point in points]),
        gradient=lambda point: flat(gradient(**named(point))),
        at=flat(tuple(start.values())),
        names=tuple(names),
    )
    return verify(claim)
