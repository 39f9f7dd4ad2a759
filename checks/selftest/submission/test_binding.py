"""Ruling 1: arguments are bound by name, and what does not bind is told what was expected."""

from __future__ import annotations

import numpy as np
import pytest

from checks.selftest.submission.conftest import HandIn
from checks.submission.worker.binding import BindingError, bind

NAMES = ("X", "y", "w", "b")
GIVEN = {"X": 1.0, "y": 20.0, "w": 300.0, "b": 4000.0}

BINDING = {
    "in order": "def loss(X, y, w, b): return X - y * w / b",
    "another order": "def loss(b, w, y, X): return X - y * w / b",
    "keyword only": "def loss(*, b, w, y, X): return X - y * w / b",
    "rest": "def loss(**k): return k['X'] - k['y'] * k['w'] / k['b']",
    "some and the rest": "def loss(w, **k): return k['X'] - k['y'] * w / k['b']",
    "anything": "def loss(*a, **k): return k['X'] - k['y'] * k['w'] / k['b']",
    "extra with default": "def loss(X, y, w, b, scale=1.0): return (X - y * w / b) * scale",
    "positional only": "def loss(a, c, d, e, /): return a - c * d / e",
    "positional only in another order": "def loss(y, X, /, *, w, b): return y - X * w / b",
    "positional and by name": "def loss(a, c, /, b, w): return a - c * w / b",
    "lambda": "loss = lambda b, w, X, y: X - y * w / b",
    "partial": (
        "import functools\ndef f(s, X, y, w, b): return (X - y * w / b) * s\n"
        "loss = functools.partial(f, 1.0)"
    ),
    "bound method": (
        "class Model:\n  def loss(self, X, y, w, b): return X - y * w / b\nloss = Model().loss"
    ),
    "callable object": (
        "class Loss:\n  def __call__(self, X, y, w, b): return X - y * w / b\nloss = Loss()"
    ),
    "class": "class loss(float):\n  def __new__(cls, X, y, w, b): return X - y * w / b",
    "decorated": (
        "import functools\ndef same(f):\n  @functools.wraps(f)\n"
        "  def g(*a, **k): return f(*a, **k)\n  return g\n"
        "@same\ndef loss(X, b, w, y): return X - y * w / b"
    ),
}

REFUSED = {
    "nameless": ("def loss(*args): return 0.0", "(*args)", "name the arguments instead of *args"),
    "wrong case": (
        "def loss(x, Y, w, b): return 0.0",
        "(x, Y, w, b)",
        "did you mean X where you have x, y where you have Y?",
    ),
    "near miss": (
        "def loss(X, y, weight, b): return 0.0\n",
        "(X, y, weight, b)",
        "",
    ),
    "too few": ("def loss(X, y, w): return 0.0", "(X, y, w)", ""),
    "required extra": ("def loss(X, y, w, b, n): return 0.0", "(X, y, w, b, n)", ""),
    "too many nameless": ("def loss(a, b_, c, d, e, /): return 0.0", "(a, b_, c, d, e, /)", ""),
    "annotated": ("def loss(X: list, y: list): return 0.0", "(X, y)", ""),
}


def _function(source: str) -> object:
    names: dict[str, object] = {}
    exec(source, names)
    return names["loss"]


@pytest.mark.parametrize("source", BINDING.values(), ids=BINDING)
def test_every_form_of_function_binds_by_name(source: str) -> None:
    expected = GIVEN["X"] - GIVEN["y"] * GIVEN["w"] / GIVEN["b"]
    function = _function(source)
    assert callable(function)
    assert expected == bind(function, NAMES)(GIVEN)


@pytest.mark.parametrize(("source", "observed", "hint"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_bind_is_told_the_names(source: str, observed: str, hint: str) -> None:
    function = _function(source)
    assert callable(function)
    with pytest.raises(BindingError) as refusal:
        bind(function, NAMES)
    assert refusal.value.expected == "the arguments X, y, w, b"
    assert observed == refusal.value.observed
    assert refusal.value.hint.startswith(hint)


def test_a_builtin_without_a_signature_is_called_in_the_documented_order() -> None:
    assert bind(min, ("X", "y"))({"X": 2.0, "y": 3.0}) == min(2.0, 3.0)


def test_a_function_that_does_not_bind_is_a_problem_of_its_own_calls(hand_in: HandIn) -> None:
    worker = hand_in("def loss(X, Y, w, b): return 1.0\ndef predict(X, w, b): return w * X + b\n")
    data = {"X": np.arange(3.0), "y": np.ones(3)}
    (refused,) = worker.ask("loss", data, [{"w": 2.0, "b": 1.0}])
    (answered,) = worker.ask("predict", {"X": data["X"]}, [{"w": 2.0, "b": 1.0}])
    assert refused.problem is not None
    assert str(refused.problem) == "loss: expected the arguments X, y, w, b, got (X, Y, w, b)"
    assert refused.problem.hint == "did you mean y where you have Y?"
    assert isinstance(answered.value, np.ndarray)
    assert answered.value.tolist() == [1.0, 3.0, 5.0]
