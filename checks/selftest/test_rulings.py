"""The rulings of the contract on verdicts: which question a mistake fails, and which it spares.

Binding (rulings 1 and 2) is the worker's and is tested with it; the forms of an answer are
`test_answer_forms`, rulings 14 and 15 `test_exceptions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from checks.result import Verdict
from checks.selftest.graded import SEED, failed, first_failure, functions, report, verdicts
from reference.catalogue import entry

line = entry("line").module
multilinear = entry("multilinear").module


def test_an_argument_changed_in_place_is_found() -> None:
    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        answer = multilinear.gradient(X, y, w, b)
        X -= 1
        return answer

    graded = report("multilinear", functions("multilinear", gradient=gradient))
    assert "X changed in place" in first_failure(graded, "contract")
    assert verdicts(graded, "gradient_own") == {Verdict.BLOCKED}
    assert verdicts(graded, "loss") == {Verdict.PASSED}


def test_an_array_of_any_shape_is_an_array_where_its_rank_is_0() -> None:
    """Masks, empty_like and reshape, with which sigmoids are written, do not work on a float."""

    def forward(z: Any) -> Any:
        value = np.empty_like(z)
        positive = z >= 0
        value[positive] = 1 / (1 + np.exp(-z[positive]))
        value[~positive] = 1 - 1 / (1 + np.exp(z[~positive]))
        return value.reshape(z.shape)

    graded = report("sigmoid", functions("sigmoid", forward=forward))
    assert failed(graded) == set()
    assert graded.passed


def test_a_documented_scalar_is_a_float_but_for_one_case() -> None:
    def ranked(X: Any, w: Any, b: Any) -> Any:
        return line.predict(X, w, b) + (type(b) is not float)

    wrong = {
        result.case
        for result in report("line", functions("line", predict=ranked)).results
        if result.check == "predict" and result.verdict is Verdict.FAILED
    }
    assert wrong == {"zero_dimensional"}


@pytest.mark.parametrize(
    ("broken_at", "descents"),
    [
        pytest.param(lambda n: n == 1, Verdict.PASSED, id="one point"),
        pytest.param(lambda n: True, Verdict.BLOCKED, id="every point"),
    ],
)
def test_a_contract_failure_blocks_the_descents_if_it_is_at(
    broken_at: Callable[[int], bool], descents: Verdict
) -> None:
    def update(X: Any, y: Any, learning_rate: Any, w: Any, b: Any) -> Any:
        moved = line.update(X, y, learning_rate, w, b)
        return moved[:1] if broken_at(len(y)) else moved

    graded = report("line", functions("line", update=update))
    assert failed(graded) == {"contract"}
    assert verdicts(graded, "convergence") == {descents}


@dataclass
class Remembering:
    """A gradient that answers with the one before."""

    last: Any = None

    def __call__(self, X: Any, y: Any, w: Any, b: Any) -> Any:
        answer, self.last = self.last, line.gradient(X, y, w, b)
        return answer or self.last


def test_memory_between_calls_is_found() -> None:
    graded = report("line", functions("line", gradient=Remembering()))
    assert "contract" in failed(graded)
    assert "with other calls in between" in first_failure(graded, "contract")


def test_the_last_digits_may_differ_between_calls() -> None:
    rng = np.random.default_rng(SEED)

    def loss(X: Any, y: Any, w: Any, b: Any) -> float:
        order = rng.permutation(len(y))
        return float(line.loss(X[order], y[order], w, b))

    assert "contract" not in failed(report("line", functions("line", loss=loss)))


def test_predict_and_update_are_enough() -> None:
    graded = report("line", functions("line", loss=None, gradient=None))
    assert graded.complete
    assert failed(graded) == set()
    assert verdicts(graded, "gradient_own") == {Verdict.PASSED}


def test_loss_and_gradient_are_enough() -> None:
    graded = report("line", functions("line", predict=None, update=None))
    assert failed(graded) == set()
    assert verdicts(graded, "predict") == verdicts(graded, "update") == {Verdict.BLOCKED}
    assert verdicts(graded, "convergence") == {Verdict.PASSED}


def test_neither_gradient_nor_update_is_not_enough() -> None:
    graded = report("line", functions("line", gradient=None, update=None))
    assert failed(graded) == {"contract"}
    assert "a function gradient or update" in first_failure(graded, "contract")
    assert verdicts(graded, "gradient_own") == {Verdict.BLOCKED}
    assert verdicts(graded, "loss") == {Verdict.PASSED}


def test_a_wrong_predict_alone_fails_only_predict() -> None:
    given = functions("line", predict=lambda X, w, b: line.predict(X, w, b) + 1)
    assert failed(report("line", given)) == {"predict"}


def test_a_loss_of_its_own_wrong_predictions_is_right() -> None:
    def predict(X: Any, w: Any, b: Any) -> Any:
        return 2 * line.predict(X, w, b)

    def loss(X: Any, y: Any, w: Any, b: Any) -> float:
        return float(np.mean((predict(X, w, b) - y) ** 2))

    graded = report("line", functions("line", predict=predict, loss=loss))
    assert "loss" not in failed(graded)
    assert {"predict", "gradient_own"} <= failed(graded)


def test_a_layer_is_asked_by_its_upstream() -> None:
    dense = entry("dense").module

    def backward(X: Any, W: Any, b: Any, upstream: Any) -> Any:
        return dense.backward(X, W, b, np.ones_like(upstream))

    graded = report("dense", functions("dense", backward=backward))
    assert {"gradient_own", "gradient_reference"} <= failed(graded)
    assert verdicts(graded, "predict") == {Verdict.PASSED}


def test_an_array_of_all_pairs_fails_vectorised() -> None:
    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        residual = line.predict(X, w, b) - y
        pairs = np.outer(residual, np.ones_like(X))
        return 2 * float(X @ pairs[:, 0]) / len(y), 2 * float(np.mean(pairs.mean(axis=1)))

    assert failed(report("line", functions("line", gradient=gradient))) == {"vectorised"}


def test_a_loop_passes_with_its_speed_as_a_remark() -> None:
    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        dw = db = 0.0
        for i in range(len(y)):
            residual = w * X[i] + b - y[i]
            dw += 2 * X[i] * residual / len(y)
            db += 2 * residual / len(y)
        return dw, db

    graded = report("line", functions("line", gradient=gradient))
    assert failed(graded) == set()
    remarks = [text for r in graded.results if r.check == "vectorised" for text in r.remarks]
    assert any("times the reference's time" in text for text in remarks)


def test_a_sequential_update_fails_only_update() -> None:
    def update(X: Any, y: Any, learning_rate: Any, w: Any, b: Any) -> Any:
        w = w - learning_rate * line.gradient(X, y, w, b)[0]
        return w, b - learning_rate * line.gradient(X, y, w, b)[1]

    graded = report("line", functions("line", update=update))
    assert failed(graded) == {"update"}
    patterns = {r.diagnosis.pattern for r in graded.results if r.diagnosis}
    assert patterns == {"sequential update"}


def test_a_sequential_update_alone_still_shows_its_gradient() -> None:
    def update(X: Any, y: Any, learning_rate: Any, w: Any, b: Any) -> Any:
        w = w - learning_rate * line.gradient(X, y, w, b)[0]
        return w, b - learning_rate * line.gradient(X, y, w, b)[1]

    graded = report("line", functions("line", gradient=None, update=update))
    assert failed(graded) == {"update"}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf], ids=str)
@pytest.mark.parametrize(
    ("function", "question"),
    [
        ("predict", "predict"),
        ("loss", "loss"),
        ("gradient", "gradient_own"),
        ("gradient", "gradient_reference"),
        ("update", "update"),
    ],
)
def test_a_value_that_is_not_finite_fails(function: str, question: str, value: float) -> None:
    right = getattr(line, function)

    def spoilt(**given: Any) -> Any:
        answer = right(**given)
        if isinstance(answer, tuple):
            return (value, *answer[1:])
        return np.where(np.arange(np.size(answer)) == 0, value, answer).reshape(np.shape(answer))

    assert question in failed(report("line", functions("line", **{function: spoilt})))
