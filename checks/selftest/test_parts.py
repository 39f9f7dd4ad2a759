"""Is a program that goes another way with many samples seen, and one that does not let alone?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from checks.battery.parts import OTHERWISE
from checks.battery.speed import SAMPLES
from checks.result import Report, Verdict
from checks.selftest.graded import failed, first_failure, functions, report, verdicts
from reference.catalogue import entry

MOST = 64  # samples: more than any point has, fewer than are timed
LINE = entry("line").module


def loss_of_few(X: Any, y: Any, w: Any, b: Any) -> Any:
    return LINE.loss(X[:MOST], y[:MOST], w, b)


def predict_of_few(X: Any, w: Any, b: Any) -> Any:
    prediction = LINE.predict(X, w, b)
    prediction[MOST:] = 0.0
    return prediction


def gradient_of_few(X: Any, y: Any, w: Any, b: Any) -> Any:
    return LINE.gradient(X, y, w, b) if len(X) <= MOST else (0.0, 0.0)


def gradient_in_single_precision(X: Any, y: Any, w: Any, b: Any) -> Any:
    dw, db = LINE.gradient(X, y, w, b)
    return (dw, db) if len(X) <= MOST else (float(np.float32(dw)), float(np.float32(db)))


def gradient_without_the_last_block(X: Any, y: Any, w: Any, b: Any) -> Any:
    n = len(X) if len(X) <= MOST else len(X) - len(X) // MOST
    dw, db = LINE.gradient(X[:n], y[:n], w, b)
    return dw * n / len(X), db * n / len(X)


def update_that_stays(X: Any, y: Any, learning_rate: Any, w: Any, b: Any) -> Any:
    return LINE.update(X, y, learning_rate, w, b) if len(X) <= MOST else (w, b)


def update_that_is_quick_when_timed(X: Any, y: Any, learning_rate: Any, w: Any, b: Any) -> Any:
    return LINE.update(X, y, learning_rate, w, b) if len(X) != SAMPLES else (w, b)


def update_with_a_gradient_that_it_kept() -> Callable[..., Any]:
    kept: dict[int, Any] = {}

    def update(X: Any, y: Any, learning_rate: Any, w: Any, b: Any) -> Any:
        now = LINE.gradient(X, y, w, b)
        dw, db = now if len(X) <= MOST else kept.setdefault(len(X), now)
        return w - learning_rate * dw, b - learning_rate * db

    return update


@pytest.mark.parametrize(
    ("function", "made"),
    [
        ("loss", loss_of_few),
        ("predict", predict_of_few),
        ("gradient", gradient_of_few),
        ("gradient", gradient_in_single_precision),
        ("gradient", gradient_without_the_last_block),
        ("update", update_that_stays),
        ("update", update_that_is_quick_when_timed),
        ("update", update_with_a_gradient_that_it_kept()),
    ],
)
def test_another_way_with_many_samples_is_seen(function: str, made: Callable[..., Any]) -> None:
    graded = report("line", functions("line", **{function: made}))
    assert failed(graded) == {"vectorised"}
    assert f"your {function} for all" in first_failure(graded, "vectorised")
    assert OTHERWISE in headings(graded)


def headings(graded: Report) -> set[str]:
    return {result.diagnosis.pattern for result in graded.results if result.diagnosis}


def loss_as_a_sum(X: Any, y: Any, w: Any, b: Any) -> float:
    return float(np.sum((LINE.predict(X, w, b) - y) ** 2))


def update_one_after_the_other(X: Any, y: Any, learning_rate: Any, w: Any, b: Any) -> Any:
    w = w - learning_rate * LINE.gradient(X, y, w, b)[0]
    return w, b - learning_rate * LINE.gradient(X, y, w, b)[1]


def loss_in_blocks(X: Any, y: Any, w: Any, b: Any) -> float:
    parts = [slice(start, start + MOST) for start in range(0, len(X), MOST)]
    return float(sum(LINE.loss(X[p], y[p], w, b) * len(X[p]) for p in parts)) / len(X)


@pytest.mark.parametrize(
    ("function", "made", "blamed"),
    [
        ("loss", loss_as_a_sum, {"loss", "gradient_own"}),
        ("update", update_one_after_the_other, {"update"}),
        ("loss", loss_in_blocks, set()),
    ],
)
def test_what_combines_otherwise_with_few_samples_is_another_questions(
    function: str, made: Callable[..., Any], blamed: set[str]
) -> None:
    graded = report("line", functions("line", **{function: made}))
    assert failed(graded) == blamed
    assert verdicts(graded, "vectorised") == {Verdict.PASSED}
