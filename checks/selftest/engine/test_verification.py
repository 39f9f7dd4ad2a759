"""What a verification decides, whom it blames, and what it costs."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from checks.engine.scale import Array
from checks.judging.claim import Claim
from checks.judging.verification import verify
from checks.result import CheckFailedError, Verdict


def network(size: int = 1185, seed: int = 0) -> Claim:
    """A claim of many parameters: the mean softplus of 60 random combinations of them."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(60, size)) / np.sqrt(size)

    def gradient(point: Array) -> Array:
        return np.asarray(A.T @ (0.5 * (1 + np.tanh(A @ point / 2))) / 60)

    def losses(points: Array) -> Any:
        return np.asarray(np.mean(np.logaddexp(0, points @ A.T), axis=1))

    names = tuple(f"w[{k}]" for k in range(size))
    return Claim(losses, gradient, rng.normal(size=size), names)


def changed(claim: Claim, change: Callable[[Array], Array]) -> Claim:
    """The claim with its gradient changed."""
    gradient = claim.gradient
    return replace(claim, gradient=lambda at: change(gradient(at).copy()))


@pytest.mark.parametrize("seed", range(5))
def test_one_component_of_1185_off_by_a_millionth_is_named(seed: int) -> None:
    claim = network()
    wrong = int(np.random.default_rng(seed).integers(1185))

    def off(g: Array) -> Array:
        g[wrong] *= 1 + 1e-6
        return g

    found = verify(changed(claim, off), seed=seed)
    assert (found.verdict, found.wrong) == (Verdict.FAILED, (f"w[{wrong}]",))


def test_two_wrong_components_are_both_named() -> None:
    def off(g: Array) -> Array:
        g[[17, 900]] *= [1.01, 0.98]
        return g

    assert verify(changed(network(), off)).wrong == ("w[17]", "w[900]")


def test_evaluations_do_not_grow_with_the_parameters() -> None:
    costs = [verify(network(size)).evaluations for size in (10, 100, 1000)]
    assert max(costs) <= 1.5 * min(costs)


def test_a_failure_costs_evaluations_in_the_logarithm_of_the_parameters() -> None:
    def off(g: Array) -> Array:
        g[3] += 1
        return g

    few, many = (verify(changed(network(size), off)).evaluations for size in (64, 1024))
    assert many - few <= 4 * 40 * 2


def test_a_failure_of_very_many_parameters_needs_memory_for_few_lines() -> None:
    size = 30_000
    bowl = Claim(
        lambda points: 0.5 * np.vecdot(points, points),
        lambda at: np.where(np.arange(size) == 7, 1.01, 1.0) * at,
        np.linspace(1, 2, size),
        tuple(f"w[{k}]" for k in range(size)),
    )
    tracemalloc.start()
    found = verify(bowl)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.wrong == ("w[7]",)
    assert peak < 8 * size * 200  # of the 30,000 rows that an identity matrix has


def test_parameters_too_small_for_a_step_are_undecided() -> None:
    slopes = np.arange(1.0, 8.0)
    tiny = Claim(lambda p: p @ slopes, lambda at: slopes, np.full(7, 1e-200), tuple("abcdefg"))
    found = verify(tiny)
    assert (found.verdict, found.resolution) == (Verdict.UNDECIDED, np.inf)


def test_what_is_right_beside_a_wrong_component_is_known_to_be_right() -> None:
    def off(g: Array) -> Array:
        g[17] *= 0.5
        return g

    found = verify(changed(network(100), off))
    assert found.measured is not None
    assert found.wrong == ("w[17]",)
    assert np.isfinite(found.measured.error).all()


MISTAKES: dict[str, Callable[[Array], Array]] = {
    "opposite sign": lambda g: -g,
    "twice": lambda g: 2 * g,
    "zero": lambda g: 0 * g,
    "reversed": lambda g: g[::-1],
    "normalised": lambda g: g / np.sqrt(g @ g),
    "last one missing": lambda g: np.append(g[:-1], 0.0),
    "constant added": lambda g: g + 1e-5,
    "rounded to float16": lambda g: g.astype(np.float16).astype(np.float64),
}


@pytest.mark.parametrize("size", [2, 3, 40])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_gradient_fails_and_is_blamed(mistake: str, size: int) -> None:
    found = verify(changed(network(size), MISTAKES[mistake]))
    assert found.verdict is Verdict.FAILED
    assert found.component in found.wrong
    assert abs(found.expected - found.observed) > found.error
    with pytest.raises(CheckFailedError, match="gradient wrong at"):
        found.require()


def test_a_gradient_right_only_at_the_point_fails_at_a_further_one() -> None:
    claim = network(20)
    here = claim.gradient(claim.at)
    found = verify(replace(claim, gradient=lambda at: here.copy()))
    assert found.verdict is Verdict.FAILED
    assert not np.array_equal(found.at, claim.at)
    assert verify(replace(claim, gradient=lambda at: here.copy()), points=0).verdict is (
        Verdict.PASSED
    )


