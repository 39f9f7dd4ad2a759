"""Starts, learning rates and lengths from which plain descent reaches the minimum.

The length follows from theory: near the minimum the error along an eigenvector of the Hessian
with eigenvalue λ shrinks by |1 − learning_rate · λ| a step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, log, pi, sqrt
from typing import TypeAlias

import numpy as np

from reference.contract import Array, Case, Role
from reference.curvature import hessian
from reference.drawing import Drawn, Signature, draw, generator
from reference.teachers import three_samples, two_wide

# How far the error has to shrink by theory, and the room left for the steps it does not cover.
REDUCTION = 1e-10
REDUCTIONS = {"network": 1e-6, "network_biased": 1e-5}  # these are slow: hundreds of steps
MARGIN = 1.1
# An eigenvalue below this share of the largest counts as 0: the loss is flat along it.
FLAT = 1e-5

Maker: TypeAlias = Callable[[Signature, str, np.random.Generator, int], Case]


def descents(signature: Signature, seed: int) -> tuple[Case, ...]:
    """The DESCENT cases of a model; none for a layer, which has no loss of its own."""
    return tuple(
        make(signature, name, generator(seed, signature.name, name), seed)
        for name, make in DESCENTS.get(signature.name, {}).items()
    )


def reduction_of(name: str) -> float:
    """What a model's descents leave, by theory, of the error and of the gradient at their start."""
    return REDUCTIONS.get(name, REDUCTION)


def contraction(rate: float, curvatures: Array) -> float:
    """The slowest factor a step: the largest |1 − rate · λ| over the curvatures (k,) given."""
    return float(np.max(np.abs(1 - rate * curvatures)))


def descent(
    signature: Signature,
    name: str,
    seed: int,
    start: Drawn,
    minimum: Mapping[str, Array],
    share: float,
    first: int = 0,
) -> Case:
    """The case with its rate and length.

    minimum: the parameters there, or near there.  share: the rate as a share of the best fixed
    one, 2/(λmin + λmax).  first: steps before the contraction at the minimum holds.
    """
    at_minimum = hessian(signature, Drawn(start.data, dict(minimum)))
    curvatures = np.asarray(np.linalg.eigvalsh(at_minimum))
    curved = curvatures[curvatures > FLAT * curvatures[-1]]
    rate = share * 2 / float(curved[0] + curved[-1])
    reduction = reduction_of(signature.name)
    steps = first + ceil(MARGIN * log(reduction) / log(contraction(rate, curved)))
    return Case(name, start.data, start.parameters, seed, Role.DESCENT, rate, steps)


def _least_squares(share: float, **sizes: int) -> Maker:
    """Noisy targets of a teacher; the loss is quadratic, so theory holds from the first step."""

    def make(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
        start = draw(signature, rng, sizes)
        teacher = draw(signature, rng, sizes).parameters
        inputs = {key: value for key, value in start.data.items() if key != "y"}
        y = np.asarray(signature.module.predict(**inputs, **teacher))
        start = start.with_data(y=y + 0.2 * rng.standard_normal(y.shape))
        return descent(signature, name, seed, start, teacher, share)

    return make


def _two_wide(radius: float, share: float, **sizes: float) -> Maker:
    def make(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
        start, teacher = two_wide(signature, rng, radius, sizes)
        return descent(signature, name, seed, start, teacher, share, 20)

    return make


def _three_samples(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
    start, teacher = three_samples(signature, rng)
    return descent(signature, name, seed, start, teacher, 0.7, 20)


def _probabilities(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
    """Soft targets: the minimum p = y lies inside (0, 1), and so does every step towards it."""
    y = rng.uniform(0.3, 0.7, 12)
    start = Drawn({"y": y}, {"p": y + rng.uniform(-0.1, 0.1, 12)})
    return descent(signature, name, seed, start, {"p": y}, 0.9, first=5)


def _logits(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
    """Soft targets: the minimum z = ln(y/(1 − y)) is finite."""
    y = rng.uniform(0.2, 0.8, 12)
    z = np.log(y / (1 - y))
    start = Drawn({"y": y}, {"z": z + rng.uniform(-1, 1, 12)})
    return descent(signature, name, seed, start, {"z": z}, 0.9, first=5)


def _surface(share: float, first: int = 0, **ways: tuple[float, tuple[float, float]]) -> Maker:
    """Down a surface: for each coordinate its minimum and the range of its start."""

    def make(signature: Signature, name: str, rng: np.random.Generator, seed: int) -> Case:
        start = Drawn({}, {key: np.asarray(rng.uniform(*way[1])) for key, way in ways.items()})
        minimum = {key: np.asarray(way[0]) for key, way in ways.items()}
        return descent(signature, name, seed, start, minimum, share, first)

    return make


# The sextic's outer minimum and the hump before it.
OUTER = sqrt((5 + sqrt(7)) / 3)
HUMP = sqrt((5 - sqrt(7)) / 3)
# The hill's valleys: x at −π/2 and y at π/2, or the other way round.
LEFT = (-pi / 2, (-2.4, -0.8))
RIGHT = (pi / 2, (0.8, 2.4))

DESCENTS: Mapping[str, Mapping[str, Maker]] = {
    "slope": {"descent": _least_squares(0.6, N=30)},
    "neuron": {"descent": _two_wide(2, 0.9, w=1.5)},
    "linear_system": {"descent": _least_squares(1.0, m=24, n=3)},
    "binary_cross_entropy": {"descent": _probabilities},
    "sigmoid_cross_entropy": {"descent": _logits},
    "mlp": {"descent": _three_samples},
    "line_half_sse": {"descent": _least_squares(0.9, N=30)},
    "plane": {"descent": _least_squares(1.0, N=30)},
    "sigmoid_unit": {"descent": _two_wide(2, 0.9, w=1.5, b=0.4)},
    "network": {"descent": _two_wide(3, 0.75, W1=2, W2=4)},
    "network_biased": {"descent": _two_wide(4, 0.8, W1=2, b1=0.1, W2=5, b2=0.5)},
    "hill": {
        "descent": _surface(0.5, 5, x=LEFT, y=RIGHT),
        "descent_elsewhere": _surface(0.5, 5, x=RIGHT, y=LEFT),
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
