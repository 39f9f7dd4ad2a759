"""From a gradient, a step rule and a start to a trajectory."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from reference.contract import Array, Arrays
from reference.optimisers import Optimiser, Rows, Values, gradient_descent


@dataclass(frozen=True)
class Objective:
    """A loss and its gradient as functions of the parameters by name.

    loss(parameters) → float.  gradient(parameters, rows) → arrays by name, over the samples `rows`,
    or over all of them where rows is None.
    """

    names: tuple[str, ...]
    loss: Callable[[Values], float]
    gradient: Callable[[Values, Rows | None], dict[str, Array]]


@dataclass(frozen=True)
class Trajectory:
    """A descent, at the steps that were kept (the start and the end always are).

    steps (k,): their numbers, 0 for the start.  parameters: by name, (k, *shape) each.
    losses (k,): the loss there.  learning_rate, optimiser: what made it.
    """

    steps: tuple[int, ...]
    parameters: Arrays
    losses: Array
    learning_rate: float
    optimiser: str

    @property
    def start(self) -> dict[str, Array]:
        """The parameters before the first step."""
        return {name: np.asarray(values[0]) for name, values in self.parameters.items()}

    @property
    def end(self) -> dict[str, Array]:
        """The parameters after the last step."""
        return {name: np.asarray(values[-1]) for name, values in self.parameters.items()}


def objective(model: ModuleType, data: Arrays | None = None) -> Objective:
    """The objective of a model (a module of the contract) on given data.

    data: arrays by argument name; each has the samples on its leading axis.  A surface has none.
    """
    held = dict(data or {})
    names = tuple(name for name in inspect.signature(model.gradient).parameters if name not in held)

    def loss(parameters: Values) -> float:
        return float(model.loss(**held, **parameters))

    def gradient(parameters: Values, rows: Rows | None = None) -> dict[str, Array]:
        chosen = held if rows is None else {name: array[rows] for name, array in held.items()}
        answer = model.gradient(**chosen, **parameters)
        parts = answer if isinstance(answer, tuple) else (answer,)
        return dict(zip(names, map(np.asarray, parts), strict=True))

    return Objective(names, loss, gradient)


def descend(
    problem: Objective,
    start: Mapping[str, ArrayLike],
    learning_rate: float,
    steps: int,
    optimiser: Optimiser[Any] = gradient_descent,
    keep_every: int = 1,
) -> Trajectory:
    """Take `steps` steps from `start`; plain gradient descent unless another rule is given.

    start: arrays by name, in any order.  keep_every: every how many steps a point is kept.
    Raises ValueError for other names than the problem's, and for a negative number of steps.
    """
    if set(start) != set(problem.names):
        raise ValueError(
            f"the start needs the parameters {', '.join(problem.names)}, got {', '.join(start)}"
        )
    if steps < 0 or keep_every < 1:
        raise ValueError(f"steps ≥ 0 and keep_every ≥ 1 needed, got {steps} and {keep_every}")
    parameters = {name: np.array(start[name], dtype=np.float64) for name in problem.names}
    state = optimiser.init(parameters)
    kept = [(0, parameters, problem.loss(parameters))]
    for step in range(1, steps + 1):
        gradient = problem.gradient(parameters, optimiser.rows(state))
        parameters, state = optimiser.step(parameters, gradient, state, learning_rate)
        if step % keep_every == 0 or step == steps:
            kept.append((step, parameters, problem.loss(parameters)))
    return Trajectory(
        steps=tuple(step for step, _, _ in kept),
        parameters={
            name: np.stack([point[name] for _, point, _ in kept]) for name in problem.names
        },
        losses=np.array([loss for _, _, loss in kept]),
        learning_rate=learning_rate,
        optimiser=optimiser.name,
    )
