"""Step rules, as published: gradient descent in four kinds, AdaGrad, Adam.

Every optimiser is a frozen object with `init(parameters)` → state and
`step(parameters, gradient, state, learning_rate)` → (parameters, state).  Parameters and gradients
are arrays by name, each gradient of its parameter's shape; nothing that is passed in is changed.
`rows(state)` says which samples the next gradient is to be taken over; None means all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.contract import Array

Rows = NDArray[np.intp]
Values = Mapping[str, ArrayLike]
StateT = TypeVar("StateT")


class Optimiser(Protocol[StateT]):
    """What descent needs of a step rule."""

    @property
    def name(self) -> str:
        """The rule's name, for records."""
        ...

    def init(self, parameters: Values) -> StateT:
        """The state before the first step."""
        ...

    def rows(self, state: StateT) -> Rows | None:
        """The samples that the next gradient is taken over; None for all."""
        ...

    def step(
        self, parameters: Values, gradient: Values, state: StateT, learning_rate: float
    ) -> tuple[dict[str, Array], StateT]:
        """The parameters and the state after one step."""
        ...


def _moved(parameters: Values, direction: Mapping[str, Array], by: float) -> dict[str, Array]:
    """parameter + by · direction, name by name."""
    return {
        name: np.asarray(np.asarray(value, dtype=np.float64) + by * direction[name])
        for name, value in parameters.items()
    }


def _arrays(values: Values) -> dict[str, Array]:
    return {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}


def _zeros(values: Values) -> dict[str, Array]:
    return {name: np.zeros(np.shape(value)) for name, value in values.items()}


@dataclass(frozen=True)
class Steepest:
    """parameter ← parameter ∓ learning_rate · gradient, over all samples, without memory.

    sign: −1 descends, +1 ascends, which is descent on −f (D2, D4).
    """

    name: str
    sign: int

    def init(self, parameters: Values) -> None:
        """None: no state is kept."""

    def rows(self, state: None) -> None:
        """None: every gradient is taken over all samples."""

    def step(
        self, parameters: Values, gradient: Values, state: None, learning_rate: float
    ) -> tuple[dict[str, Array], None]:
        """One step along the gradient, all parameters at once."""
        return _moved(parameters, _arrays(gradient), self.sign * learning_rate), None


@dataclass(frozen=True)
class Position:
    """Where a pass over the samples stands: order (N,) of this epoch, and the next place in it."""

    epoch: int
    order: Rows
    next: int


@dataclass(frozen=True)
class Sampled:
    """Descent on a few samples at a time: parameter ← parameter − learning_rate · their gradient.

    Every epoch visits each of the `samples` once, in an order drawn from (seed, epoch), `size` at a
    time; where size does not divide samples the last batch is the smaller rest.
    """

    name: str
    samples: int
    size: int
    seed: int

    def __post_init__(self) -> None:
        if not 1 <= self.size <= self.samples:
            raise ValueError(
                f"{self.name} needs a batch size between 1 and the number of samples, "
                f"got size {self.size} for {self.samples} samples"
            )

    def _epoch(self, epoch: int) -> Position:
        order = np.random.default_rng([self.seed, epoch]).permutation(self.samples)
        return Position(epoch, order, 0)

    def init(self, parameters: Values) -> Position:
        """Epoch 0, before its first batch."""
        return self._epoch(0)

    def rows(self, state: Position) -> Rows:
        """The next `size` samples of this epoch's order."""
        return state.order[state.next : state.next + self.size]

    def step(
        self, parameters: Values, gradient: Values, state: Position, learning_rate: float
    ) -> tuple[dict[str, Array], Position]:
        """One step with the gradient over `rows(state)`; then on to the next batch or epoch."""
        following = state.next + self.size
        if following < self.samples:
            after = Position(state.epoch, state.order, following)
        else:
            after = self._epoch(state.epoch + 1)
        return _moved(parameters, _arrays(gradient), -learning_rate), after


@dataclass(frozen=True)
class AdaGrad:
    """Duchi, Hazan and Singer 2011, the diagonal rule: each entry has its own step.

    G ← G + g²;   parameter ← parameter − learning_rate · g / (δ + √G).
    The state is G: arrays by name, each of its parameter's shape.
    """

    name: str = "adagrad"
    delta: float = 1e-8

    def init(self, parameters: Values) -> dict[str, Array]:
        """G before the first step: zeros in each parameter's shape."""
        return _zeros(parameters)

    def rows(self, state: dict[str, Array]) -> None:
        """None: every gradient is taken over all samples."""

    def step(
        self, parameters: Values, gradient: Values, state: dict[str, Array], learning_rate: float
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """One step along g / (δ + √G), where G has this gradient's squares already."""
        g = _arrays(gradient)
        G = {name: np.asarray(state[name] + g[name] ** 2) for name in g}
        direction = {name: g[name] / (self.delta + np.sqrt(G[name])) for name in g}
        return _moved(parameters, direction, -learning_rate), G


@dataclass(frozen=True)
class Moments:
    """Adam's state: both moments by name, each of its parameter's shape, and the steps taken."""

    first: Mapping[str, Array]
    second: Mapping[str, Array]
    steps: int


@dataclass(frozen=True)
class Adam:
    """Kingma and Ba 2015, algorithm 1: moments of the gradient, corrected for their start at zero.

    m ← β₁m + (1−β₁)g;   v ← β₂v + (1−β₂)g²;   m̂ = m/(1−β₁ᵗ);   v̂ = v/(1−β₂ᵗ);
    parameter ← parameter − learning_rate · m̂ / (√v̂ + ε), with t = 1 at the first step.
    """

    name: str = "adam"
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def init(self, parameters: Values) -> Moments:
        """Both moments before the first step: zeros in each parameter's shape."""
        return Moments(_zeros(parameters), _zeros(parameters), 0)

    def rows(self, state: Moments) -> None:
        """None: every gradient is taken over all samples."""

    def step(
        self, parameters: Values, gradient: Values, state: Moments, learning_rate: float
    ) -> tuple[dict[str, Array], Moments]:
        """One step along m̂ / (√v̂ + ε), where this step counts in t and both moments."""
        g = _arrays(gradient)
        t = state.steps + 1
        first = {
            name: np.asarray(self.beta1 * state.first[name] + (1 - self.beta1) * g[name])
            for name in g
        }
        second = {
            name: np.asarray(self.beta2 * state.second[name] + (1 - self.beta2) * g[name] ** 2)
            for name in g
        }
        direction = {
            name: (first[name] / (1 - self.beta1**t))
            / (np.sqrt(second[name] / (1 - self.beta2**t)) + self.epsilon)
            for name in g
        }
        return _moved(parameters, direction, -learning_rate), Moments(first, second, t)


gradient_descent = Steepest("gradient descent", -1)
gradient_ascent = Steepest("gradient ascent", +1)
adagrad = AdaGrad()
adam = Adam()


def mini_batch(samples: int, size: int, seed: int = 0) -> Sampled:
    """Descent on `size` of the `samples` at a time.  Raises ValueError for an impossible size."""
    return Sampled("mini-batch", samples, size, seed)


def online(samples: int, seed: int = 0) -> Sampled:
    """Descent on one sample at a time (D0).  Raises ValueError where there are no samples."""
    return Sampled("online", samples, 1, seed)
