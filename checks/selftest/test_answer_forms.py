"""In what forms the contract lets an answer come, and what it says of any other form."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from checks.result import Verdict
from checks.selftest.graded import failed, first_failure, functions, report, verdicts
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
