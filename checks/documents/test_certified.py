"""Are the certified sets what they claim to be, and does the reference model reach them?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from checks.documents.certified import CERTIFIED, CertifiedSet
from checks.documents.claim import half_unit
from checks.documents.digits import correct_digits, newton, reach, text
from reference.contract import Array

SETS = [pytest.param(regression, id=regression.name) for regression in CERTIFIED]


def solved_exactly(regression: CertifiedSet) -> list[Fraction]:
    """The least-squares coefficients in rational arithmetic, by elimination."""
    columns, p = regression.columns, len(regression.columns)

    def dot(a: tuple[Fraction, ...], b: tuple[Fraction, ...]) -> Fraction:
        return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))

    rows = [[dot(a, b) for b in columns] + [dot(a, regression.response)] for a in columns]
    for i in range(p):
        rows[i] = [entry / rows[i][i] for entry in rows[i]]
        for j in range(p):
            if j != i:
                factor = rows[j][i]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[-1] for row in rows]


def off(regression: CertifiedSet) -> list[str]:
    """The certified coefficients to which the exact ones do not round."""
    return [
        figure
        for value, figure in zip(solved_exactly(regression), regression.coefficients, strict=True)
        if abs(value - Fraction(figure)) > Fraction(half_unit(figure))
    ]


@pytest.mark.parametrize("regression", SETS)
def test_the_data_give_the_certified_coefficients_exactly(regression: CertifiedSet) -> None:
    assert off(regression) == []


@pytest.mark.parametrize("regression", SETS)
def test_the_data_give_the_certified_deviation(regression: CertifiedSet) -> None:
    exact = solved_exactly(regression)
    residuals = [
        y - sum(c * column[i] for c, column in zip(exact, regression.columns, strict=True))
        for i, y in enumerate(regression.response)
    ]
    freedom = len(residuals) - len(exact)
    variance = sum(residual**2 for residual in residuals) / freedom
    half = Fraction(half_unit(regression.deviation))
    low, high = (Fraction(regression.deviation) + sign * half for sign in (-1, 1))
    assert max(low, Fraction(0)) ** 2 <= variance <= high**2


def test_one_wrong_digit_in_the_data_would_be_seen() -> None:
    norris = CERTIFIED[0]
    wrong = (norris.response[0] + Fraction("0.1"), *norris.response[1:])
    assert off(replace(norris, response=wrong)) == list(norris.coefficients)


@pytest.mark.parametrize("regression", SETS)
def test_the_reference_reaches_the_digits_that_rounding_leaves(regression: CertifiedSet) -> None:
    reached = reach(regression)
    assert np.all(np.array(reached.digits) >= np.array(reached.promised))


@pytest.mark.parametrize("regression", SETS)
def test_rounding_leaves_digits_to_be_checked(regression: CertifiedSet) -> None:
    assert min(reach(regression).promised) > 2


def test_the_well_conditioned_sets_are_reached_by_descent() -> None:
    by_descent = [r.name for r in CERTIFIED if reach(r).method.startswith("descent")]
    assert by_descent == ["Norris", "Pontius", "NoInt1", "NoInt2"]


def test_a_gradient_of_another_loss_reaches_no_certified_digit() -> None:
    norris = CERTIFIED[0]
    X, y = norris.X, norris.y

    def weighted(x: Array) -> Array:
        gradient: Array = X.T @ (X[:, 1] * (X @ x - y))
        return gradient

    x = newton(weighted, 2, 3)
    assert correct_digits(float(x[0]), norris.coefficients[0]) < 1


@pytest.mark.parametrize(
    ("value", "expected"), [(2.0, 15.0), (2.002, 3.0), (4.0, 0.0)], ids=["all", "three", "none"]
)
def test_correct_digits_are_the_log_relative_error(value: float, expected: float) -> None:
    assert round(correct_digits(value, "2.0"), 9) == expected


def test_the_text_has_a_line_for_every_set() -> None:
    lines = text().splitlines()[2:]
    assert [line.split()[0] for line in lines] == [regression.name for regression in CERTIFIED]
