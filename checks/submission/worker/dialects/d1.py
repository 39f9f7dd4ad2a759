"""D1: sigmoid, error and the three factors of the chain, each for one sample of one weight.

The document leaves the sum of products and the product of the factors to its script, so both are
made here; where the script asks for the sigmoid's derivative is read from the script itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..contract import Call
from ..program import Program
from .dialect import Dialect, Functions, Translation

DERIVATIVE = "activation_sop_deriv"


def _neuron(program: Program) -> tuple[Functions, tuple[str, ...]]:
    at_prediction = derivative_at_the_prediction(program.tree)

    def samples(given: Mapping[str, Any]) -> Iterator[tuple[Any, float, float, float]]:
        """(x, target, sum of products, prediction) of each sample."""
        for x, target in zip(given["X"], given["y"], strict=True):
            sop = float(x @ given["w"])
            yield x, float(target), sop, program.call("sigmoid", sop=sop)

    def predict(given: Mapping[str, Any]) -> Any:
        sums = given["X"] @ given["w"]
        return np.array([program.call("sigmoid", sop=float(sop)) for sop in sums])

    def loss(given: Mapping[str, Any]) -> Any:
        return np.mean(
            [program.call("error", predicted=p, target=t) for _, t, _, p in samples(given)]
        )

    def gradient(given: Mapping[str, Any]) -> Any:
        total = np.zeros(len(given["w"]))
        for x, target, sop, predicted in samples(given):
            outer = program.call("error_predicted_deriv", predicted=predicted, target=target)
            inner = program.call(DERIVATIVE, sop=predicted if at_prediction else sop)
            inputs = [program.call("sop_w_deriv", x=float(one)) for one in x]
            total += outer * inner * np.array(inputs)
        return total / len(given["y"])

    def update(given: Mapping[str, Any]) -> Any:
        return program.call(
            "update_w", w=given["w"], grad=gradient(given), learning_rate=given["learning_rate"]
        )

    made: dict[str, Call] = {"predict": predict, "loss": loss, "gradient": gradient}
    if program.has("update_w"):
        made["update"] = update
    place = "the prediction" if at_prediction else "the sum of products"
    return made, (
        "the sum of products is formed for it, the factors are multiplied and averaged",
        f"{DERIVATIVE} is asked at {place}, as its script does",
    )


def derivative_at_the_prediction(tree: ast.Module) -> bool:
    """Whether the file itself hands the sigmoid's own value to the sigmoid's derivative."""
    predictions = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _calls(node.value, "sigmoid")
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    asked = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _calls(node, DERIVATIVE) and node.args
    ]
    return any(
        _calls(argument, "sigmoid")
        or (isinstance(argument, ast.Name) and argument.id in predictions)
        for argument in asked
    )


def _calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


_NEEDS = ("sigmoid", "error", "error_predicted_deriv", DERIVATIVE, "sop_w_deriv")
D1 = Dialect("D1", (Translation("neuron", _NEEDS, _neuron),))
