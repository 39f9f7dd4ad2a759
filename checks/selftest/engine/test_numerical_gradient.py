"""The numerical gradient: honest error bars, kinks, domains, complex steps; and its agreement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from checks.engine import NumericalGradient, numerical_gradient
from checks.engine.complex_step import complex_slopes
from checks.engine.scale import EPS, Array
from checks.judging.agreement import GROSS, RESOLUTION, agree
from checks.result import Verdict
from checks.selftest.engine.losses import FAMILIES, Family, large_network, relu_network


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
@pytest.mark.parametrize("seed", range(3))
def test_a_right_gradient_is_within_the_error_bars(family: Family, seed: int) -> None:
    losses, gradient, at = family(np.random.default_rng(seed))
    measured = numerical_gradient(losses, at)
    assert agree(gradient(at), measured).verdict is not Verdict.FAILED
    assert np.all(np.isfinite(measured.error))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_a_component_outside_the_error_bars_is_wrong(family: Family) -> None:
    losses, gradient, at = family(np.random.default_rng(5))
    measured = numerical_gradient(losses, at)
    claimed = gradient(at)
    worst = int(np.argmax(np.abs(claimed)))
    claimed[worst] += 4 * agree(claimed, measured).allowed[worst]
    found = agree(claimed, measured)
    assert (found.verdict, found.worst) == (Verdict.FAILED, worst)


def test_slack_is_allowed_and_no_more() -> None:
    losses, gradient, at = FAMILIES[0](np.random.default_rng(1))
    measured = numerical_gradient(losses, at)
    slack = 1e-5 * np.max(np.abs(measured.value))
    near, far = gradient(at) + slack, gradient(at) + 2 * slack
    assert agree(near, measured, slack=slack).verdict is Verdict.PASSED
    assert agree(near, measured).verdict is Verdict.FAILED
    assert agree(far, measured, slack=slack).verdict is Verdict.FAILED


def test_evaluations_grow_with_the_parameters_only() -> None:
    small = numerical_gradient(lambda p: np.sum(np.sin(p), axis=1), np.full(5, 0.7))
    large = numerical_gradient(lambda p: np.sum(np.sin(p), axis=1), np.full(500, 0.7))
    assert large.evaluations <= 100 * small.evaluations
    assert large.evaluations <= 30 * 500


def test_a_kink_is_seen_and_undecided_unless_the_error_is_gross() -> None:
    measured = numerical_gradient(
        lambda p: np.maximum(p[:, 0], 0) + p[:, 1] ** 2, np.array([0.0, 2.0])
    )
    assert measured.kink.tolist() == [True, False]
    for subgradient in (0.0, 0.5, 1.0):
        assert agree(np.array([subgradient, 4.0]), measured).verdict is Verdict.UNDECIDED
    gross = np.array([2 * GROSS, 4.0])
    assert agree(gross, measured).verdict is Verdict.FAILED


def test_a_loss_that_ends_at_the_point_is_not_measured() -> None:
    with np.errstate(invalid="ignore"):
        measured = numerical_gradient(lambda p: np.sqrt(p[:, 0]) + p[:, 1], np.array([0.0, 1.0]))
    assert np.isinf(measured.error[0])
    assert agree(np.array([0.0, 1.0]), measured).verdict is Verdict.UNDECIDED
    assert agree(np.array([0.0, 2.0]), measured).verdict is Verdict.FAILED


def test_a_claim_that_is_not_finite_is_wrong() -> None:
    measured = numerical_gradient(lambda p: p[:, 0] ** 2, np.array([3.0]))
    assert agree(np.array([np.nan]), measured).verdict is Verdict.FAILED


def test_an_agreement_that_would_have_let_anything_pass_is_undecided() -> None:
    zero = np.zeros(1)
    vague = NumericalGradient(np.ones(1), np.full(1, 2 * RESOLUTION), zero, zero, 0)
    assert agree(np.ones(1), vague).verdict is Verdict.UNDECIDED
    sharp = replace(vague, error=np.full(1, RESOLUTION / 2))
    assert agree(np.ones(1), sharp).verdict is Verdict.PASSED


def test_complex_steps_are_exact_to_rounding() -> None:
    def losses(points: Any) -> Any:
        return np.sum(np.exp(points) * np.sin(points), axis=1)

    at = np.array([0.3, 1.2, -0.4])
    exact = complex_slopes(losses, at, np.eye(3))
    truth = np.exp(at) * (np.sin(at) + np.cos(at))
    assert exact is not None
    assert np.all(np.abs(exact - truth) <= 8 * EPS * np.exp(np.abs(at)) * 2)


def test_relu_networks_are_measured_beside_their_kinks() -> None:
    for seed in range(10):
        losses, gradient, at = relu_network(np.random.default_rng([seed, 1]))
        found = agree(gradient(at), numerical_gradient(losses, at))
        assert found.verdict is not Verdict.FAILED, f"seed {seed}"


def test_memory_is_bounded_by_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    losses, _, at = large_network(np.random.default_rng(0))
    sizes: list[int] = []

    def counted(points: Array) -> Array:
        sizes.append(points.size)
        return np.asarray(losses(points))

    block = 2**16
    monkeypatch.setattr("checks.engine.rungs.BLOCK", block)
    monkeypatch.setattr("checks.engine.numerical.BLOCK", block)
    numerical_gradient(counted, at)
    assert max(sizes) <= block
