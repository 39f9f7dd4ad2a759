"""Submissions of predict and update alone: the gradient is derived, and the right one is blamed."""

from __future__ import annotations

from typing import Any

import pytest

from checks.result import Verdict
from checks.selftest.graded import failed, report
from checks.selftest.mutants.mutant import Function, reference_functions
from checks.selftest.mutants.updates import sequential, weights_before_handing_back
from reference.catalogue import CATALOGUE
from reference.contract import LEARNING_RATE, Kind

TRAINED = [entry.name for entry in CATALOGUE if entry.output and entry.kind is Kind.DATA_MODEL]
SEVERAL = ("line", "line_half_sse", "plane", "multilinear", "sigmoid_unit", "network",
           "network_biased")  # fmt: skip


def without_gradient(model: str, update: Function) -> dict[str, Function]:
    """What a training loop hands in."""
    return {"predict": reference_functions(model)["predict"], "update": update}


def backwards(model: str) -> Function:
    """The last layer moves first, and the one before sees it."""
    return sequential("W2", "W1")(model)


@pytest.mark.parametrize("model", TRAINED)
def test_a_right_update_alone_passes(model: str) -> None:
    functions = without_gradient(model, reference_functions(model)["update"])
    assert failed(report(model, functions)) == set()


@pytest.mark.parametrize("model", ["line", "multilinear", "linear_system"])
def test_an_update_of_a_wrong_gradient_is_blamed_on_the_gradient(model: str) -> None:
    """The sum instead of the mean: steps so long that the parameters grow."""
    mean = reference_functions(model)["update"]

    def update(**given: Any) -> Any:
        return mean(**{**given, LEARNING_RATE: given[LEARNING_RATE] * len(given["y"])})

    graded = report(model, without_gradient(model, update))
    wrong = {"gradient_own", "gradient_reference", "vectorised"}
    assert failed(graded) - {"convergence"} == wrong


@pytest.mark.parametrize(
    ("model", "update", "pattern"),
    [
        *((model, sequential()(model), "sequential update") for model in SEVERAL),
        ("network", backwards("network"), "sequential update"),
        ("mlp", weights_before_handing_back("mlp"), "weights already updated"),
    ],
    ids=[*SEVERAL, "network backwards", "mlp"],
)
def test_an_update_out_of_order_is_blamed_on_the_update(
    model: str, update: Function, pattern: str
) -> None:
    graded = report(model, without_gradient(model, update))
    patterns = {
        result.diagnosis.pattern if result.diagnosis else None
        for result in graded.results
        if result.check == "update" and result.verdict is Verdict.FAILED
    }
    others = {"predict", "loss", "gradient_own", "gradient_reference", "vectorised"}
    assert failed(graded) & {"update", *others} == {"update"}
    assert {pattern} <= patterns <= {pattern, None}
