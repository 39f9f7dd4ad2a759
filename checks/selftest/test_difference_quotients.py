"""When a gradient is called a difference quotient, and when it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checks.battery.difference_quotients import SHARE, STEPS, quotients, recognised
from checks.battery.rounding import EPSILON
from checks.candidate import Candidate, reference_candidate
from checks.selftest.graded import failed, functions, report
from reference.catalogue import CATALOGUE, entry
from reference.contract import Case, Kind
from reference.vectors import flat, unflat

QUADRATIC = ("slope", "line", "plane", "multilinear", "linear_system", "bowl", "parabola")
LITTLE = 2.0**-40  # relative: below the error bars of the numerical derivative
WITH_LOSS = [one.name for one in CATALOGUE if one.kind in (Kind.DATA_MODEL, Kind.SURFACE)]


def at_first_point(model: str) -> tuple[Candidate, Case]:
    """The reference and its first case."""
    one = entry(model)
    return reference_candidate(one), one.cases(0)[0]


@pytest.mark.parametrize("model", QUADRATIC)
def test_an_error_within_the_bars_is_no_quotient(model: str) -> None:
    def gradient(**given: Any) -> Any:
        right = entry(model).module.gradient(**given)
        if isinstance(right, tuple):
            return tuple(part * (1 + LITTLE) for part in right)
        return right * (1 + LITTLE)

    assert failed(report(model, functions(model, gradient=gradient))) <= {"update"}


@pytest.mark.parametrize("model", WITH_LOSS)
def test_the_right_gradient_is_no_quotient_of_another_loss(model: str) -> None:
    candidate, case = at_first_point(model)
    right = candidate.gradient(case)
    documented = unflat(flat(right) * (1 + EPSILON**0.3), case.parameters)
    assert recognised(candidate, case, right, documented) is None


@pytest.mark.parametrize("step", STEPS[2:6])
@pytest.mark.parametrize("model", WITH_LOSS)
def test_a_quotient_is_recognised_with_its_kind_and_step(model: str, step: float) -> None:
    candidate, case = at_first_point(model)
    truth = candidate.gradient(case)
    forward = quotients(candidate, case, step)["forward"]
    off = np.max(np.abs(forward - flat(truth))) / np.max(np.abs(flat(truth)))
    found = recognised(candidate, case, unflat(forward, case.parameters), truth)
    assert found is not None
    assert f"forward difference quotient of your own loss with step {step:.2g}" in found.sentence
    assert found.residual <= SHARE * off
