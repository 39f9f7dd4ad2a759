"""Complex steps sharpen a pass where real differences vouch for them, and decide nothing alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from checks.engine.complex_step import ComplexLosses
from checks.engine.scale import EPS, Array
from checks.judging.claim import Claim
from checks.judging.verification import verify
from checks.result import Verdict


def losses(points: Array) -> Any:
    """Of real or complex points; the constant leaves differences few digits."""
    return np.sum(np.exp(points), axis=1) + 1e8


CLAIM = Claim(losses, np.exp, np.array([0.5, 1.0]), ("x", "y"))


def test_complex_steps_sharpen_a_pass() -> None:
    real = verify(CLAIM)
    sharp = verify(replace(CLAIM, complex_losses=losses))  # type: ignore[arg-type]
    assert real.verdict is sharp.verdict is Verdict.PASSED
    assert sharp.resolution < real.resolution / 1e3


@pytest.mark.parametrize(
    "broken",
    [
        lambda p: np.sum(np.exp(p.real) + 0j, axis=1),
        lambda p: np.sum(np.exp(p.real) + 2j * p.imag, axis=1),
        lambda p: np.sum(np.exp(p.real), axis=1),
        lambda p: [][0],
    ],
    ids=["imaginary part lost", "wrong imaginary part", "real answer", "exception"],
)
def test_complex_steps_are_not_trusted_where_differences_disagree(broken: ComplexLosses) -> None:
    found, real = verify(replace(CLAIM, complex_losses=broken)), verify(CLAIM)
    assert real.verdict is Verdict.PASSED
    assert (found.verdict, found.resolution, found.notes) == (real.verdict, real.resolution, ())


def test_what_only_complex_steps_see_is_a_note() -> None:
    found = verify(
        replace(
            CLAIM,
            gradient=lambda at: np.exp(at) * (1 + 1e-9),
            complex_losses=losses,  # type: ignore[arg-type]
        )
    )
    assert found.verdict is Verdict.PASSED
    assert found.resolution > EPS ** (2 / 3) / 10
    assert "complex steps see a difference of 1e-09" in found.explain()
