"""Is the rounding that the battery allows enough for any order of a sum, and not much more?"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from checks.battery.gradient import GRADIENT_REFERENCE
from checks.battery.rounding import EPSILON, allowed_rounding
from checks.battery.values import LOSS
from checks.battery.vectorised import SIZES
from checks.candidate import Candidate
from checks.grading import oracle_for
from checks.respondent import Local
from checks.result import Verdict
from reference.activation import sigmoid
from reference.catalogue import entry
from reference.contract import Array, Arrays
from reference.models import mlp, sigmoid_cross_entropy

SEED = 11


def dot(arrays: Arrays) -> Array:
    return np.asarray(arrays["x"] @ arrays["w"])


def drawn(n: int) -> dict[str, Array]:
    rng = np.random.default_rng(SEED)
    return {"x": rng.standard_normal(n), "w": rng.standard_normal(n)}


@pytest.mark.parametrize("n", SIZES)
def test_a_sum_in_any_order_is_within_the_allowance(n: int) -> None:
    arrays = drawn(n)
    terms = arrays["x"] * arrays["w"]
    rng = np.random.default_rng(SEED)
    orders = (terms, terms[::-1], np.sort(terms), np.sort(terms)[::-1], rng.permutation(terms))
    sums = [list(itertools.accumulate(order.tolist()))[-1] for order in orders]
    allowed = float(allowed_rounding(dot, arrays, SEED))
    assert max(sums) - min(sums) <= allowed


def test_a_few_hundred_roundings_are_too_many() -> None:
    one = {"x": np.array([1.0])}
    assert float(allowed_rounding(lambda arrays: arrays["x"], one, SEED)[0]) < 500 * EPSILON


def test_a_small_entry_has_its_own_allowance() -> None:
    both = {"x": np.array([1.0, 2.0**-40])}
    large, small = allowed_rounding(lambda arrays: arrays["x"], both, SEED).tolist()
    assert small < large / 2**39


def test_cancellation_is_allowed_for() -> None:
    near = {"x": np.array([1.0]), "w": np.array([1.0 + 2.0**-30])}
    allowed = float(allowed_rounding(lambda a: a["x"] - a["w"], near, SEED)[0])
    assert allowed > EPSILON


@pytest.mark.parametrize("model", ["line", "multilinear", "bowl"])
def test_a_gradient_out_of_updates_is_allowed_what_a_small_rate_costs(model: str) -> None:
    update = entry(model).module.update
    only = Candidate("tried", entry(model), Local({"update": update}), "twin")
    oracle = oracle_for(entry(model), SEED)
    case = replace(oracle.points[0], learning_rate=2.0**-30)
    assert GRADIENT_REFERENCE.run(only, case, oracle).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("allowances", "expected"),
    [(0, Verdict.PASSED), (3, Verdict.FAILED)],
    ids=["right", "three allowances off"],
)
@pytest.mark.parametrize("case", ["tall", "saturated"])
def test_a_loss_of_logits_is_that_of_its_own_wrong_predictions(
    case: str, allowances: float, expected: Verdict
) -> None:
    """However close they are to 1, where 1 − p has lost most of its digits."""
    oracle = oracle_for(entry("mlp"), SEED)
    at = next(point for point in oracle.points if point.name == case)

    def logits(X: Array, **of: Array) -> Array:
        hidden = sigmoid(np.tanh(X @ of["W1"] + of["b1"]) @ of["W2"] + of["b2"])
        return np.asarray(hidden @ of["W3"] + of["b3"])

    def predict(X: Array, **of: Array) -> Array:
        return sigmoid(logits(X, **of))

    def loss(X: Array, y: Array, **of: Array) -> float:
        rounding = oracle.loss_of_prediction(predict(X, **of), at)[1]
        return sigmoid_cross_entropy.loss(y, logits(X, **of)) + allowances * rounding

    tried = Candidate("tried", entry("mlp"), Local({"predict": predict, "loss": loss}), "twin")
    assert LOSS.run(tried, at, oracle).verdict is expected


def test_a_loss_of_wrong_predictions_rounded_to_one_is_not_decided() -> None:
    """A hundred times the logits: where σ rounds to 1 and y = 0, only the logits know the loss."""
    oracle = oracle_for(entry("mlp"), SEED)

    def predict(X: Array, **of: Array) -> Array:
        return sigmoid(100 * mlp.forward(X, **of)[2])

    def loss(X: Array, y: Array, **of: Array) -> float:
        return sigmoid_cross_entropy.loss(y, 100 * mlp.forward(X, **of)[2])

    tried = Candidate("tried", entry("mlp"), Local({"predict": predict, "loss": loss}), "twin")
    found = {LOSS.run(tried, at, oracle).verdict for at in oracle.points}
    assert found == {Verdict.PASSED, Verdict.UNDECIDED}


def test_a_wrong_loss_of_right_predictions_is_decided_wherever_they_are() -> None:
    oracle = oracle_for(entry("mlp"), SEED)

    def loss(X: Array, y: Array, **of: Array) -> float:
        return 2 * sigmoid_cross_entropy.loss(y, mlp.forward(X, **of)[2])

    made = Local({"predict": mlp.predict, "loss": loss})
    tried = Candidate("tried", entry("mlp"), made, "mutant")
    assert {LOSS.run(tried, at, oracle).verdict for at in oracle.points} == {Verdict.FAILED}
