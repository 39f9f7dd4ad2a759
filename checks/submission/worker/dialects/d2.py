"""D2: a solver that starts at zero; layers as classes with forward and backprop.

A class of this dialect averages over the batch and moves its own weights, or it does not: which
of the two is found by asking twice, once with every sample doubled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..probing import attempt
from ..program import Program
from .dialect import Dialect, Functions, Translation

# A step of this size leaves no room for the old weights to round the derivative away; the upstream
# is taken at a usual rate, where weights that moved too early show as the mistake they are.
HUGE_RATE = 2.0**60
RATE = 1.0
SOLVERS = ("sovleUsingGradient", "solveUsingGradient", "solve_using_gradient")


def _solver(name: str) -> Translation:
    def build(program: Program) -> tuple[Functions, tuple[str, ...]]:
        def update(given: Mapping[str, Any]) -> Any:
            A, y, x = given["A"], given["y"], given["x"]
            moved = program.call(name, A=A, Y=y - A @ x, lr=given["learning_rate"], iters=1)
            return x + np.ravel(moved)

        def predict(given: Mapping[str, Any]) -> Any:
            return given["A"] @ given["x"]

        return {"predict": predict, "update": update}, (
            "one iteration from any x is one from 0 with y - A x in the place of y",
            "A x is formed for it, so that predict and loss say nothing about the program",
        )

    return Translation("linear_system", (name,), build)


def _cross_entropy(program: Program) -> tuple[Functions, tuple[str, ...]]:
    def both(given: Mapping[str, Any]) -> Any:
        loss = program.module.BinaryCrossEntropy()
        return loss.compute_loss_and_gradient(np.copy(given["p"]), np.copy(given["y"]))

    point = program.contract.point()
    twice = {name: np.concatenate([value, value]) for name, value in point.items()}
    once, doubled = attempt(lambda: both(point)[1]), attempt(lambda: both(twice)[1])
    each = is_unchanged(once, doubled)

    def gradient(given: Mapping[str, Any]) -> Any:
        found = both(given)[1]
        return found / len(given["y"]) if each else found

    remark = ("its gradient is that of single samples: divided by N, as its layers do",)
    return {"loss": lambda given: both(given)[0], "gradient": gradient}, remark if each else ()


def _dense(program: Program) -> tuple[Functions, tuple[str, ...]]:
    def forward(given: Mapping[str, Any]) -> Any:
        return layer_of(program, given["W"], given["b"]).forward(given["X"])

    def moved(given: Mapping[str, Any]) -> tuple[Any, Any, Any]:
        return through(program, given["W"], given["b"], given["X"], given["upstream"])

    point = program.contract.point()
    twice = {
        name: np.concatenate([value, value]) if name in ("X", "upstream") else value
        for name, value in point.items()
    }
    once, doubled = attempt(lambda: moved(point)[1]), attempt(lambda: moved(twice)[1])
    averages = is_unchanged(once, doubled)

    def backward(given: Mapping[str, Any]) -> Any:
        dX, dW, db = moved(given)
        count = len(given["X"]) if averages else 1
        return dX, dW * count, db * count

    remark = ("backprop averages over the batch: its slopes are multiplied by N",)
    return {"forward": forward, "backward": backward}, remark if averages else ()


def layer_of(program: Program, W: Any, b: Any, rate: float = RATE) -> Any:
    """A fresh dense layer with these weights."""
    layer = program.module.Dense(*W.shape, rate)
    layer.mat, layer.bias = np.copy(W), np.copy(b)  # a layer may move its own in place
    return layer


def through(program: Program, W: Any, b: Any, X: Any, upstream: Any) -> tuple[Any, Any, Any]:
    """What backprop hands on, and the slopes by which it moves the weights and the bias."""
    layer = layer_of(program, W, b)
    layer.forward(X)
    below = layer.backprop(upstream)
    layer = layer_of(program, W, b, HUGE_RATE)
    layer.forward(X)
    layer.backprop(upstream)
    return below, (W - layer.mat) / HUGE_RATE, (b - layer.bias) / HUGE_RATE


def _perceptron(program: Program) -> tuple[Functions, tuple[str, ...]]:
    """Its layers one after the other, as the document leaves it to its reader to join them."""

    def forward(given: Mapping[str, Any]) -> tuple[list[tuple[Any, Any]], Any]:
        """(each dense layer's input with the sigmoid after it, the prediction)."""
        passed = []
        value = given["X"]
        for n in "123":
            sigmoid = program.module.Sigmoid()
            passed.append((value, sigmoid))
            value = layer_of(program, given[f"W{n}"], given[f"b{n}"]).forward(value)
            value = sigmoid.forward(value)
        return passed, value

    def judged(given: Mapping[str, Any], prediction: Any) -> Any:
        loss = program.module.BinaryCrossEntropy()
        return loss.compute_loss_and_gradient(prediction, given["y"])

    def gradient(given: Mapping[str, Any]) -> Any:
        passed, prediction = forward(given)
        upstream = judged(given, prediction)[1]
        slopes: list[Any] = []
        for n, (value, sigmoid) in zip("321", reversed(passed), strict=True):
            inner = sigmoid.backprop(upstream)
            upstream, dW, db = through(program, given[f"W{n}"], given[f"b{n}"], value, inner)
            slopes = [dW, db, *slopes]
        return tuple(slopes)

    return {
        "predict": lambda given: forward(given)[1],
        "loss": lambda given: judged(given, forward(given)[1])[0],
        "gradient": gradient,
    }, ("its layers are joined in the order of the contract: dense and sigmoid, three times",)


def _sigmoid(program: Program) -> tuple[Functions, tuple[str, ...]]:
    def forward(given: Mapping[str, Any]) -> Any:
        return program.module.Sigmoid().forward(given["z"])

    def backward(given: Mapping[str, Any]) -> Any:
        layer = program.module.Sigmoid()
        layer.forward(given["z"])
        return layer.backprop(given["upstream"])

    return {"forward": forward, "backward": backward}, ()


def is_unchanged(once: Any, doubled: Any) -> bool:
    """Whether doubling every sample leaves the first samples' gradient as it was.

    A sum of two equal halves is twice the half, so nothing between 1 and 2 has to be told apart.
    """
    if once is None or doubled is None:
        return False
    once, doubled = np.asarray(once), np.asarray(doubled)
    if once.ndim and once.shape != doubled.shape:
        doubled = doubled[: len(once)]
    if once.shape != doubled.shape:
        return False
    return bool(np.linalg.norm(doubled - once) < np.linalg.norm(once) / 4)


_ENTROPY = ("BinaryCrossEntropy.compute_loss_and_gradient",)
_DENSE = ("Dense.forward", "Dense.backprop")
_SIGMOID = ("Sigmoid.forward", "Sigmoid.backprop")
D2 = Dialect(
    "D2",
    (
        *(_solver(name) for name in SOLVERS),
        Translation("binary_cross_entropy", _ENTROPY, _cross_entropy),
        Translation("dense", _DENSE, _dense),
        Translation("sigmoid", _SIGMOID, _sigmoid),
        Translation("mlp", _DENSE + _SIGMOID + _ENTROPY, _perceptron),
    ),
)
