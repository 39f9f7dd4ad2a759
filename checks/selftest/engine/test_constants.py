"""No constant of the engine is a tolerance in disguise: four times more or less changes nothing."""

from __future__ import annotations

import pytest

from checks.engine.scale import reach
from checks.judging.verification import verify
from checks.result import Verdict
from checks.selftest.engine.trials import MISTAKES, Trial, mistaken, trial

SEEDS = range(500, 525)
CONSTANTS = (
    "checks.engine.neville.TRUNCATION_MARGIN",
    "checks.engine.neville.NOISE_MARGIN",
    "checks.engine.neville.CONTRADICTION",
    "checks.judging.lines.ROUNDING_MARGIN",
    "checks.judging.lines.CLEARANCE",
    "checks.judging.lines.GROSS",
    "checks.judging.lines.EVENED",
    "checks.judging.examined.RESOLUTION",
    "checks.judging.glance.QUIET",
    "checks.judging.glance.PERSISTENCE",
    "checks.judging.questions.DISTANCE",
    "checks.judging.questions.COARSE",
    "checks.judging.verification.REPETITION",
    "checks.judging.questions.TARGET",
    "checks.judging.verification.TARGET",
    "checks.engine.slopes.ASTRAY",
    "checks.engine.noise.AGREEMENT",
    "checks.engine.noise.TOO_STEEP",
    "checks.engine.place.CURVE_STEP",
)


@pytest.fixture(scope="module")
def rights() -> list[Trial]:
    """The same right claims for every constant."""
    return [trial(seed) for seed in SEEDS]


@pytest.mark.parametrize("factor", [0.25, 4.0], ids=["a quarter", "four times"])
@pytest.mark.parametrize("constant", CONSTANTS, ids=lambda name: ".".join(name.split(".")[-2:]))
def test_verdicts_do_not_hang_on_a_constant(
    constant: str, factor: float, rights: list[Trial], monkeypatch: pytest.MonkeyPatch
) -> None:
    module, _, name = constant.rpartition(".")
    value = getattr(__import__(module, fromlist=[name]), name)
    monkeypatch.setattr(constant, factor * value)
    assert alarms_and_misses(rights) == ([], [])


@pytest.mark.parametrize("factor", [0.25, 4.0], ids=["a quarter", "four times"])
def test_verdicts_do_not_hang_on_the_first_steps(
    factor: float, rights: list[Trial], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checks.engine.lines.reach", lambda *given: factor * reach(*given))
    assert alarms_and_misses(rights) == ([], [])


def alarms_and_misses(rights: list[Trial]) -> tuple[list[str], list[str]]:
    """The right claims that are refused, and the wrong ones that are not."""
    alarms, misses = [], []
    for right in rights:
        seed = right.seed
        found = verify(right.claim, seed=seed, named=False)
        if found.verdict is Verdict.FAILED:
            alarms.append(str(right))
        if found.verdict is Verdict.PASSED:
            wrong = mistaken(right, MISTAKES[seed % len(MISTAKES)], found.resolution)
            if verify(wrong, seed=seed, named=False).verdict is not Verdict.FAILED:
                misses.append(str(right))
    return alarms, misses


def test_margins_of_almost_nothing_are_noticed(
    rights: list[Trial], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checks.engine.neville.TRUNCATION_MARGIN", 1e-6)
    monkeypatch.setattr("checks.engine.neville.NOISE_MARGIN", 1e-6)
    monkeypatch.setattr("checks.judging.lines.ROUNDING_MARGIN", 1e-6)
    verdicts = [verify(right.claim, seed=right.seed).verdict for right in rights]
    assert Verdict.FAILED in verdicts
