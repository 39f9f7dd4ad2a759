"""What several cases say together: a fixed divisor is named, a coincidence is withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from checks.battery.across_cases import FIXED_NUMBER, reconsidered
from checks.battery.explain import FACTOR, FACTOR_ERROR
from checks.battery.samples import samples
from checks.candidate import Candidate
from checks.grading import grade, plan
from checks.respondent import Local
from checks.result import CheckResult, Diagnosis, Verdict
from reference.catalogue import entry

SEED = 4
line = entry("line")


def patterns(gradient: Any) -> set[str | None]:
    """The patterns that the gradient questions name for the line with this gradient."""
    given = {"predict": line.module.predict, "loss": line.module.loss, "gradient": gradient}
    report = grade(Candidate("tried", line, Local(given), "mutant"), seed=SEED)
    return {
        result.diagnosis.pattern if result.diagnosis else None
        for result in report.results
        if result.check.startswith("gradient") and result.verdict is Verdict.FAILED
    }


@pytest.mark.parametrize("number", [20, 100])
def test_a_fixed_number_of_samples_is_named(number: int) -> None:
    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        residual = w * X + b - y
        return 2 * float(X @ residual) / number, 2 * float(np.sum(residual)) / number

    assert patterns(gradient) == {FIXED_NUMBER}


@pytest.mark.parametrize(
    ("off", "expected"),
    [(2.0**-44, {FIXED_NUMBER}), (2.0**-30, {"constant factor"})],
    ids=["by rounding", "by more"],
)
def test_a_fixed_number_is_whole_within_its_own_error(off: float, expected: set[str]) -> None:
    """The error of a ratio is that of a measured slope: far below 2⁻³⁰, far above 2⁻⁴⁴."""

    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        residual, number = w * X + b - y, 100 * (1 + off)
        return 2 * float(X @ residual) / number, 2 * float(np.sum(residual)) / number

    assert patterns(gradient) == expected


@pytest.mark.parametrize(
    ("error", "named"),
    [(1e-3, True), (0.4 / 100, True), (0.6 / 100, False), (np.inf, False), (np.nan, False)],
)
def test_an_error_too_large_to_tell_whole_numbers_apart_names_none(
    error: float, named: bool
) -> None:
    """At K = 100 a relative error of half a hundredth reaches half way to the next number."""
    asked = [pair for pair in plan(line, SEED) if pair[0].name == "gradient_own"][:2]
    results = [
        replace(
            result(case.name, None),
            measurements={FACTOR: samples(line, case) / 100, FACTOR_ERROR: error},
        )
        for _, case in asked
    ]
    looked = reconsidered(line, asked, results)
    assert [r.diagnosis is not None for r in looked] == [named, named]


def test_a_fixed_number_is_named_where_there_is_one_parameter() -> None:
    slope = entry("slope")

    def gradient(X: Any, y: Any, w: Any) -> Any:
        return 2 * float(X @ (X * w - y)) / 20

    functions = {"predict": slope.module.predict, "gradient": gradient}
    report = grade(Candidate("tried", slope, Local(functions), "mutant"), seed=SEED)
    failed = [r for r in report.results if r.check == "gradient_own" and r.diagnosis]
    assert {r.diagnosis.pattern for r in failed if r.diagnosis} == {FIXED_NUMBER}


def test_a_sum_for_a_mean_keeps_its_own_name() -> None:
    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        residual = w * X + b - y
        return 2 * float(X @ residual), 2 * float(np.sum(residual))

    assert patterns(gradient) == {"sum instead of mean"}


def test_half_a_sum_for_a_mean_keeps_its_own_name() -> None:
    """With one sample it is no more than a missing factor of 2."""

    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        residual = w * X + b - y
        return float(X @ residual), float(np.sum(residual))

    assert patterns(gradient) == {"half the sum instead of the mean", "factor 2 missing"}


def test_a_division_by_the_outputs_is_no_missing_factor_of_2() -> None:
    """Where o = 2 it is half, where o = 3 and N = 4 it is divided by N - 1 as well."""
    network = entry("network")

    def gradient(X: Any, y: Any, W1: Any, W2: Any) -> Any:
        dW1, dW2 = network.module.gradient(X, y, W1, W2)
        return dW1 / y.shape[1], dW2 / y.shape[1]

    functions = {"loss": network.module.loss, "gradient": gradient}
    report = grade(Candidate("tried", network, Local(functions), "mutant"), seed=SEED)
    failed = [r for r in report.results if r.check == "gradient_own" and r.diagnosis]
    assert {r.diagnosis.pattern for r in failed if r.diagnosis} == {"divided by another size"}


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300, 0.0])
def test_a_gradient_of_any_value_is_answered(value: float) -> None:
    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        return value, value

    assert FIXED_NUMBER not in patterns(gradient)


def result(case: str, pattern: str | None) -> CheckResult:
    """A failed answer of gradient_own at a case of the line."""
    diagnosis = Diagnosis(pattern, "looks like it", None, 0.0, "try it") if pattern else None
    return CheckResult(
        "gradient_own", "tried", "line", case, Verdict.FAILED, hint="try it", diagnosis=diagnosis
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["a", "a", "b"], ["a", "a", None]),
        (["a", None, None], [None, None, None]),
        (["a", "b"], ["a", "b"]),
        (["a"], ["a"]),
        (["a", "a", None, None, None], [None] * 5),
        (["a", "a", None, None], ["a", "a", None, None]),
        (["state left perturbed"] * 2 + [None] * 3, ["state left perturbed"] * 2 + [None] * 3),
        (["a", "a", "b", "b", "b"], ["a", "a", "b", "b", "b"]),
        (["signs only", "signs only", "clipped", "clipped"], [None, None, "clipped", "clipped"]),
        (["signs only", "signs only", "clipped"], [None, None, "clipped"]),
    ],
)
def test_what_one_or_few_cases_suggest_is_withdrawn(
    given: list[str | None], kept: list[str | None]
) -> None:
    asked = [pair for pair in plan(line, SEED) if pair[0].name == "gradient_own"][: len(given)]
    results = [result(case.name, p) for (_, case), p in zip(asked, given, strict=True)]
    looked = reconsidered(line, asked, results)
    assert [r.diagnosis.pattern if r.diagnosis else None for r in looked] == kept
