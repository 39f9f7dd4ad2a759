"""D1's claims, recomputed: one sigmoid neuron without bias."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from checks import check_gradient
from checks.documents import defects
from checks.documents.claim import disagreements
from checks.documents.ledger import claim
from checks.documents.reproduction import INPUT, TARGET, trained_neuron
from checks.engine.scale import EPS
from reference.contract import Array
from reference.models import neuron, sigmoid

Gradient = Callable[..., Any]
BOTH = [
    pytest.param(defects.neuron_gradient, 0, id="as_listed"),
    pytest.param(neuron.gradient, 1, id="right"),
]


def test_d1_1_the_target_needs_this_weight() -> None:
    observed = math.log(0.3 / 0.7) / 0.1
    rounding = 4 * EPS * abs(observed)
    assert disagreements([observed], claim("D1.1").found, rounding=rounding) == []
    meets = neuron.predict(INPUT, np.array([observed]))
    assert abs(float(meets[0]) - 0.3) <= 8 * EPS


def test_d1_2_a_gradient_check_sees_what_convergence_does_not() -> None:
    w = np.array([0.5])

    def loss(w: Array) -> float:
        return neuron.loss(INPUT, TARGET, w)

    right = check_gradient(loss, lambda w: neuron.gradient(INPUT, TARGET, w), {"w": w})
    listed = check_gradient(loss, lambda w: defects.neuron_gradient(INPUT, TARGET, w), {"w": w})
    assert (right.verdict.value, listed.verdict.value) == ("passed", "failed")


@pytest.mark.parametrize(("gradient", "column"), BOTH)
def test_d1_3_rate_one_half_reaches_the_target_in_ten_thousand(
    gradient: Gradient, column: int
) -> None:
    end = float(trained_neuron(gradient, 0.5, 10_000)[-1])
    assert disagreements([end], [claim("D1.3").found[column]]) == []
    assert disagreements([end], ["0.30"]) == []  # the target, as it can be read off a figure


@pytest.mark.parametrize(("gradient", "column"), BOTH)
def test_d1_4_rate_one_hundredth_is_far_from_the_target_after_fifty_thousand(
    gradient: Gradient, column: int
) -> None:
    end = float(trained_neuron(gradient, 0.01, 50_000)[-1])
    assert disagreements([end], [claim("D1.4").found[column]]) == []
    assert disagreements([end], ["0.3"]) != []


def test_d1_5_two_inputs_make_a_sum_of_products() -> None:
    X, w = np.array([[0.1, 0.4]]), np.array([0.5, -0.7])
    expected = 1 / (1 + math.exp(-(0.1 * 0.5 + 0.4 * -0.7)))
    assert abs(expected - float(neuron.predict(X, w)[0])) <= 8 * EPS
    for _ in range(10_000):
        w = neuron.update(X, TARGET, 0.5, w)
    assert disagreements(neuron.predict(X, w), ["0.300"]) == []


def test_d1_6_the_sigmoid_and_its_derivative() -> None:
    z = np.linspace(-5.0, 5.0, 11)
    output = sigmoid.forward(z)
    assert np.all((output > 0) & (output < 1))
    expected = output * (1 - output)
    assert np.max(np.abs(expected - sigmoid.backward(z, np.ones(11)))) <= 8 * EPS
    check_gradient(
        lambda z: float(np.sum(sigmoid.forward(z))),
        lambda z: sigmoid.backward(z, np.ones(11)),
        {"z": z},
    ).require()


@pytest.mark.parametrize("w", [-8.0, 0.5, 3.0])
def test_d1_7_the_chain_of_three_factors_is_the_gradient(w: float) -> None:
    predicted = 1 / (1 + math.exp(-0.1 * w))
    chained = 2 * (predicted - 0.3) * predicted * (1 - predicted) * 0.1
    observed = float(neuron.gradient(INPUT, TARGET, np.array([w]))[0])
    # predicted − target loses digits where they are close: its terms, not itself, set the scale.
    assert abs(chained - observed) <= 16 * EPS * 2 * (predicted + 0.3) * 0.25 * 0.1


@pytest.mark.parametrize(("gradient", "column"), BOTH)
def test_d1_8_a_larger_rate_is_nearer_after_the_same_iterations(
    gradient: Gradient, column: int
) -> None:
    distances = [
        abs(float(trained_neuron(gradient, rate, 2000)[-1]) - 0.3) for rate in (0.01, 0.1, 0.5, 5.0)
    ]
    assert distances == sorted(distances, reverse=True)
    assert len(set(distances)) == 4


@pytest.mark.parametrize(("gradient", "column"), BOTH)
def test_d1_9_the_error_falls_at_every_iteration(gradient: Gradient, column: int) -> None:
    errors = (trained_neuron(gradient, 0.5, 10_000) - 0.3) ** 2
    assert np.all(np.diff(errors) < 0)


@pytest.mark.parametrize("learning_rate", [0.001, 0.01, 0.5])
def test_d1_10_the_update_is_the_weight_less_rate_times_gradient(learning_rate: float) -> None:
    w = np.array([0.5])
    expected = w - learning_rate * neuron.gradient(INPUT, TARGET, w)
    observed = neuron.update(INPUT, TARGET, learning_rate, w)
    assert np.max(np.abs(expected - observed)) <= EPS
