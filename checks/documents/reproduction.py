"""What reproduces the rows that come out only with a defect, for any implementation handed in.

Every function takes the contract function concerned, spoilt or right, and returns what disagrees
with the row, one sentence each; an empty list means that the row is reproduced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from checks.documents.claim import disagreements
from checks.documents.defects import FORWARD_STEP
from checks.documents.ledger import claim
from checks.engine.scale import EPS
from reference import datasets
from reference.contract import Array
from reference.models import mlp, network, neuron, plane

Function = Callable[..., Any]

# D1's only sample.
INPUT, TARGET = np.array([[0.1]]), np.array([0.3])

# The weights that D3 prints before its first cost.
PRINTED_W1 = np.array(
    [[0.55604015, -1.30425457, -1.51214943], [-0.06828511, -0.63519787, -0.59453199]]
)
PRINTED_W2 = np.array([[-0.09451191], [-2.21387541], [-0.4512179]])


def trained_neuron(gradient: Function, learning_rate: float, steps: int) -> Array:
    """The predictions of D1's neuron from w = 0.5, the start's first, (steps + 1,)."""
    w = np.array([0.5])
    predictions = [neuron.predict(INPUT, w)]
    for _ in range(steps):
        w = w - learning_rate * gradient(INPUT, TARGET, w)
        predictions.append(neuron.predict(INPUT, w))
    return np.concatenate(predictions)


def d1_2(gradient: Function) -> list[str]:
    """The listed gradient is the found part of the right one at w = 0.5."""
    w = np.array([0.5])
    ratio = gradient(INPUT, TARGET, w) / neuron.gradient(INPUT, TARGET, w)
    return disagreements(ratio, claim("D1.2").found)


def d2_6a(backward: Function) -> list[str]:
    """The bias gradient is the sum over the outputs; N = o hides it from a look at the shapes."""
    generator = np.random.default_rng(26)
    X, W = generator.standard_normal((4, 3)), generator.standard_normal((3, 4))
    upstream = generator.standard_normal((4, 4))
    _, _, db = backward(X, W, np.zeros(4), upstream)
    over_outputs = [float(sum(row)) for row in upstream.tolist()]
    allowed = len(db) * EPS * np.sum(np.abs(upstream), axis=1)
    return [
        f"db[{j}] is {db[j]!r}, the sum over the outputs is {over_outputs[j]!r}"
        for j in range(len(db))
        if not abs(db[j] - over_outputs[j]) <= allowed[j]
    ]


def d2_6b(update: Function) -> list[str]:
    """The step differs from the right one below the last layer, by the square of the rate."""
    generator = np.random.default_rng(27)
    shapes = {"W1": (3, 4), "b1": (4,), "W2": (4, 5), "b2": (5,), "W3": (5, 1), "b3": (1,)}
    parameters = {name: generator.standard_normal(shape) for name, shape in shapes.items()}
    X, y = generator.standard_normal((6, 3)), generator.integers(0, 2, (6, 1)).astype(np.float64)

    def gaps(learning_rate: float) -> list[float]:
        spoilt = update(X, y, learning_rate, **parameters)
        right = mlp.update(X, y, learning_rate, **parameters)
        return [float(np.max(np.abs(a - b))) for a, b in zip(spoilt, right, strict=True)]

    # Between 0.1 and 0.05 a gap of second order falls by 4, one of first order by 2: below 3 it
    # is not of second order.  What lies deeper adds third-order terms, which only raise the ratio.
    found = []
    for name, large, small in zip(shapes, gaps(0.1), gaps(0.05), strict=True):
        if name in ("W3", "b3"):
            if large > EPS * float(np.max(np.abs(parameters[name]))):
                found.append(f"the last layer's {name} is off by {large!r}")
        elif not large > 3 * small > 0:
            found.append(f"{name} is off by {large!r} and {small!r} at half the rate")
    return found


def d3_3(update: Function) -> list[str]:
    """2000 steps at 0.001 from the printed start end at the printed w, b and cost."""
    return disagreements(trained_plane(update), claim("D3.3").printed)


def trained_plane(update: Function) -> tuple[float, float, float, float]:
    """(w₁, w₂, b, cost) of D3's plane after its 2000 steps with this update."""
    iris = datasets.normalised(datasets.iris(older=True))
    w, b = np.array([0.080, 0.220]), 0.259
    for _ in range(2000):
        w, b = update(iris.X, iris.y, 0.001, w, b)
    return float(w[0]), float(w[1]), b, plane.loss(iris.X, iris.y, w, b)


