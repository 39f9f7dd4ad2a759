"""D3: F(X, w, b), weighted_sum(x, w, b), cost, dJdw1, dJdw2, dJdb; Neural_Network, get_gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..contract import Call
from ..program import Program
from .dialect import Dialect, Functions, Translation


def _cost(program: Program, predict: Call) -> Call:
    def loss(given: Mapping[str, Any]) -> Any:
        return program.call("cost", y_pred=predict(given), y_actual=given["y"])

    return loss


def _sum_of(program: Program, given: Mapping[str, Any]) -> list[Any]:
    """The weighted sum of each sample, as the document forms it."""
    return [program.call("weighted_sum", x=x, w=given["w"], b=given["b"]) for x in given["X"]]


def _plane(program: Program) -> tuple[Functions, tuple[str, ...]]:
    def predict(given: Mapping[str, Any]) -> Any:
        if program.has("F"):
            return program.call("F", X=given["X"], w=given["w"], b=given["b"])
        return np.array(_sum_of(program, given))

    def gradient(given: Mapping[str, Any]) -> Any:
        arguments = {name: given[name] for name in ("X", "y", "w", "b")}
        parts = [program.call(name, **arguments) for name in ("dJdw1", "dJdw2", "dJdb")]
        return np.array(parts[:2]), parts[2]

    made: dict[str, Call] = {"predict": predict, "loss": _cost(program, predict)}
    if program.has("dJdw1", "dJdw2", "dJdb"):
        made["gradient"] = gradient
    return made, ()


def _line(program: Program) -> tuple[Functions, tuple[str, ...]]:
    def predict(given: Mapping[str, Any]) -> Any:
        return program.call("F", X=given["X"], m=given["m"], b=given["b"])

    def gradient(given: Mapping[str, Any]) -> Any:
        arguments = {name: given[name] for name in ("X", "y", "m", "b")}
        return program.call("dJdm", **arguments), program.call("dJdb", **arguments)

    return {"predict": predict, "loss": _cost(program, predict), "gradient": gradient}, ()


def _unit(program: Program) -> tuple[Functions, tuple[str, ...]]:
    def predict(given: Mapping[str, Any]) -> Any:
        return np.array([program.call("sigmoid", z=z) for z in _sum_of(program, given)])

    def gradient(given: Mapping[str, Any]) -> Any:
        arguments = {name: given[name] for name in ("X", "y", "w", "b")}
        return program.call("dJdw", **arguments), program.call("dJdb", **arguments)

    made: dict[str, Call] = {"predict": predict, "loss": _cost(program, predict)}
    if program.has("dJdw", "dJdb"):
        made["gradient"] = gradient
    return made, ()


def _network(program: Program) -> tuple[Functions, tuple[str, ...]]:
    def net_of(given: Mapping[str, Any]) -> Any:
        sizes = (*given["W1"].shape, given["W2"].shape[1])
        net = program.module.Neural_Network(*sizes)
        for name in program.contract.parameters:
            setattr(net, name, given[name])
        return net

    def predict(given: Mapping[str, Any]) -> Any:
        return net_of(given).predict(given["X"])

    def gradient(given: Mapping[str, Any]) -> Any:
        return program.call("get_gradient", net=net_of(given), X=given["X"], y=given["y"])

    made: dict[str, Call] = {"predict": predict, "loss": _cost(program, predict)}
    if program.has("get_gradient"):
        made["gradient"] = gradient
    return made, ("each call gets a fresh Neural_Network with the weights set on it",)


D3 = Dialect(
    "D3",
    (
        Translation("line_half_sse", ("F", "cost", "dJdm", "dJdb"), _line),
        Translation("plane", ("F", "cost"), _plane),
        Translation("plane", ("weighted_sum", "cost"), _plane),
        Translation("sigmoid_unit", ("weighted_sum", "sigmoid", "cost"), _unit),
        Translation("network", ("Neural_Network", "cost"), _network),
        Translation("network_biased", ("Neural_Network", "cost"), _network),
    ),
)
