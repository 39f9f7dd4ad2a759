"""Submissions of predict and update alone: the gradient is derived, and the right one is blamed."""

from __future__ import annotations

import pytest

from checks.result import Verdict
from checks.selftest.graded import failed, report
from checks.selftest.mutants.mutant import Function, reference_functions
from checks.selftest.mutants.updates import sequential, weights_before_handing_back
from reference.catalogue import CATALOGUE
from reference.contract import Kind

TRAINED = [entry.name for entry in CATALOGUE if entry.output and entry.kind is Kind.DATA_MODEL]
POLYNOMIAL = ("line", "line_half_sse", "plane", "multilinear")  # in the rate, whatever the order


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


@pytest.mark.parametrize(
    ("model", "update", "pattern"),
    [
        *((model, sequential()(model), "sequential update") for model in POLYNOMIAL),
        ("network", backwards("network"), "sequential update"),
        ("mlp", weights_before_handing_back("mlp"), "weights already updated"),
    ],
    ids=[*POLYNOMIAL, "network backwards", "mlp"],
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
    assert patterns == {pattern}
