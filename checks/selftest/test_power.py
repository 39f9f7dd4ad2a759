"""The power study counts what it says, and the engine is as good as it says."""

from __future__ import annotations

import pytest

from checks.judging.verification import verify
from checks.result import Verdict
from checks.selftest.checkers import CHECKERS, Checker
from checks.selftest.claims import Posed, right_claims, stressed_claims, wrong_claims
from checks.selftest.power import SEED, count, study, table

OURS = CHECKERS[0]
EVERY, TRIALS = 16, 25  # a sample; the whole study is `python -m checks --power`


def test_the_engine_detects_every_wrong_gradient_and_refuses_no_right_one() -> None:
    (power,) = study([OURS], every=EVERY, trials=TRIALS)
    counts = (power.missed, power.refused, power.refused_under_stress)
    assert [c.examples for c in counts] == [(), (), ()]
    assert all(c.asked >= TRIALS // 2 for c in counts)


@pytest.mark.exhaustive
def test_the_engine_misses_nothing_that_it_says_it_resolves_in_the_whole_study() -> None:
    """A few difference quotients are nearer to the derivative than the engine looks."""
    (power,) = study([OURS])
    assert (power.refused.examples, power.refused_under_stress.examples) == ((), ())
    missed = [posed for posed in wrong_claims(SEED) if posed.name in power.missed.examples]
    seen = [posed.name for posed in missed if posed.error >= verify(posed.claim).resolution]
    assert seen == []
    assert all(posed.error < 1e-9 for posed in missed)


@pytest.mark.parametrize(
    ("verdict", "shares"),
    [
        (Verdict.PASSED, (1.0, 0.0)),
        (Verdict.FAILED, (0.0, 1.0)),
        (Verdict.UNDECIDED, (0.0, 0.0)),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_an_answer_that_ignores_the_question_counts_as_it_should(
    verdict: Verdict, shares: tuple[float, float]
) -> None:
    constant = Checker("constant", lambda posed: verdict)
    (power,) = study([constant], every=EVERY, trials=1)
    assert (power.missed.share, power.refused.share) == shares


def raising(posed: Posed) -> Verdict:
    raise RuntimeError("a checker that gives up")


def test_an_exception_in_a_checker_is_a_refusal() -> None:
    assert count(Checker("raising", raising), stressed_claims(range(3))).wrong_answers == 3


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.name)
def test_every_installed_checker_tells_a_plain_right_from_a_plain_wrong(checker: Checker) -> None:
    if checker.absent:
        pytest.skip(f"{checker.package} is not installed")
    wrong = next(p for p in wrong_claims(0) if p.name.startswith("multilinear: sign flipped"))
    right = next(p for p in right_claims(0) if p.name.startswith("multilinear: column vectors"))
    assert (checker.verdict(right), checker.verdict(wrong)) == (Verdict.PASSED, Verdict.FAILED)


def test_the_table_has_a_row_for_each_checker_and_names_the_missing() -> None:
    lines = table(study([OURS], every=4 * EVERY, trials=3), ["elsewhere"]).splitlines()
    assert lines[3].split() == ["gradproof", "100.0", "%", "0.0", "%", "0.0", "%", lines[3][-1]]
    assert lines[-1] == "elsewhere: not installed, not compared"
