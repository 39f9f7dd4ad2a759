"""The rulings of the contract on answers and verdicts, each seen in both directions.

Binding (rulings 1 and 2) is the worker's and is tested with it; rulings 14 and 15 are
`test_exceptions`.
"""

from __future__ import annotations

from collections import namedtuple
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
parabola = entry("parabola").module

Pair = namedtuple("Pair", "dw db")  # what a student might return


@pytest.mark.parametrize(
    "shape_of_answer",
    [
        pytest.param(tuple, id="tuple"),
        pytest.param(list, id="list"),
        pytest.param(lambda pair: Pair(*pair), id="named tuple"),
        pytest.param(lambda pair: {"w": pair[0], "b": pair[1]}, id="dict by name"),
        pytest.param(lambda pair: {"db": pair[1], "dw": pair[0]}, id="dict by d + name"),
        pytest.param(lambda pair: tuple(np.float64(v) for v in pair), id="NumPy scalars"),
        pytest.param(lambda pair: tuple(np.array(v) for v in pair), id="0-d arrays"),
    ],
)
def test_a_gradient_may_come_as(shape_of_answer: Callable[[Any], Any]) -> None:
    given = functions(
        "line", gradient=lambda X, y, w, b: shape_of_answer(line.gradient(X, y, w, b))
    )
    assert failed(report("line", given)) == set()


@pytest.mark.parametrize(
    ("shape_of_answer", "said"),
    [
        pytest.param(np.array, "one array of shape (2,)", id="one array"),
        pytest.param(lambda pair: pair[:1], "a tuple of 1", id="too few"),
        pytest.param(lambda pair: None, "None", id="None"),
        pytest.param(lambda pair: {"m": pair[0], "c": pair[1]}, "keys c, m", id="other names"),
        pytest.param(lambda pair: (np.array([pair[0]]), pair[1]), "shape (1,)", id="shape (1,)"),
        pytest.param(lambda pair: tuple(np.float32(v) for v in pair), "float32", id="float32"),
        pytest.param(lambda pair: (str(pair[0]), pair[1]), "type str", id="text"),
        pytest.param(lambda pair: (complex(pair[0]), pair[1]), "type complex", id="complex"),
    ],
)
def test_a_gradient_may_not_come_as(shape_of_answer: Callable[[Any], Any], said: str) -> None:
    given = functions(
        "line", gradient=lambda X, y, w, b: shape_of_answer(line.gradient(X, y, w, b))
    )
    graded = report("line", given)
    assert failed(graded) == {"contract"}
    assert said in first_failure(graded, "contract")


@pytest.mark.parametrize(
    "bare",
    [
        pytest.param(lambda g: g, id="bare"),
        pytest.param(lambda g: (g,), id="tuple of one"),
        pytest.param(lambda g: [g], id="list of one"),
        pytest.param(lambda g: {"dx": g}, id="dict"),
    ],
)
def test_a_single_parameter_may_come(bare: Callable[[Any], Any]) -> None:
    given = functions("parabola", gradient=lambda x: bare(parabola.gradient(x)))
    assert failed(report("parabola", given)) == set()


def test_a_single_parameter_may_be_a_list_of_numbers() -> None:
    neuron = entry("neuron").module
    given = functions("neuron", gradient=lambda X, y, w: list(map(float, neuron.gradient(X, y, w))))
    assert failed(report("neuron", given)) == set()


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_a_loss_of_one_entry_is_no_scalar(shape: tuple[int, ...]) -> None:
    given = functions("line", loss=lambda X, y, w, b: np.full(shape, line.loss(X, y, w, b)))
    graded = report("line", given)
    assert failed(graded) == {"contract"}
    assert f"loss: a scalar | shape {shape}" in first_failure(graded, "contract")
    assert verdicts(graded, "loss") == {Verdict.BLOCKED}
    assert verdicts(graded, "gradient_reference") == {Verdict.PASSED}


def test_whole_numbers_count_as_floats() -> None:
    given = functions("parabola", gradient=lambda x: int(2 * x) if x == int(x) else 2 * x)
    assert failed(report("parabola", given)) == set()


def test_single_precision_is_named() -> None:
    def predict(X: Any, w: Any, b: Any) -> Any:
        return multilinear.predict(X, w, b).astype(np.float32)

    graded = report("multilinear", functions("multilinear", predict=predict))
    patterns = {r.diagnosis.pattern for r in graded.results if r.diagnosis}
    assert (failed(graded), patterns) == ({"contract"}, {"precision"})


def test_scalars_come_as_floats_and_once_as_arrays() -> None:
    seen: set[type] = set()

    def loss(X: Any, y: Any, w: Any, b: Any) -> float:
        seen.add(type(w))
        return float(line.loss(X, y, w, b))

    report("line", functions("line", loss=loss))
    assert seen == {float, np.ndarray}


def test_an_argument_changed_in_place_is_found() -> None:
    def gradient(X: Any, y: Any, w: Any, b: Any) -> Any:
        answer = multilinear.gradient(X, y, w, b)
        X -= 1
        return answer

    graded = report("multilinear", functions("multilinear", gradient=gradient))
    assert "X changed in place" in first_failure(graded, "contract")
    assert verdicts(graded, "gradient_own") == {Verdict.BLOCKED}
    assert verdicts(graded, "loss") == {Verdict.PASSED}


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
