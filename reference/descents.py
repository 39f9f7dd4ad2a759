"""Starts, learning rates and lengths from which plain descent reaches the minimum.

The length follows from theory: near the minimum the error of an eigendirection of the Hessian
with eigenvalue λ shrinks by |1 − learning_rate · λ| a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import asin, ceil, log, sqrt

import numpy as np

from reference.contract import Array, Case, Role
from reference.curvature import hessian
from reference.drawing import Drawn, Signature, draw, generator

# How far the error has to shrink, and the room left for the steps before theory holds.
REDUCTION = 1e-10
MARGIN = 1.1


def contraction(rate: float, curvatures: Array) -> float:
    """The slowest factor a step, the largest of |1 − rate · λ| over the Hessian's eigenvalues."""
    return float(np.max(np.abs(1 - rate * curvatures)))


def descents(signature: Signature, seed: int) -> tuple[Case, ...]:
    """The DESCENT cases of a model; none for a layer, which has no loss of its own."""
    makers = DESCENTS.get(signature.name, {})
    return tuple(
        maker(signature, name, generator(seed, signature.name, name), seed)
        for name, maker in makers.items()
    )


Maker = Callable[[Signature, str, np.random.Generator, int], Case]


def _case(
    signature: Signature,
    name: str,
    seed: int,
    start: Drawn,
    minimum: Mapping[str, Array],
    share: float,
    first: int = 0,
) -> Case:
    """The case with its rate and length.

    share: the rate as a share of the best fixed one, 2/(λmin + λmax) at the minimum.
    first: steps on the way there, before the contraction at the minimum holds.
    """
    at_minimum = hessian(signature, Drawn(start.data, dict(minimum)))
    curvatures = np.asarray(np.linalg.eigvalsh(at_minimum), dtype=np.float64)
    rate = share * 2 / float(curvatures[0] + curvatures[-1])
    steps = first + ceil(MARGIN * log(REDUCTION) / log(contraction(rate, curvatures)))
    return Case(name, start.data, start.parameters, seed, Role.DESCENT, rate, steps)


def _least_squares(share: float, **sizes: int) -> Maker:
    """Noisy targets of a teacher; the loss is quadratic, so theory holds from the first step."""

    def make(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
        start = draw(signature, rng, sizes)
        teacher = draw(signature, rng, sizes).parameters
        inputs = {key: value for key, value in start.data.items() if key != "y"}
        y = np.asarray(signature.module.predict(**inputs, **teacher))
        start = start.with_data(y=y + 0.2 * rng.standard_normal(y.shape))
        return _case(signature, name, seed, start, teacher, share)

    return make


def _teacher(perturbation: float, share: float, first: int, **sizes: int) -> Maker:
    """Exact targets of a teacher; the start is the teacher with its parameters perturbed."""

    def make(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
        drawn = draw(signature, rng, sizes)
        y = np.asarray(signature.module.predict(drawn.data["X"], **drawn.parameters))
        start = drawn.with_data(y=y).with_parameters(
            **{
                key: np.asarray(value + perturbation * rng.standard_normal(value.shape))
                for key, value in drawn.parameters.items()
            }
        )
        return _case(signature, name, seed, start, drawn.parameters, share, first)

    return make


def _probabilities(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
    """Soft targets: the minimum p = y lies inside (0, 1), and so does every step towards it."""
    y = rng.uniform(0.3, 0.7, 12)
    start = Drawn({"y": y}, {"p": y + rng.uniform(-0.1, 0.1, 12)})
    return _case(signature, name, seed, start, {"p": y}, 0.9, first=5)


def _logits(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
    """Soft targets: the minimum z = ln(y/(1 − y)) is finite."""
    y = rng.uniform(0.2, 0.8, 12)
    z = np.log(y / (1 - y))
    start = Drawn({"y": y}, {"z": z + rng.uniform(-1, 1, 12)})
    return _case(signature, name, seed, start, {"z": z}, 0.9, first=5)


def _surface(share: float, first: int = 0, **ways: tuple[float, tuple[float, float]]) -> Maker:
    """Down a surface: for each coordinate its minimum and the range of its start."""

    def make(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
        start = Drawn({}, {key: np.asarray(rng.uniform(*way[1])) for key, way in ways.items()})
        minimum = {key: np.asarray(way[0]) for key, way in ways.items()}
        return _case(signature, name, seed, start, minimum, share, first)

    return make


# The sextic's outer minimum and the hump before it.
OUTER = sqrt((5 + sqrt(7)) / 3)
HUMP = sqrt((5 - sqrt(7)) / 3)
QUARTER = asin(1.0)

DESCENTS: Mapping[str, Mapping[str, Maker]] = {
    "slope": {"descent": _least_squares(0.6, N=30)},
    "neuron": {"descent": _teacher(0.4, 0.7, 20, N=30, d=2)},
    "linear_system": {"descent": _least_squares(1.0, m=24, n=3)},
    "binary_cross_entropy": {"descent": _probabilities},
    "sigmoid_cross_entropy": {"descent": _logits},
    "line_half_sse": {"descent": _least_squares(0.9, N=30)},
    "plane": {"descent": _least_squares(1.0, N=30)},
    "sigmoid_unit": {"descent": _teacher(0.4, 0.7, 20, N=30, d=2)},
    "hill": {
        "descent": _surface(0.5, 5, x=(-QUARTER, (-2.4, -0.8)), y=(QUARTER, (0.8, 2.4))),
        "descent_elsewhere": _surface(0.5, 5, x=(QUARTER, (0.8, 2.4)), y=(-QUARTER, (-2.4, -0.8))),
    },
    "parabola": {"descent": _surface(0.4, x=(0.0, (1.0, 3.0)))},
    "sextic": {
        "descent": _surface(0.5, 20, x=(OUTER, (HUMP + 0.05, HUMP + 0.2))),
        "descent_left": _surface(0.5, 20, x=(-OUTER, (-HUMP - 0.2, -HUMP - 0.05))),
        "descent_inside": _surface(0.4, 20, x=(0.0, (HUMP - 0.2, HUMP - 0.05))),
    },
    "bowl": {
        "descent": _surface(1.0, x=(0.0, (1.0, 3.0)), y=(0.0, (-3.0, -1.0))),
        "descent_oscillating": _surface(1.1, x=(0.0, (-3.0, -1.0)), y=(0.0, (1.0, 3.0))),
    },
    "line": {"descent": _least_squares(0.9, N=30)},
    "multilinear": {"descent": _least_squares(1.0, N=30, d=3)},
}
