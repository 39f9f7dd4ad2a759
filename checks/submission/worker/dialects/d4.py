"""D4: line_func(x, w, b), MSE(Y, Yhat) and get_gradient(X, Y, Yhat)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..contract import Call
from ..program import Program
from .dialect import Dialect, Functions, Translation


def _line(program: Program) -> tuple[Functions, tuple[str, ...]]:
    def predict(given: Mapping[str, Any]) -> Any:
        return program.call("line_func", x=given["X"], w=given["w"], b=given["b"])

    def loss(given: Mapping[str, Any]) -> Any:
        return program.call("MSE", Y=given["y"], Yhat=predict(given))

    def gradient(given: Mapping[str, Any]) -> Any:
        return program.call("get_gradient", X=given["X"], Y=given["y"], Yhat=predict(given))

    made: dict[str, Call] = {"predict": predict, "loss": loss, "gradient": gradient}
    return made, ()


_NEEDS = ("line_func", "MSE", "get_gradient")
D4 = Dialect("D4", tuple(Translation(model, _NEEDS, _line) for model in ("line", "multilinear")))
