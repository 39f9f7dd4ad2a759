"""Do the step rules do what was published, and would a wrong one be noticed?"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reference import datasets, optimisers
from reference.contract import Array
from reference.descent import Objective, descend, objective
from reference.models import line

EPS = float(np.finfo(np.float64).eps)
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


def line_objective(N: int) -> Objective:
    samples = datasets.noisy_line(seed=4, N=N)
    return objective(line, {"X": samples.X, "y": samples.y})


LINE_START = {"w": -0.5, "b": 3.0}


def test_online_equals_batch_for_one_sample() -> None:
    one = line_objective(1)
    batch = descend(one, LINE_START, 0.01, 12)
    online = descend(one, LINE_START, 0.01, 12, optimisers.online(samples=1))
    np.testing.assert_array_equal(batch.parameters["w"], online.parameters["w"])
    np.testing.assert_array_equal(batch.parameters["b"], online.parameters["b"])


def test_online_differs_from_batch_for_two_samples() -> None:
    two = line_objective(2)
    batch = descend(two, LINE_START, 0.01, 2)
    online = descend(two, LINE_START, 0.01, 2, optimisers.online(samples=2))
    assert np.any(batch.parameters["w"] != online.parameters["w"])


def one_epoch(rule: optimisers.Sampled) -> list[optimisers.Rows]:
    state, batches = rule.init({}), []
    while state.epoch == 0:
        batches.append(rule.rows(state))
        _, state = rule.step({}, {}, state, LEARNING_RATE)
    return batches


SIZES = [
    pytest.param(12, 12, id="all_at_once"),
    pytest.param(12, 3, id="size_divides"),
    pytest.param(12, 5, id="with_a_rest"),
    pytest.param(12, 1, id="online"),
]


@pytest.mark.parametrize(("N", "size"), SIZES)
def test_an_epoch_visits_every_sample_once(N: int, size: int) -> None:
    batches = one_epoch(optimisers.mini_batch(N, size, seed=3))
    assert sorted(np.concatenate(batches).tolist()) == list(range(N))
    assert len(batches) == -(-N // size)


@pytest.mark.parametrize(("N", "size"), SIZES)
def test_the_mean_of_mini_batch_gradients_is_the_batch_gradient(N: int, size: int) -> None:
    problem = line_objective(N)
    batches = one_epoch(optimisers.mini_batch(N, size, seed=3))
    mean: Array = np.zeros(2)
    scale = 0.0
    for rows in batches:
        gradient = np.array(list(problem.gradient(LINE_START, rows).values()))
        mean += len(rows) / N * gradient
        scale += len(rows) / N * float(np.max(np.abs(gradient)))
    whole = np.array(list(problem.gradient(LINE_START, None).values()))
    # Both are sums of the same N terms in another order, each a mean of at most `scale` a part;
    # one residual is three roundings of numbers not larger than its gradient's terms.
    largest_term = max(
        float(np.max(np.abs(problem.gradient(LINE_START, np.array([n]))[name])))
        for n in range(N)
        for name in problem.names
    )
    assert np.max(np.abs(mean - whole)) <= 2 * (N + 4) * EPS * max(scale, largest_term)


def test_epochs_differ_in_order_and_seeds_too() -> None:
    rule = optimisers.mini_batch(30, 30, seed=0)
    first = rule.init({})
    _, second = rule.step({}, {}, first, LEARNING_RATE)
    other = optimisers.mini_batch(30, 30, seed=1).init({})
    assert (second.epoch, second.next) == (1, 0)
    assert first.order.tolist() != second.order.tolist()
    assert first.order.tolist() != other.order.tolist()


def test_ascent_is_descent_on_the_negated_loss() -> None:
    up = line_objective(9)
    down = Objective(
        names=up.names,
        loss=lambda parameters: -up.loss(parameters),
        gradient=lambda parameters, rows: {
            name: np.asarray(-value) for name, value in up.gradient(parameters, rows).items()
        },
    )
    ascent = descend(up, LINE_START, 0.01, 10, optimisers.gradient_ascent)
    descent = descend(down, LINE_START, 0.01, 10)
    np.testing.assert_array_equal(ascent.parameters["w"], descent.parameters["w"])
    np.testing.assert_array_equal(ascent.losses, -descent.losses)
    assert np.all(np.diff(ascent.losses) > 0)


@pytest.mark.parametrize("size", [0, 13], ids=["none", "too_many"])
def test_an_impossible_batch_size_is_answered_with_one_sentence(size: int) -> None:
    with pytest.raises(ValueError, match=f"between 1 and the number of samples.*{size} for 12"):
        optimisers.mini_batch(12, size)


def test_a_trajectory_keeps_the_start_and_the_end() -> None:
    path = descend(line_objective(9), LINE_START, 0.01, 10, keep_every=4)
    assert path.steps == (0, 4, 8, 10)
    assert {name: float(value) for name, value in path.start.items()} == LINE_START
    assert path.parameters["w"].shape == path.losses.shape == (4,)
    every = descend(line_objective(9), LINE_START, 0.01, 10)
    assert path.end == every.end


def test_a_start_with_other_names_is_refused() -> None:
    with pytest.raises(ValueError, match="needs the parameters w, b, got m, b"):
        descend(line_objective(3), {"m": 0.0, "b": 0.0}, 0.1, 1)


@pytest.mark.parametrize(("steps", "keep_every"), [(-1, 1), (1, 0)], ids=["steps", "keep_every"])
def test_impossible_lengths_are_refused(steps: int, keep_every: int) -> None:
    with pytest.raises(ValueError, match="steps ≥ 0 and keep_every ≥ 1"):
        descend(line_objective(3), LINE_START, 0.1, steps, keep_every=keep_every)


def consistent_line(N: int = 12) -> Objective:
    """Points exactly on 2x + 1: every sample alone has its minimum there too."""
    X = np.linspace(-2.0, 2.0, N)
    return objective(line, {"X": X, "y": 2 * X + 1})


@pytest.mark.parametrize(
    ("rule", "learning_rate", "steps"),
    [
        pytest.param(optimisers.gradient_descent, 0.2, 200, id="gradient_descent"),
        pytest.param(optimisers.mini_batch(12, 4, seed=1), 0.1, 900, id="mini_batch"),
        pytest.param(optimisers.online(12, seed=1), 0.05, 3000, id="online"),
        pytest.param(optimisers.adagrad, 1.0, 600, id="adagrad"),
        pytest.param(optimisers.adam, 0.1, 3000, id="adam"),
    ],
)
def test_every_rule_reaches_the_same_minimum(rule: Rule, learning_rate: float, steps: int) -> None:
    path = descend(consistent_line(), LINE_START, learning_rate, steps, rule, keep_every=steps)
    reached = np.array([float(path.end["w"]), float(path.end["b"])])
    # A gradient's rounding, 12 + 8 terms of size |x|(|wx| + |b| + |y|) deep, over the smallest
    # curvature, 2 or more.
    allowed = (12 + 8) * EPS * 2.0 * (2 * 2.0 + 1 + 5)
    assert np.max(np.abs(reached - [2.0, 1.0])) <= allowed
