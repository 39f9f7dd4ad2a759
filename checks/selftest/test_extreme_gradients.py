"""Is a gradient that is right only where numbers are ordinary seen, and any other let alone?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from checks.judging.patterns import FINITE_DIFFERENCES
from checks.result import Verdict
from checks.selftest.graded import failed, first_failure, functions, report, verdicts
from reference.catalogue import entry

LINE = entry("line").module
BOWL = entry("bowl").module
LARGE, SMALL = 1e3, 1e-3  # ordinary numbers lie between, data × 1e6 and 1e-6 do not


def clipped(X: Any, y: Any, w: Any, b: Any) -> Any:
    return tuple(float(np.clip(slope, -LARGE, LARGE)) for slope in LINE.gradient(X, y, w, b))


def nothing_for_large_inputs(X: Any, y: Any, w: Any, b: Any) -> Any:
    return LINE.gradient(X, y, w, b) if np.max(np.abs(X)) < LARGE else (0.0, 0.0)


def nothing_for_small_inputs(X: Any, y: Any, w: Any, b: Any) -> Any:
    return LINE.gradient(X, y, w, b) if np.max(np.abs(X)) > SMALL else (0.0, 0.0)


def with_a_floor(X: Any, y: Any, w: Any, b: Any) -> Any:
    return tuple(slope + 1e-15 for slope in LINE.gradient(X, y, w, b))


def by_sums(X: Any, y: Any, w: Any, b: Any) -> Any:
    """Xᵀ X w − Xᵀ y: the same in another order."""
    n = len(X)
    along = w * float(X @ X) + b * float(sum(X)) - float(X @ y)
    return 2 * along / n, 2 * (w * float(sum(X)) + b * n - float(sum(y))) / n


def divided_by_its_weight(X: Any, y: Any, w: Any, b: Any) -> Any:
    dw, db = LINE.gradient(X, y, w, b)
    return dw * np.float64(w) / np.float64(w), db


def with_a_default_weight(X: Any, y: Any, w: Any, b: Any) -> Any:
    return LINE.gradient(X, y, w or 1.0, b)


def update_by_a_clipped_step(X: Any, y: Any, learning_rate: Any, w: Any, b: Any) -> Any:
    dw, db = clipped(X, y, w, b)
    return w - learning_rate * dw, b - learning_rate * db


@pytest.mark.parametrize(
    ("function", "made", "blamed"),
    [
        ("gradient", clipped, {"stability"}),
        ("gradient", nothing_for_large_inputs, {"stability"}),
        ("gradient", nothing_for_small_inputs, {"stability", "vectorised"}),  # of one sample
        ("gradient", divided_by_its_weight, {"stability"}),
        ("gradient", with_a_default_weight, {"stability"}),
        ("update", update_by_a_clipped_step, {"stability"}),
        ("gradient", with_a_floor, set()),
        ("gradient", by_sums, set()),
    ],
)
def test_a_gradient_is_the_same_at_extreme_numbers(
    function: str, made: Callable[..., Any], blamed: set[str]
) -> None:
    graded = report("line", functions("line", **{function: made}))
    assert failed(graded) - {"vectorised"} == blamed - {"vectorised"}
    if "stability" in blamed:
        assert function in first_failure(graded, "stability")


def test_a_surface_has_extremes_too() -> None:
    def gradient(x: Any, y: Any) -> Any:
        return tuple(float(np.clip(slope, -LARGE, LARGE)) for slope in BOWL.gradient(x, y))

    assert failed(report("bowl", functions("bowl", gradient=gradient))) == {"stability"}


def halved(X: Any, y: Any, w: Any, b: Any) -> Any:
    return tuple(slope / 2 for slope in LINE.gradient(X, y, w, b))


def test_a_gradient_that_is_wrong_everywhere_is_another_questions() -> None:
    graded = report("line", functions("line", gradient=halved))
    assert "gradient_reference" in failed(graded)
    assert verdicts(graded, "stability") == {Verdict.PASSED}


def fourth_order(X: Any, y: Any, w: Any, b: Any) -> Any:
    """Differences of fourth order: at ordinary numbers as good as the numerical derivative."""
    h = 1e-3

    def slope(at: Callable[[float], Any]) -> float:
        return float(8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)

    return (
        slope(lambda t: LINE.loss(X, y, w + t, b)),
        slope(lambda t: LINE.loss(X, y, w, b + t)),
    )


@pytest.mark.parametrize("allowed", [False, True], ids=["refused", "allowed"])
def test_a_quotient_within_the_error_bars_runs_out_of_digits(allowed: bool) -> None:
    given = functions("line", gradient=fourth_order)
    graded = report("line", given, allow_finite_differences=allowed)
    assert failed(graded) == (set() if allowed else {"stability"})
    seen = {result.diagnosis.pattern for result in graded.results if result.diagnosis}
    told = {remark for result in graded.results for remark in result.remarks}
    assert allowed or seen == {FINITE_DIFFERENCES.name}
    assert any("difference quotient" in remark for remark in told) is allowed
