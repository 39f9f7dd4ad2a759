"""What the child is told of a model: its functions, its arguments and their shapes in letters.

No number of the grading side is in it.  Forms are recognised by calling the submission at a point
of the child's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

Call: TypeAlias = Callable[[Mapping[str, Any]], Any]
Shape: TypeAlias = tuple[int, ...]

LEARNING_RATE = "learning_rate"
# Pairwise different, so that a transposed or broadcast answer shows by its shape alone.
SIZES = {"N": 4, "m": 4, "n": 3, "d": 3, "h": 5, "h1": 5, "h2": 6, "o": 2}
ANY_SHAPE = (4, 3)
SEED = 20


class AdapterError(Exception):
    """An adapter that cannot be used with this file; the text says why."""


@dataclass(frozen=True)
class Contract:
    """One model's contract.

    functions: argument names in the documented order, by function.
    data, parameters: shapes in letters, such as ("N", "d"), by name; () for a scalar.
    output: the shape of a prediction in letters, None where the model has none.
    """

    model: str
    functions: Mapping[str, list[str]]
    data: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, tuple[str, ...]]
    output: tuple[str, ...] | None

    @property
    def loss_arguments(self) -> list[str]:
        """The data, then the parameters: what a loss and a gradient are given."""
        return [*self.data, *self.parameters]

    @property
    def sizes(self) -> Iterator[str]:
        """The letters of the parameters' shapes but for the samples', each once, in order."""
        seen = dict.fromkeys(letter for shape in self.parameters.values() for letter in shape)
        return (letter for letter in seen if letter not in ("N", "...") and not letter.isdigit())

    def point(self) -> dict[str, Any]:
        """Data and parameters of one small seeded point, all numbers in (0.2, 0.8)."""
        draw = np.random.default_rng(SEED)
        return {
            name: draw.uniform(0.2, 0.8, shape) if shape else float(draw.uniform(0.2, 0.8))
            for name, shape in self.shapes().items()
        }

    def shapes(self) -> dict[str, Shape]:
        """The shapes of the point, by name."""
        return {name: shape_of(letters) for name, letters in self.variables.items()}

    @property
    def variables(self) -> dict[str, tuple[str, ...]]:
        """Data and parameters together."""
        return {**self.data, **self.parameters}


def shape_of(letters: tuple[str, ...]) -> Shape:
    """Letters as the sizes of the child's own point."""
    if letters == ("...",):
        return ANY_SHAPE
    return tuple(int(letter) if letter.isdigit() else SIZES[letter] for letter in letters)


def read_contract(header: Mapping[str, Any]) -> Contract:
    """The contract as the first frame of the wire describes it."""
    shapes = header["shapes"]
    letters = {
        group: {name: tuple(shape) for name, shape in shapes[group]}
        for group in ("data", "parameters")
    }
    output = shapes["output"]
    return Contract(
        header["name"],
        header["functions"],
        letters["data"],
        letters["parameters"],
        None if output is None else tuple(output),
    )
