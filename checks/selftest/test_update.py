"""What the question about updates allows: the rounding of a gradient that is computed anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from checks.battery import update
from checks.battery.oracle import Oracle
from checks.candidate import Candidate
from checks.respondent import Local
from checks.result import Verdict
from checks.selftest.mutants.mutant import Function, descending, reference_functions
from checks.selftest.twins.sums import line_expanded
from reference.catalogue import entry
from reference.contract import Array, Case, Role

SEED = 5
LINE = entry("line")


@pytest.fixture
def fitted() -> Case:
    """Data on a line through the origin: there is no residual, and all slopes are rounding."""
    case = next(case for case in LINE.cases(SEED) if case.role is Role.POINT)
    weight = case.parameters["w"]
    data = {**case.data, "y": weight * case.data["X"]}
    return replace(case, data=data, parameters={"w": weight, "b": np.zeros(())})


def verdict(case: Case, gradient: Function) -> Verdict:
    """Of an update by this gradient, beside the right gradient on its own."""
    functions = {**reference_functions("line"), "update": descending("line", gradient)}
    candidate = Candidate("tried", LINE, Local(functions), "twin")
    return update.run(candidate, case, Oracle(LINE, SEED)).verdict


def test_an_update_may_sum_its_gradient_in_another_way(fitted: Case) -> None:
    """With b = 0 at the minimum, b has no size of its own that could cover the rounding."""
    assert verdict(fitted, line_expanded) is Verdict.PASSED


def test_no_more_than_the_rounding_is_allowed_there(fitted: Case) -> None:
    rounding = float(Oracle(LINE, SEED).gradient(fitted)[1]["b"])

    def off(X: Array, y: Array, w: float, b: float) -> tuple[float, float]:
        dw, db = line_expanded(X, y, w, b)
        return dw, db + 2 * rounding

    assert verdict(fitted, off) is Verdict.FAILED
