"""A cross-entropy for labels 0 and 1 alone, as np.where(y == 1, …) writes it, is not blamed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from checks.result import Verdict
from checks.selftest.graded import Functions, failed, report, verdicts
from reference.catalogue import entry

MODELS = ("binary_cross_entropy", "sigmoid_cross_entropy", "mlp")
READINGS = {
    "above one half": lambda y: np.where(y > 0.5, 1.0, 0.0),
    "equal to 1": lambda y: np.where(y == 1, 1.0, 0.0),
    "not equal to 0": lambda y: np.where(y == 0, 0.0, 1.0),
}


def reading(model: str, labels: Callable[[Any], Any], factor: float = 1.0) -> Functions:
    """The reference's loss and gradient, of labels that are read off the targets."""
    module = entry(model).module

    def loss(**given: Any) -> Any:
        return module.loss(**{**given, "y": labels(given["y"])})

    def gradient(**given: Any) -> Any:
        found = module.gradient(**{**given, "y": labels(given["y"])})
        return tuple(factor * part for part in found) if model == "mlp" else factor * found

    return {"loss": loss, "gradient": gradient}


@pytest.mark.parametrize("labels", READINGS.values(), ids=READINGS)
@pytest.mark.parametrize("model", MODELS)
def test_targets_taken_for_labels_are_undecided(model: str, labels: Callable[[Any], Any]) -> None:
    graded = report(model, reading(model, labels))
    assert failed(graded) == set()
    assert verdicts(graded, "convergence") == {Verdict.UNDECIDED}


def test_what_leaves_targets_in_between_out_is_undecided() -> None:
    def loss(y: Any, p: Any) -> float:
        return float(np.mean(np.where(y == 1, -np.log(p), 0) - np.where(y == 0, np.log(1 - p), 0)))

    def gradient(y: Any, p: Any) -> Any:
        return (np.where(y == 0, 1 / (1 - p), 0) - np.where(y == 1, 1 / p, 0)) / len(y)

    graded = report("binary_cross_entropy", {"loss": loss, "gradient": gradient})
    assert failed(graded) == set()
    assert verdicts(graded, "convergence") == {Verdict.UNDECIDED}


@pytest.mark.parametrize("model", MODELS)
def test_a_wrong_gradient_of_labels_fails(model: str) -> None:
    graded = report(model, reading(model, np.round, factor=-1.0))
    assert {"gradient_own", "gradient_reference", "convergence"} <= failed(graded)


def test_no_gradient_at_all_fails() -> None:
    graded = report(
        "binary_cross_entropy",
        {"loss": entry("binary_cross_entropy").module.loss, "gradient": lambda y, p: 0 * p},
    )
    assert verdicts(graded, "convergence") == {Verdict.FAILED}
