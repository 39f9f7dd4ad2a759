"""Slips with a sigmoid at the end of a model, or in it: each is told by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from checks.candidate import Candidate
from checks.grading import grade
from checks.respondent import Local
from checks.result import Verdict
from checks.selftest.graded import functions
from reference.activation import sigmoid
from reference.catalogue import entry
from reference.contract import Array
from reference.models import mlp

Activation = Callable[[Array], Array]


def told(model: str, question: str, **replaced: Callable[..., Any]) -> set[str]:
    """The patterns that this question tells, of cases that fail; "" where one tells nothing."""
    made = Local(functions(model, **replaced))
    candidate = Candidate("tried", entry(model), made, "mutant")
    results = grade(candidate, seed=3, only=frozenset({question})).results
    failed = [result for result in results if result.verdict is Verdict.FAILED]
    assert failed
    return {result.diagnosis.pattern if result.diagnosis else "" for result in failed}


def ending_in(model: str, last: Activation) -> Callable[..., Array]:
    """The model's predict with another function in the place of its last sigmoid."""

    def unit(X: Array, w: Array, b: float = 0.0) -> Array:
        return last(X @ w + b)

    def network(X: Array, **parameters: Array) -> Array:
        return last(mlp.forward(X, **parameters)[2])

    def alone(z: Array) -> Array:
        return last(np.asarray(z))

    by_name: dict[str, Callable[..., Array]] = {"mlp": network, "sigmoid_cross_entropy": alone}
    return by_name.get(model, unit)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (np.tanh, "tanh for sigmoid"),
        (lambda z: sigmoid(-z), "exponent without minus"),
        (lambda z: 1.0 * z, "sigmoid missing"),
    ],
    ids=["tanh", "no minus", "none"],
)
@pytest.mark.parametrize("model", ["neuron", "sigmoid_unit", "sigmoid_cross_entropy", "mlp"])
def test_another_last_function_is_told(model: str, last: Activation, expected: str) -> None:
    assert told(model, "predict", predict=ending_in(model, last)) == {expected}


def test_one_that_is_in_no_table_is_not_told_as_another() -> None:
    arc = ending_in("neuron", lambda z: 0.5 + np.arctan(z) / np.pi)
    assert told("neuron", "predict", predict=arc) == {""}


@pytest.mark.parametrize("model", ["neuron", "sigmoid_unit"])
def test_the_derivative_of_tanh_is_told(model: str) -> None:
    def gradient(X: Array, y: Array, w: Array, b: float | None = None) -> Any:
        a = sigmoid(X @ w + (b or 0.0))
        delta = (a - y) * (1 - a**2)
        return 2 * X.T @ delta / len(y) if b is None else (X.T @ delta, np.sum(delta))

    assert told(model, "gradient_own", gradient=gradient) == {"tanh prime"}


def test_the_derivative_of_tanh_is_told_in_a_layer() -> None:
    def backward(z: Array, upstream: Array) -> Array:
        return np.asarray(upstream * (1 - sigmoid(np.asarray(z)) ** 2))

    assert told("sigmoid", "gradient_own", backward=backward) == {"tanh prime"}


def test_a_neuron_with_the_gradient_of_cross_entropy_is_told() -> None:
    def gradient(X: Array, y: Array, w: Array) -> Array:
        return np.asarray(X.T @ (sigmoid(X @ w) - y) / len(y))

    pattern = "cross entropy instead of square error"
    assert told("neuron", "gradient_own", gradient=gradient) == {pattern}
