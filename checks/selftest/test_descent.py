"""Does descent take the steps of its rule, over the samples that the rule asks for?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checks.engine.scale import EPS
from reference import datasets, optimisers
from reference.contract import Array
from reference.descent import Objective, descend, objective
from reference.models import line

LEARNING_RATE = 0.25

Rule = Any  # an optimiser of any state


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
