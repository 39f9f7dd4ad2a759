"""The rule that says slower: what it must find, what it must leave alone."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks import decision
from benchmarks.decision import NOTABLE, PROCESSES, SMALLEST, Outcome, decide, threshold
from reference.contract import Array

BENCHMARKS = 40
LOG_10_PERCENT = math.log(1.10)


def look(seed: int, scatter: float = 0.01, change: float = 0.0) -> Array:
    """Log ratios of one look; the first benchmark is changed."""
    values = scatter * np.random.default_rng(seed).standard_normal((BENCHMARKS, PROCESSES))
    values[0] += change
    return values


def outcomes(first: Array, second: Array) -> list[Outcome]:
    limit = threshold(first)
    return [decide(a, b, limit) for a, b in zip(first, second, strict=True)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (LOG_10_PERCENT, Outcome.SLOWER),
        (-LOG_10_PERCENT, Outcome.FASTER),
        (0.0, Outcome.SAME),
    ],
    ids=["10 % slower", "10 % faster", "unchanged"],
)
def test_a_change_is_named_and_nothing_else_is(change: float, expected: Outcome) -> None:
    found = outcomes(look(1, change=change), look(2, change=change))
    assert found == [expected] + [Outcome.SAME] * (BENCHMARKS - 1)


def test_a_suspicion_that_is_not_confirmed_is_no_verdict() -> None:
    found = outcomes(look(1, change=LOG_10_PERCENT), look(2))
    assert found[0] is Outcome.UNDECIDED


def test_without_a_second_look_a_suspicion_stays_undecided() -> None:
    first = look(1, change=LOG_10_PERCENT)
    assert decide(first[0], None, threshold(first)) is Outcome.UNDECIDED


def test_one_odd_process_decides_nothing() -> None:
    first = look(1)
    first[3, 0] += math.log(2)
    assert outcomes(first, look(2))[3] is Outcome.SAME


def test_unchanged_code_raises_no_more_alarms_than_promised() -> None:
    runs = 400
    alarms = sum(
        Outcome.SLOWER in outcomes(look(2 * run), look(2 * run + 1)) for run in range(runs)
    )
    allowed = decision.FALSE_ALARMS
    assert alarms / runs <= allowed + 3 * math.sqrt(allowed / runs)


def test_noise_raises_the_threshold_and_what_it_hides_is_undecided() -> None:
    quiet, noisy = threshold(look(1)), threshold(look(1, scatter=0.1))
    assert quiet.value == SMALLEST < NOTABLE < noisy.value
    hidden = np.full(PROCESSES, (NOTABLE + noisy.value) / 2)
    assert decide(hidden, hidden, noisy) is Outcome.UNDECIDED


def test_more_benchmarks_ask_for_a_higher_threshold() -> None:
    many = look(1, scatter=0.05)
    few = many[:10]
    assert threshold(few).scatter == pytest.approx(threshold(many).scatter, rel=0.5)
    ratio = threshold(many).value / threshold(few).value
    assert ratio > threshold(many).scatter / threshold(few).scatter


def test_the_scatter_is_estimated_without_bias() -> None:
    scatter = 0.02
    estimates = [decision.pooled_scatter(look(seed, scatter)) for seed in range(50)]
    standard_error = float(np.std(estimates)) / math.sqrt(len(estimates))
    assert abs(np.mean(estimates) - scatter) < 4 * standard_error


def test_a_ratio_of_the_whole_run_is_divided_out() -> None:
    drift = math.log(1.02)
    limit = threshold(look(1) + drift)
    assert abs(limit.common - drift) < SMALLEST / 2
    assert set(outcomes(look(1) + drift, look(2) + drift)) == {Outcome.SAME}


def test_what_most_benchmarks_gained_is_not_laid_on_the_others() -> None:
    """Seen: code shared by most models became faster, and an unchanged one was called slower."""
    gain = np.full((BENCHMARKS, 1), -math.log(1.025))
    gain[0] = math.log(1.01)
    first, second = look(1, scatter=0.002) + gain, look(2, scatter=0.002) + gain
    limit = threshold(first)
    assert np.median(first[0]) - limit.common > SMALLEST  # that is what was compared before
    assert outcomes(first, second)[0] is Outcome.SAME


def test_a_slower_one_is_still_found_in_a_run_that_drifts() -> None:
    drift = math.log(1.02)
    found = outcomes(look(1, change=LOG_10_PERCENT) + drift, look(2, change=LOG_10_PERCENT) + drift)
    assert found == [Outcome.SLOWER] + [Outcome.SAME] * (BENCHMARKS - 1)


def test_what_slowed_most_benchmarks_is_no_drift() -> None:
    found = outcomes(look(1) + LOG_10_PERCENT, look(2) + LOG_10_PERCENT)
    assert set(found) == {Outcome.SLOWER}


def test_the_sentence_states_threshold_and_confidence() -> None:
    sentence = threshold(look(1)).sentence
    assert f"by more than {math.expm1(SMALLEST):.1%}" in sentence
    assert f"at most {decision.FALSE_ALARMS:.0%} of runs on unchanged code" in sentence
