"""Draws data and parameters of given sizes for a model.

Every draw has its own generator, derived from the seed, the model's name and the case's name:
no case depends on another, and a new one changes none of the old.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias

import numpy as np

from reference.contract import Array, Variable

# The letters of the shapes and what they are where nobody says otherwise.
# The widths differ from each other, so that no axis can be taken for another unseen.
DEFAULT_SIZES: Mapping[str, int] = {
    "N": 40, "d": 3, "h": 4, "o": 2, "h1": 4, "h2": 2, "m": 12, "n": 3,
}  # fmt: skip

# Models whose y is a class, 0 or 1.
LABELLED = ("binary_cross_entropy", "sigmoid_cross_entropy", "mlp")


@dataclass(frozen=True)
class Signature:
    """A model's name, its module, and the variables that have to be drawn for it."""

    name: str
    module: ModuleType
    data: tuple[Variable, ...]
    parameters: tuple[Variable, ...]


@dataclass(frozen=True)
class Drawn:
    """Data and parameters by name."""

    data: dict[str, Array]
    parameters: dict[str, Array]

    def with_data(self, **changed: Array) -> Drawn:
        """The same with some data exchanged."""
        return Drawn({**self.data, **changed}, self.parameters)

    def with_parameters(self, **changed: Array) -> Drawn:
        """The same with some parameters exchanged."""
        return Drawn(self.data, {**self.parameters, **changed})


Size: TypeAlias = int | tuple[int, ...]
Change: TypeAlias = Callable[[Signature, Drawn], Drawn]


def generator(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for these names: the seed and the names' bytes are its entropy."""
    return np.random.default_rng([seed, *"/".join(names).encode()])


def draw(signature: Signature, rng: np.random.Generator, sizes: Mapping[str, Size]) -> Drawn:
    """Standard draws of all variables: parameters first, then data, then targets.

    sizes: by letter; where any shape will do (...), N is its length, or the whole shape.
    A letter that the model does not have is a ValueError.
    """
    variables = (*signature.parameters, *signature.data)
    letters = dict.fromkeys(
        _letter(axis) for variable in variables for axis in variable.shape if not axis.isdigit()
    )
    unknown = [letter for letter in sizes if letter not in letters]
    if unknown:
        known = ", ".join(letters) or "none"
        raise ValueError(f"{signature.name} has no size {', '.join(unknown)}; its sizes: {known}")

    def shape(variable: Variable) -> tuple[int, ...]:
        lengths: list[int] = []
        for axis in variable.shape:
            size = (
                int(axis)
                if axis.isdigit()
                else sizes.get(_letter(axis), DEFAULT_SIZES[_letter(axis)])
            )
            lengths += size if isinstance(size, tuple) else [size]
        return tuple(lengths)

    targets = _labels if signature.name in LABELLED else _targets
    return Drawn(
        parameters={v.name: _parameter(rng, v, shape(v)) for v in signature.parameters},
        data={
            v.name: targets(rng, shape(v)) if v.name == "y" else _inputs(rng, shape(v))
            for v in signature.data
        },
    )


def _letter(axis: str) -> str:
    return "N" if axis == "..." else axis


def _parameter(rng: np.random.Generator, variable: Variable, shape: tuple[int, ...]) -> Array:
    """A probability, a bias that is never near 0, a scalar, or weights scaled by their inputs."""
    if variable.name == "p":
        return np.asarray(rng.uniform(0.05, 0.95, shape))
    sign = rng.choice([-1.0, 1.0], shape)
    if variable.name.startswith("b"):
        return np.asarray(sign * rng.uniform(0.25, 0.75, shape))
    if not shape:
        return np.asarray(sign * rng.uniform(0.5, 1.5))
    if variable.per_sample:
        return 2 * _inputs(rng, shape)
    weights: Array = rng.standard_normal(shape) * 1.5 / np.sqrt(shape[0])
    return weights


def _inputs(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Inputs of both signs, none so near 0 that it hides its weight."""
    normal = rng.standard_normal(shape)
    return np.asarray(normal + np.copysign(0.2, normal))


def _targets(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Real targets, not centred, of both signs as soon as there are two samples."""
    targets = np.asarray(0.4 + 1.2 * rng.standard_normal(shape))
    if len(targets) > 1:
        targets[0], targets[-1] = np.abs(targets[0]), -np.abs(targets[-1])
    return targets


def _labels(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Classes 0 and 1; both are there as soon as there are two samples."""
    labels = rng.integers(0, 2, shape).astype(np.float64)
    if len(labels) > 1:
        labels[0], labels[-1] = 0.0, 1.0
    return labels
