"""D2's claims about training, recomputed: the perceptron on handwritten digits 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from checks.engine.scale import EPS
from reference import datasets
from reference.contract import Array
from reference.descent import descend, objective
from reference.loops import LOOPS
from reference.models import mlp

WIDTHS = (64, 128, 128, 1)
STEPS, LEARNING_RATE = 100, 0.5
SEEDS = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Training:
    """One training: its loss on the training part (N, 64), and the share of right answers."""

    loss: float
    trained: float
    held_out: float
    held_out_count: int
    end: Mapping[str, Array]


def start(seed: int, weights: str) -> dict[str, Array]:
    """Weights by name: every unit's of unit norm, plain standard normals, ten times them, or 0."""
    generator = np.random.default_rng(seed)
    parameters = {}
    for k in (1, 2, 3):
        W = generator.standard_normal((WIDTHS[k - 1], WIDTHS[k]))
        scaled = {
            "unit norm": W / np.linalg.norm(W, axis=0),
            "standard normal": W,
            "tenfold": 10 * W,
            "zero": 0 * W,
        }
        parameters[f"W{k}"] = scaled[weights]
        parameters[f"b{k}"] = np.zeros(WIDTHS[k])
    return parameters


@cache
def training(seed: int, weights: str = "unit norm") -> Training:
    """The training from that start, on three quarters of the digits drawn by the same seed."""
    digits = datasets.digits_zero_one()
    order = np.random.default_rng([seed, 1]).permutation(len(digits))
    rows, others = np.split(order, [3 * len(digits) // 4])
    problem = objective(mlp, {"X": digits.X[rows], "y": digits.y[rows]})
    # On a loaded machine the threads of the linear algebra wait for each other: 0.2 s become 30.
    with threadpool_limits(limits=1):
        path = descend(problem, start(seed, weights), LEARNING_RATE, STEPS, keep_every=STEPS)

    def right(rows: NDArray[np.intp]) -> float:
        return float(np.mean((mlp.predict(digits.X[rows], **path.end) > 0.5) == digits.y[rows]))

    return Training(float(path.losses[-1]), right(rows), right(others), len(others), path.end)


def guessed() -> float:
    """The share of the commoner digit: what guessing reaches."""
    ones = float(np.mean(datasets.digits_zero_one().y))
    return max(ones, 1 - ones)


@pytest.mark.parametrize("seed", SEEDS)
def test_d2_5_the_perceptron_learns_the_digits_and_keeps_it_for_new_ones(seed: int) -> None:
    # Five standard deviations of a guesser's score on so many digits: no guesser gets there.
    done = training(seed)
    beyond_guessing = guessed() + 5 * 0.5 / np.sqrt(done.held_out_count)
    assert done.trained > beyond_guessing
    assert done.held_out > beyond_guessing


def test_d2_5_a_perceptron_that_does_not_move_only_guesses() -> None:
    done = training(0, "zero")
    assert done.held_out <= guessed() + 5 * 0.5 / np.sqrt(done.held_out_count)


def test_d2_4_the_trained_loss_is_not_convex() -> None:
    # The hidden units in another order cost the same; half-way between the two costs more.
    digits = datasets.digits_zero_one()
    end = dict(training(0).end)
    turned = {**end, "W1": end["W1"][:, ::-1], "b1": end["b1"][::-1], "W2": end["W2"][::-1]}
    between = {name: (end[name] + turned[name]) / 2 for name in end}
    here, there, middle = (mlp.loss(digits.X, digits.y, **p) for p in (end, turned, between))
    # 64 + 128 + 128 terms on the way through the layers, the logits' size beside the loss.
    assert abs(here - there) <= (64 + 128 + 128) * EPS * float(np.sum(np.abs(end["W3"])))
    assert middle > max(here, there)


def test_d2_14_from_zeros_the_units_of_a_layer_stay_equal() -> None:
    # By the plain Python loops: a matrix product may round equal columns in different ways.
    generator = np.random.default_rng(14)
    data = {"X": generator.normal(size=(6, 3)), "y": generator.integers(0, 2, (6, 1))}
    shapes = {"W1": (3, 4), "b1": (4,), "W2": (4, 5), "b2": (5,), "W3": (5, 1), "b3": (1,)}
    parameters: dict[str, Any] = {name: np.zeros(shape) for name, shape in shapes.items()}
    for _ in range(20):
        updated: Any = LOOPS["mlp"](**data, learning_rate=2.0, **parameters)
        parameters = dict(zip(shapes, updated, strict=True))
    for name in ("W1", "b1", "W2", "b2"):
        first = parameters[name][..., :1]
        np.testing.assert_array_equal(parameters[name], first * np.ones(shapes[name][-1]))
        assert np.any(first != 0)


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_d2_14_the_start_decides_how_far_the_loss_gets(seed: int) -> None:
    losses = [training(seed, weights).loss for weights in ("unit norm", "tenfold", "zero")]
    assert losses == sorted(losses)


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_d2_15_plain_standard_normals_do_better_here_than_unit_norm(seed: int) -> None:
    assert training(seed, "standard normal").loss < training(seed, "unit norm").loss