def d3_4(loss: Function) -> list[str]:
    """The network with the printed weights costs what is printed."""
    iris = datasets.iris(older=True)
    cost = loss(iris.X, iris.y[:, np.newaxis], PRINTED_W1, PRINTED_W2)
    return disagreements([cost], claim("D3.4").printed)


def random_costs(loss: Function, networks: int = 1000) -> Array:
    """The costs (networks,) of seeded standard-normal 2-3-1 networks on the raw data."""
    iris = datasets.iris(older=True)
    y = iris.y[:, np.newaxis]
    generator = np.random.default_rng(313)
    return np.array(
        [
            loss(iris.X, y, generator.standard_normal((2, 3)), generator.standard_normal((3, 1)))
            for _ in range(networks)
        ]
    )


def d3_13(loss: Function) -> list[str]:
    """The printed cost of an unprinted random network lies in the range of such costs."""
    costs, printed = random_costs(loss), float(claim("D3.13").printed[0])
    if np.min(costs) <= printed <= np.max(costs):
        return []
    return [f"printed {printed}, recomputed costs lie in [{np.min(costs)!r}, {np.max(costs)!r}]"]


def d3_6(gradient: Function) -> list[str]:
    """Every entry of dW2 is off by dJ/dW1[last, last], within the forward difference's error."""
    X, y, W1, W2 = iris_network()
    true_dW1, true_dW2 = network.gradient(X, y, W1, W2)
    _, dW2 = gradient(X, y, W1, W2)
    # The spoilt difference steps along two weights at once, so twice the step's truncation.
    allowed = 2 * forward_difference_error(X, y, W1, W2)
    off = dW2 - true_dW2 - true_dW1[-1, -1]
    return [
        f"dW2{list(place)} is off the expected constant by {float(off[place])!r}"
        for place in np.ndindex(off.shape)
        if not abs(off[place]) <= allowed
    ]


def iris_network() -> tuple[Array, Array, Array, Array]:
    """X, y, W1 and W2 of D3's training set with the printed weights."""
    iris = datasets.normalised(datasets.iris(older=True))
    return iris.X, iris.y[:, np.newaxis], PRINTED_W1, PRINTED_W2


def forward_difference_error(X: Array, y: Array, W1: Array, W2: Array) -> float:
    """A bound on the error of (J(w + h) − J(w))/h for each weight: ½h|J''| + 2·rounding(J)/h.

    J'' is bounded by differences of the reference gradient over a step of 2⁻¹⁰ and doubled; a sum
    of N squares carries at most N·ε of its value.
    """
    curvature, step = 0.0, 2.0**-10
    base = network.gradient(X, y, W1, W2)
    weights: Mapping[str, Array] = {"W1": W1, "W2": W2}
    for position, (name, W) in enumerate(weights.items()):
        for place in np.ndindex(W.shape):
            moved = W.copy()
            moved[place] += step
            there = network.gradient(X, y, **{**weights, name: moved})[position]
            curvature = max(curvature, abs(float(there[place] - base[position][place])) / step)
    rounding = len(y) * EPS * network.loss(X, y, W1, W2)
    return FORWARD_STEP * curvature + 2 * rounding / FORWARD_STEP


REPRODUCTIONS: Mapping[str, Callable[[Function], list[str]]] = {
    "D1.2": d1_2,
    "D2.6a": d2_6a,
    "D2.6b": d2_6b,
    "D3.3": d3_3,
    "D3.4": d3_4,
    "D3.6": d3_6,
    "D3.13": d3_13,
}
