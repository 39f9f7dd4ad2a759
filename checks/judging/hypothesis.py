"""A mistake and what it would have given: the records that diagnosis works with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from checks.engine.scale import Array
from checks.judging.patterns import Pattern

Arrays: TypeAlias = Mapping[str, Array]

# Truth and claim come by different orders of summation; error bars that already allow for it
# lose nothing by this addition, which is far below every mistake.
ROUNDING = 64.0


@dataclass(frozen=True)
class Context:
    """What is known about a claim besides its numbers.

    subject: what is claimed, "gradient", "step", "loss" or "prediction".
    sizes: the length of each axis by its letter; samples: the letter of the samples' axis.
    reduction: "mean", "sum" or "none", how the loss combines its samples.
    parameters: the point, by name.
    alternatives: wrong gradients computed by the caller, by the names in `ALTERNATIVES`,
    with underscores.
    """

    subject: str = "gradient"
    sizes: Mapping[str, int] = field(default_factory=dict)
    samples: str = "N"
    reduction: str = "none"
    learning_rate: float | None = None
    parameters: Arrays = field(default_factory=dict)
    alternatives: Mapping[str, Arrays] = field(default_factory=dict)


@dataclass(frozen=True)
class Hypothesis:
    """A mistake and its consequence.

    predicted: the claim that the mistake would give, by parameter; a parameter that the mistake
    does not touch may be left out.  error: how well that is known, same shapes.
    fitted: how many numbers were taken from the claim itself.  decades: the decimal logarithm of
    how many arrangements were tried.  words: what the sentence needs.
    """

    pattern: Pattern
    predicted: Arrays
    error: Arrays
    fitted: int = 0
    decades: float = 0.0
    factor: float | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def number(value: float) -> str:
    """A number as a sentence has it: whole numbers whole, others to four digits."""
    return str(int(value)) if abs(value) < 1e6 and value == int(value) else f"{value:.4g}"


def scale(array: Array) -> float:
    """The largest absolute value, 0 for an empty array."""
    return float(np.max(np.abs(array), initial=0.0))
