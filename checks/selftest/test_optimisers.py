"""Do the step rules do what was published, and would a wrong one be noticed?"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from checks.engine.scale import EPS
from reference import optimisers

GRADIENTS = (3.0, -4.0, 0.5, 0.0, -0.125, 7.0)  # both signs, very unequal, one exactly zero
LEARNING_RATE = 0.25
START = 1.5

Rule = Any  # an optimiser of any state


def values_after(rule: Rule, gradients: Sequence[float] = GRADIENTS) -> list[float]:
    """The parameter after each step from START, along the given gradients."""
    parameters: dict[str, Any] = {"w": START}
    state = rule.init(parameters)
    values = []
    for gradient in gradients:
        parameters, state = rule.step(parameters, {"w": gradient}, state, LEARNING_RATE)
        values.append(float(parameters["w"]))
    return values


def plain_closed_form(gradients: Sequence[float]) -> float:
    return START - LEARNING_RATE * sum(gradients)


def adagrad_closed_form(gradients: Sequence[float]) -> float:
    """Each step divided by the root of all squares so far."""
    value = START
    for t in range(len(gradients)):
        root = float(np.sqrt(sum(g**2 for g in gradients[: t + 1])))
        value -= LEARNING_RATE * gradients[t] / (optimisers.adagrad.delta + root)
    return value


def adam_closed_form(gradients: Sequence[float]) -> float:
    """Kingma and Ba 2015, eq. (1): the moments as weighted sums, no recursion."""
    rule, value = optimisers.adam, START
    for t in range(1, len(gradients) + 1):
        age = np.arange(t - 1, -1, -1)
        g = np.array(gradients[:t])
        first = np.sum(rule.beta1**age * g) / np.sum(rule.beta1**age)
        second = np.sum(rule.beta2**age * g**2) / np.sum(rule.beta2**age)
        value -= LEARNING_RATE * float(first / (np.sqrt(second) + rule.epsilon))
    return value


RULES = [
    pytest.param(optimisers.gradient_descent, plain_closed_form, id="gradient_descent"),
    pytest.param(optimisers.mini_batch(6, 2), plain_closed_form, id="mini_batch"),
    pytest.param(optimisers.online(6), plain_closed_form, id="online"),
    pytest.param(optimisers.adagrad, adagrad_closed_form, id="adagrad"),
    pytest.param(optimisers.adam, adam_closed_form, id="adam"),
]
EVERY_RULE = [*RULES, pytest.param(optimisers.gradient_ascent, None, id="gradient_ascent")]


def rounding(gradients: Sequence[float]) -> float:
    """What rounding may do: each of t steps is at most LEARNING_RATE·(1 + |g|) long, its factors
    carry at most t + 10 roundings (sums of t terms, powers, roots, quotients).  Where 1 − β₂ᵗ is
    formed by subtraction its relative error is ε/(1 − β₂), which the moments' root halves.
    """
    t = len(gradients)
    longest = START + LEARNING_RATE * sum(1 + abs(g) for g in gradients)
    return EPS * (t + 10 + 1 / (1 - optimisers.adam.beta2)) * longest


@pytest.mark.parametrize(("rule", "closed_form"), RULES)
@pytest.mark.parametrize("t", range(1, len(GRADIENTS) + 1), ids=lambda t: f"{t}_steps")
def test_the_steps_equal_the_published_rule(
    rule: Rule, closed_form: Callable[[Sequence[float]], float], t: int
) -> None:
    gradients = GRADIENTS[:t]
    assert abs(closed_form(gradients) - values_after(rule)[t - 1]) <= rounding(gradients)


class AdamUncorrected(optimisers.Adam):
    """The moments without the correction for their start at zero."""

    def step(self, parameters: Any, gradient: Any, state: Any, learning_rate: float) -> Any:
        # At t → ∞ both corrections are 1.
        late = replace(state, steps=10**9)
        moved, after = super().step(parameters, gradient, late, learning_rate)
        return moved, replace(after, steps=state.steps + 1)


class AdamForgetful(optimisers.Adam):
    """Adam that starts afresh at every step."""

    def step(self, parameters: Any, gradient: Any, state: Any, learning_rate: float) -> Any:
        return super().step(parameters, gradient, self.init(parameters), learning_rate)


class AdaGradForgetful(optimisers.AdaGrad):
    """AdaGrad without its accumulator."""

    def step(self, parameters: Any, gradient: Any, state: Any, learning_rate: float) -> Any:
        return super().step(parameters, gradient, self.init(parameters), learning_rate)


@pytest.mark.parametrize(
    ("wrong", "closed_form", "first_wrong_step"),
    [
        pytest.param(AdamUncorrected(), adam_closed_form, 1, id="adam_uncorrected"),
        pytest.param(AdamForgetful(), adam_closed_form, 2, id="adam_forgetful"),
        pytest.param(AdaGradForgetful(), adagrad_closed_form, 2, id="adagrad_forgetful"),
        pytest.param(
            replace(optimisers.gradient_descent, sign=1), plain_closed_form, 1, id="wrong_sign"
        ),
    ],
)
def test_a_wrong_rule_is_seen_at_the_step_where_it_goes_wrong(
    wrong: Rule, closed_form: Callable[[Sequence[float]], float], first_wrong_step: int
) -> None:
    apart = [
        abs(closed_form(GRADIENTS[:t]) - values_after(wrong)[t - 1]) > rounding(GRADIENTS[:t])
        for t in range(1, len(GRADIENTS) + 1)
    ]
    assert apart.index(True) + 1 == first_wrong_step


def test_adagrad_by_hand() -> None:
    exact = replace(optimisers.adagrad, delta=0.0)
    assert values_after(exact, (3.0, -4.0)) == [START - 0.25, START - 0.25 + 0.25 * 4 / 5]


def test_adam_by_hand() -> None:
    exact = optimisers.Adam(beta1=0.5, beta2=0.75, epsilon=0.0)
    first = START - 0.25  # m̂/√v̂ = 3/3
    second = first - 0.25 * (1 / 3) / np.sqrt(31 / 7)  # m = 1/4, v = 31/16, over 3/4 and 7/16
    expected = [first, second]
    observed = values_after(exact, (3.0, -1.0))
    assert np.max(np.abs(np.subtract(expected, observed))) <= 4 * EPS * START


@pytest.mark.parametrize(("rule", "closed_form"), EVERY_RULE)
def test_a_step_changes_nothing_that_it_was_given(rule: Rule, closed_form: object) -> None:
    parameters = {"W": np.ones((2, 3)), "b": np.zeros(3)}
    gradient = {"W": np.full((2, 3), 0.5), "b": np.full(3, -2.0)}
    _, state = rule.step(parameters, gradient, rule.init(parameters), LEARNING_RATE)
    given = (parameters, gradient, state)
    before = pickle.dumps(given)
    moved, _ = rule.step(parameters, gradient, state, LEARNING_RATE)
    assert pickle.dumps(given) == before
    assert {name: value.shape for name, value in moved.items()} == {"W": (2, 3), "b": (3,)}


@pytest.mark.parametrize(("rule", "closed_form"), EVERY_RULE)
def test_the_same_step_twice_is_the_same(rule: Rule, closed_form: object) -> None:
    assert values_after(rule) == values_after(rule)
