"""D0: nn(x, w), loss(y, t), gradient(w, x, t) for each sample, delta_w(w, x, t, learning_rate)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..contract import Call
from ..program import Program
from .dialect import Dialect, Functions, Translation


def _slope(program: Program) -> tuple[Functions, tuple[str, ...]]:
    def predict(given: Mapping[str, Any]) -> Any:
        return program.call("nn", x=given["X"], w=given["w"])

    def loss(given: Mapping[str, Any]) -> Any:
        return program.call("loss", y=predict(given), t=given["y"])

    def gradient(given: Mapping[str, Any]) -> Any:
        each = program.call("gradient", w=given["w"], x=given["X"], t=given["y"])
        return np.mean(each) if np.shape(each) == np.shape(given["y"]) else each

    def update(given: Mapping[str, Any]) -> Any:
        step = program.call(
            "delta_w",
            w_k=given["w"],
            x=given["X"],
            t=given["y"],
            learning_rate=given["learning_rate"],
        )
        return given["w"] - step

    made: dict[str, Call] = {"predict": predict, "loss": loss, "gradient": gradient}
    if program.has("delta_w"):
        made["update"] = update
    return made, ("gradients of single samples are averaged, as delta_w of this dialect does",)


D0 = Dialect("D0", (Translation("slope", ("nn", "loss", "gradient"), _slope),))
