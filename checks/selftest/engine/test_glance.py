"""A first look passes what agrees plainly, at the least cost, and leaves all else to a survey."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from checks.engine.lines import COARSE_START, START
from checks.engine.scale import EPS, EPS_SINGLE, Array
from checks.judging.claim import Claim
from checks.judging.questions import DIRECTIONS
from checks.judging.verification import Verification, verify
from checks.result import Verdict
from checks.selftest.engine.trials import trial

AT = np.array([0.4, -1.3, 0.9, 2.2, -0.6])
# Three points, the origin and the mirror image, two losses at each step, and the point again.
PLAIN = 3 + 2 + 2 * (DIRECTIONS * len(START) + 2 * len(COARSE_START)) + 1


def losses(points: Array) -> Any:
    """Σ softplus of the differences of neighbours."""
    return np.sum(np.logaddexp(0, points - np.roll(points, 1, axis=-1)), axis=-1)


def gradient(at: Array) -> Array:
    slope = 0.5 * (1 + np.tanh((at - np.roll(at, 1)) / 2))
    return np.asarray(slope - np.roll(slope, -1))


CLAIM = Claim(losses, gradient, AT, tuple("abcde"))


def glance(claim: Claim, seed: int = 0) -> Any:
    """What a first look says, None if it leaves the claim to a survey."""
    verification = Verification(claim, seed, None)
    with np.errstate(all="ignore"):
        return verification.at_a_glance(verification.questions.ask(2))


@pytest.mark.parametrize("seed", range(5))
def test_what_agrees_plainly_passes_without_a_survey(seed: int) -> None:
    found = verify(CLAIM, seed=seed)
    assert (found.verdict, found.evaluations) == (Verdict.PASSED, PLAIN)


@pytest.mark.parametrize("off", [1e-6, 1e-3, -2.0])
@pytest.mark.parametrize("component", range(5))
def test_one_wrong_component_never_passes_at_a_glance(component: int, off: float) -> None:
    def wrong(at: Array) -> Array:
        g = gradient(at)
        g[component] *= 1 + off
        return g

    assert glance(replace(CLAIM, gradient=wrong)) is None


def noisy(points: Array) -> Any:
    """The same with the noise of a far larger sum."""
    return losses(points) + 1e5 - 1e5


def with_a_kink(points: Array) -> Any:
    """The same with a kink at the point, to which the gradient is blind."""
    return losses(points) + 0.1 * np.abs(points[:, 0] - AT[0])


def single(points: Array) -> Any:
    """The same in single precision."""
    return losses(points.astype(np.float32)).astype(np.float64)


@pytest.mark.parametrize("other", [noisy, with_a_kink, single], ids=lambda each: each.__name__)
def test_a_loss_that_is_not_quiet_smooth_and_double_needs_a_survey(other: Any) -> None:
    assert glance(replace(CLAIM, losses=other)) is None


def test_a_gradient_in_single_precision_needs_a_survey() -> None:
    assert glance(replace(CLAIM, eps=EPS_SINGLE)) is None


def test_functions_that_do_not_answer_the_same_again_need_a_survey() -> None:
    rng = np.random.default_rng(0)
    drifting = replace(CLAIM, gradient=lambda at: gradient(at) * (1 + 1e-12 * rng.normal()))
    assert glance(drifting) is None


def test_a_survey_widens_what_a_first_look_has_taken_for_quiet() -> None:
    """The resolution of a first look is not finer than what a survey would have found."""
    finer = []
    for seed in range(40):
        claim = trial(seed).claim
        found = glance(claim, seed)
        if found is None:
            continue
        verification = Verification(claim, seed, None)
        with np.errstate(all="ignore"):
            answered = verification.questions.ask(2)
            thorough = verification.thorough(answered, 2, True)
        assert thorough.verdict is Verdict.PASSED
        finer.append(thorough.resolution / found.resolution)
    assert len(finer) >= 8
    assert max(finer) < 2


def test_the_least_noise_is_half_an_ulp() -> None:
    """QUIET counts from here: correctly rounded values differ from the true ones by no more."""
    values = np.sqrt(np.arange(1.0, 1000.0))
    errors = np.abs(values.astype(np.longdouble) ** 2 - np.arange(1.0, 1000.0)) / (2 * values)
    assert np.max(errors / values) <= 0.5 * EPS