def test_a_gradient_of_the_previous_call_is_found_by_asking_again() -> None:
    claim, kept = network(20), []

    def stale(at: Array) -> Array:
        kept.append(claim.gradient(at))
        return kept[-2] if len(kept) > 1 else kept[-1]

    found = verify(replace(claim, gradient=stale))
    assert found.verdict is Verdict.FAILED
    assert "whatever is asked in between" in found.explain()


def test_a_noisy_gradient_is_found_by_asking_again() -> None:
    rng = np.random.default_rng(0)
    found = verify(changed(network(20), lambda g: g * (1 + 1e-9 * rng.normal(size=20))))
    assert found.problem is not None
    assert found.problem.pattern == "memory"


def test_a_loss_that_changes_its_mind_is_refused() -> None:
    rng, claim = np.random.default_rng(0), network(20)
    found = verify(replace(claim, losses=lambda p: claim.losses(p) * rng.uniform(0.5, 1, len(p))))
    assert found.verdict is Verdict.FAILED
    assert "loss: expected the same value" in found.explain()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_refused_in_words(value: float) -> None:
    claim = network(5)
    loss = verify(replace(claim, losses=lambda p: np.full(len(p), value)))
    assert "loss: expected a finite number" in loss.explain()
    gradient = verify(changed(claim, lambda g: np.where(np.arange(5) == 2, value, g)))
    assert f"{value} at w[2]" in gradient.explain()
    assert {loss.verdict, gradient.verdict} == {Verdict.FAILED}


def test_a_kink_at_the_point_is_left_to_the_further_points() -> None:
    claim = Claim(
        lambda p: np.abs(p[:, 0]) + p[:, 1] ** 2,
        lambda at: np.array([np.sign(at[0]), 2 * at[1]]),
        np.array([0.0, 1.5]),
        ("x", "y"),
    )
    found = verify(claim)
    assert found.verdict is Verdict.PASSED
    assert "kink" in found.explain()
    assert verify(claim, points=0).verdict is Verdict.UNDECIDED


def test_a_gross_error_fails_even_at_a_kink() -> None:
    claim = Claim(lambda p: np.abs(p[:, 0]), lambda at: np.full(1, 100.0), np.array([0.0]), ("x",))
    assert verify(claim, points=0).verdict is Verdict.FAILED


def test_at_a_minimum_the_point_itself_proves_nothing() -> None:
    claim = Claim(
        lambda p: np.sum((p - 1) ** 2, axis=1) + 3,
        lambda at: 2 * (at - 1),
        1 + 1e-14 * np.array([1.0, -2.0]),
        ("x", "y"),
    )
    assert verify(claim, points=0).verdict is Verdict.UNDECIDED
    assert verify(claim).verdict is Verdict.PASSED


def test_a_flat_loss_is_undecided_and_says_so() -> None:
    claim = Claim(lambda p: np.full(len(p), 2.5), np.zeros_like, np.ones(2), ("x", "y"))
    found = verify(claim)
    assert found.verdict is Verdict.UNDECIDED
    with pytest.raises(CheckFailedError, match="undecided"):
        found.require()


def test_known_rounding_of_the_claim_is_allowed() -> None:
    claim = network(6)
    rough = 1e-6 * np.random.default_rng(0).uniform(-1, 1, 6)
    derived = changed(claim, lambda g: g + rough)
    assert verify(derived).verdict is Verdict.FAILED
    assert verify(derived, rounding=np.full(6, 1e-6)).verdict is Verdict.PASSED
    worse = changed(claim, lambda g: g + 100 * rough)
    assert verify(worse, rounding=np.full(6, 1e-6)).verdict is Verdict.FAILED


def test_a_domain_that_ends_nearby_moves_the_further_points_closer() -> None:
    at = np.array([0.2, 0.7, 0.5])
    with np.errstate(invalid="ignore"):
        found = verify(
            Claim(
                lambda p: -np.sum(np.log(p) + np.log(1 - p), axis=1),
                lambda p: 1 / (1 - p) - 1 / p,
                at,
                ("p[0]", "p[1]", "p[2]"),
            )
        )
    assert found.verdict is Verdict.PASSED
    assert found.notes == ()


def test_exceptions_of_the_claim_pass_through() -> None:
    class GoneError(Exception):
        pass

    def gone(points: Array) -> Array:
        raise GoneError

    with pytest.raises(GoneError):
        verify(replace(network(3), losses=gone))
    with pytest.raises(GoneError):
        verify(replace(network(3), gradient=gone))


def test_the_same_seed_gives_the_same_record() -> None:
    wrong = changed(network(30), lambda g: 1.5 * g)
    assert verify(wrong, seed=7).explain() == verify(wrong, seed=7).explain()
