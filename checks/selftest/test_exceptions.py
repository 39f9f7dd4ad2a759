"""Rulings 14 and 15: what is a remark and no failure, and what must hold at extreme inputs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from checks.battery.guards import LARGEST_CLIP
from checks.battery.stability import NOT_FINITE, OVERFLOW
from checks.selftest.graded import Functions, failed, first_failure, functions, report
from reference.activation import sigmoid
from reference.catalogue import entry
from reference.models import sigmoid_cross_entropy


@pytest.mark.parametrize("guard", [1e-15, 1e-9, 1e-7])
def test_an_epsilon_guard_is_a_remark(guard: float) -> None:
    def loss(y: Any, p: Any) -> float:
        return float(-np.mean(y * np.log(p + guard) + (1 - y) * np.log(1 - p + guard)))

    graded = report("binary_cross_entropy", functions("binary_cross_entropy", loss=loss))
    assert failed(graded) == set()


@pytest.mark.parametrize(("guard", "blamed"), [(1e-8, False), (1e-5, True)], ids=str)
def test_a_guard_in_a_networks_gradient_is_a_remark(guard: float, blamed: bool) -> None:
    mlp = entry("mlp").module

    def gradient(X: Any, y: Any, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any) -> Any:
        a1, a2, z3 = mlp.forward(X, W1, b1, W2, b2, W3, b3)
        p = 1 / (1 + np.exp(-z3))
        by_probability = ((1 - y) / (1 - p + guard) - y / (p + guard)) / len(y)
        delta3 = by_probability * p * (1 - p)
        delta2 = delta3 @ W3.T * a2 * (1 - a2)
        delta1 = delta2 @ W2.T * a1 * (1 - a1)
        steps = ((X, delta1), (a1, delta2), (a2, delta3))
        return tuple(part for a, d in steps for part in (a.T @ d, d.sum(axis=0)))

    graded = report("mlp", functions("mlp", gradient=gradient, update=None))
    asked = [r for r in graded.results if r.check == "gradient_reference"]
    remarked = any("epsilon guard" in remark for result in asked for remark in result.remarks)
    assert ("gradient_reference" in failed(graded), remarked) == (blamed, not blamed)


def test_a_large_epsilon_is_an_error() -> None:
    def loss(y: Any, p: Any) -> float:
        return float(-np.mean(y * np.log(p + 1e-3) + (1 - y) * np.log(1 - p + 1e-3)))

    graded = report("binary_cross_entropy", functions("binary_cross_entropy", loss=loss))
    assert "loss" in failed(graded)


def by_quotients(kind: str, step: float) -> Functions:
    """The line with a difference quotient for a gradient."""

    def loss(X: Any, y: Any, w: Any, b: Any) -> float:
        return float(np.mean((y - (w * X + b)) ** 2))

    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        back = step if kind == "central" else 0.0
        return (
            (loss(X, y, w + step, b) - loss(X, y, w - back, b)) / (step + back),
            (loss(X, y, w, b + step) - loss(X, y, w, b - back)) / (step + back),
        )

    return functions("line", loss=loss, gradient=gradient, update=None)


@pytest.mark.parametrize(
    ("kind", "step"), [("forward", 1e-8), ("forward", 1e-5), ("central", 1e-6), ("central", 1e-5)]
)
def test_a_difference_quotient_fails_by_its_name(kind: str, step: float) -> None:
    graded = report("line", by_quotients(kind, step))
    named = [r.diagnosis for r in graded.results if r.diagnosis and r.check != "convergence"]
    patterns = {diagnosis.pattern for diagnosis in named}
    assert (failed(graded) - {"convergence"}, patterns) == (
        {"gradient_own", "gradient_reference"},
        {"finite differences"},
    )
    assert all(f"a {kind} difference quotient" in diagnosis.sentence for diagnosis in named)


def test_a_difference_quotient_may_be_allowed() -> None:
    graded = report("line", by_quotients("central", 1e-6), allow_finite_differences=True)
    assert failed(graded) == set()
    remarks = [text for r in graded.results if r.check == "gradient_own" for text in r.remarks]
    assert any("difference quotient" in text for text in remarks)


def test_a_clip_of_the_logit_far_out_is_accepted() -> None:
    def predict(X: Any, w: Any) -> Any:
        return 1 / (1 + np.exp(-np.clip(X @ w, -500, 500)))

    assert failed(report("neuron", functions("neuron", predict=predict))) == set()


def test_a_clip_of_the_logit_near_by_fails_stability() -> None:
    def predict(X: Any, w: Any) -> Any:
        return 1 / (1 + np.exp(-np.clip(X @ w, -20, 20)))

    assert failed(report("neuron", functions("neuron", predict=predict))) == {"stability"}


@pytest.mark.parametrize(("clip", "blamed"), [(1e-12, set()), (4e-12, {"stability"})], ids=str)
def test_a_saturated_value_may_be_clipped_by_a_millionth_of_a_millionth(
    clip: float, blamed: set[str]
) -> None:
    def predict(X: Any, w: Any) -> Any:
        with np.errstate(over="ignore"):
            return np.clip(1 / (1 + np.exp(-(X @ w))), clip, 1 - clip)

    assert failed(report("neuron", functions("neuron", predict=predict))) == blamed


def test_what_is_not_saturated_may_not_be_off_by_as_much() -> None:
    def predict(X: Any, w: Any) -> Any:
        return X * w + (LARGEST_CLIP / 2 if np.max(np.abs(X)) < 0.001 else 0.0)

    assert failed(report("slope", functions("slope", predict=predict))) == {"stability"}


def kept_within(limit: float) -> Callable[[Any], Any]:
    """A sigmoid of logits that are kept within ±limit: off by e^(−limit) far out."""
    return lambda z: 1 / (1 + np.exp(-np.clip(z, -limit, limit)))


def clipped_inside(model: str, limit: float) -> Functions:
    """A model whose sigmoids are all clipped, with a loss and a gradient and nothing else."""
    own, module = kept_within(limit), entry(model).module

    def loss(**given: Any) -> float:
        X, y, p = given.pop("X"), given.pop("y"), given
        if "w" in p:
            error = own(X @ p["w"] + p.get("b", 0.0)) - y
            return float(np.mean(error**2) if model == "neuron" else np.sum(error**2) / 2)
        hidden = own(X @ p["W1"] + p.get("b1", 0.0)) @ p["W2"] + p.get("b2", 0.0)
        if model == "mlp":
            z = own(hidden) @ p["W3"] + p["b3"]
            return float(np.mean(np.logaddexp(0, z) - y * z))
        return float(np.sum((hidden - y) ** 2)) / 2

    return {"loss": loss, "gradient": module.gradient}


SQUARED = ("neuron", "sigmoid_unit", "network", "network_biased")


@pytest.mark.parametrize("model", [*SQUARED, "mlp"])
def test_a_loss_may_be_moved_by_clips_inside(model: str) -> None:
    assert failed(report(model, clipped_inside(model, -math.log(LARGEST_CLIP / 2)))) == set()


@pytest.mark.parametrize("model", SQUARED)
def test_a_loss_may_not_be_moved_by_large_clips_inside(model: str) -> None:
    clipped = clipped_inside(model, -math.log(64 * LARGEST_CLIP))
    assert failed(report(model, clipped)) == {"stability"}


@pytest.mark.parametrize(
    ("clip", "blamed"), [(LARGEST_CLIP / 2, set()), (64 * LARGEST_CLIP, {"stability"})], ids=str
)
def test_a_prediction_may_be_moved_by_clips_in_a_hidden_layer(
    clip: float, blamed: set[str]
) -> None:
    def predict(X: Any, W1: Any, W2: Any) -> Any:
        return kept_within(-math.log(clip))(X @ W1) @ W2

    assert failed(report("network", functions("network", predict=predict))) == blamed


def test_a_coarse_clip_fails_predict_alone() -> None:
    def predict(X: Any, w: Any) -> Any:
        return np.clip(entry("neuron").module.predict(X, w), 0.01, 0.99)

    assert failed(report("neuron", functions("neuron", predict=predict))) == {"predict"}


def test_a_loss_that_is_wrong_far_out_does_not_fail_stability() -> None:
    def loss(x: Any) -> float:
        return float(x * x if abs(x) < 2 else 4 * abs(x) - 4)

    blamed = failed(report("parabola", functions("parabola", loss=loss)))
    assert blamed == {"loss", "gradient_own"}


@pytest.mark.parametrize("hidden", [np.tanh, lambda z: np.maximum(z, 0)], ids=["tanh", "relu"])
def test_a_loss_of_wrong_predictions_does_not_fail_stability(hidden: Any) -> None:
    """Far out they are rounded to 0 or 1, and whether its logits are theirs is not to be seen."""

    def logits(X: Any, W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any) -> Any:
        return hidden(hidden(X @ W1 + b1) @ W2 + b2) @ W3 + b3

    def predict(X: Any, **of: Any) -> Any:
        return sigmoid(logits(X, **of))

    def loss(X: Any, y: Any, **of: Any) -> float:
        return sigmoid_cross_entropy.loss(y, logits(X, **of))

    blamed = failed(report("mlp", functions("mlp", predict=predict, loss=loss)))
    assert blamed & {"predict", "loss", "stability"} == {"predict"}


def test_an_overflow_fails_stability_alone() -> None:
    def predict(X: Any, w: Any) -> Any:
        return 1 / (1 + np.exp(-(X @ w)))

    graded = report("neuron", functions("neuron", predict=predict))
    assert failed(graded) == {"stability"}
    assert "overflow" in first_failure(graded, "stability")


@pytest.mark.parametrize(
    ("warns", "word"),
    [
        pytest.param(lambda: np.exp(np.array([1e4])), "overflow", id="overflow"),
        pytest.param(lambda: np.sqrt(np.array([-1.0])), "invalid", id="invalid"),
        pytest.param(lambda: np.log(np.array([0.0])), "divide", id="divide"),
    ],
)
def test_a_right_value_with_a_warning_fails_stability(warns: Callable[[], Any], word: str) -> None:
    def predict(X: Any, w: Any, b: Any) -> Any:
        warns()
        return w * X + b

    graded = report("line", functions("line", predict=predict))
    assert failed(graded) == {"stability"}
    assert word in first_failure(graded, "stability")


@pytest.mark.parametrize(
    ("act", "pattern"),
    [
        pytest.param(lambda: np.exp(np.array([1e4])), OVERFLOW, id="a warning of overflow"),
        pytest.param(lambda: math.exp(1e4), OVERFLOW, id="an exception of overflow"),
        pytest.param(lambda: np.log(np.array([0.0])), NOT_FINITE, id="a logarithm of 0"),
    ],
)
def test_what_fails_at_extremes_is_named(act: Callable[[], Any], pattern: str) -> None:
    neuron = entry("neuron").module

    def predict(X: Any, w: Any) -> Any:
        if np.max(np.abs(X @ w)) > np.log(np.finfo(np.float64).max):
            act()
        return neuron.predict(X, w)

    graded = report("neuron", functions("neuron", predict=predict))
    assert failed(graded) == {"stability"}
    named = {r.diagnosis.pattern for r in graded.results if r.diagnosis is not None}
    assert named == {pattern}


def test_an_underflow_is_no_failure() -> None:
    def predict(X: Any, w: Any, b: Any) -> Any:
        with np.errstate(under="warn"):
            return w * X + b + 0 * np.exp(np.array(-1e4))

    assert failed(report("line", functions("line", predict=predict))) == set()
