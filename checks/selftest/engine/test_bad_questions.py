"""The public face: what bad parameters, losses and gradients are told, in one sentence each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from checks import GradientInputError, Verdict, check_gradient, check_hessian, check_vjp
from checks.selftest.engine.test_check_gradient import AT, loss, slopes, waves


class Unreadable:
    """As a tensor that keeps a graph: its own way into NumPy raises."""

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise AttributeError("detach it first\nas the manual says")


class SpeechlessError(Exception):
    def __str__(self) -> str:
        raise TypeError("no words")


def _raises(error: Exception) -> Any:
    raise error


UNASKABLE: dict[str, tuple[Any, Any, str]] = {
    "integers": (waves, np.ones(2, int), "parameter theta: expected floating-point numbers, got"),
    "truth values": (waves, np.ones(2, bool), "expected floating-point numbers, got bool"),
    "complex": (waves, np.ones(2, complex), "expected real numbers, got complex128"),
    "text": (waves, "abc", "parameter theta: expected real numbers, got a value of type str"),
    "nothing": (waves, None, "expected real numbers, got a value of type NoneType"),
    "a set": (waves, {1.0, 2.0}, "expected real numbers, got a value of type set"),
    "a dict in a dict": (
        loss,
        {"w": {"v": 1.0}},
        "parameter w: expected real numbers, got a value",
    ),
    "a ragged list": (waves, [[1.0], [1.0, 2.0]], "of type list that NumPy cannot read"),
    "unreadable": (waves, Unreadable(), "that NumPy cannot read (detach it first)"),
    "masked": (waves, np.ma.masked_less(np.arange(3.0), 1.0), "real numbers, got masked entries"),
    "float16": (waves, np.ones(2, np.float16), "float32 or float64, got float16; try theta.as"),
    "huge integer": (waves, 10**400, "expected finite numbers, got inf"),
    "beyond float64": (waves, np.longdouble("1e4000"), "expected finite numbers, got inf"),
    "no name": (loss, {1: 1.0}, "parameters: expected names as keys, got 1"),
    "empty": (waves, np.ones(0), "parameters: expected at least one number, got none"),
    "no names": (loss, {}, "parameters: expected at least one number, got none"),
    "not finite": (waves, [1.0, np.nan], "expected finite numbers, got nan at [1]"),
    "loss raises": (lambda t: 1 / 0, 1.0, "loss: expected a number, got an exception, ZeroDiv"),
    "loss of size 1": (lambda t: np.ones(1), 1.0, "got an array of shape (1,); try: return the"),
    "loss of size 3": (lambda t: np.ones(3), 1.0, "got an array of shape (3,); try: combine"),
    "no return": (lambda t: None, 1.0, "got None; try: does the function end with a return?"),
    "complex loss": (lambda t: 1j * t, 1.0, "expected one number, got complex numbers"),
    "unreadable loss": (lambda t: Unreadable(), 1.0, "of type Unreadable that NumPy cannot read"),
    "masked loss": (lambda t: np.ma.masked, 1.0, "loss: expected one number, got masked entries"),
    "float16 loss": (lambda t: np.float16(t), 1.0, "one number in float32 or float64, got float16"),
    "wordless": (lambda t: _raises(SpeechlessError()), 1.0, "got an exception, SpeechlessError"),
    "two lines": (lambda t: _raises(OSError("a\nb")), 1.0, "got an exception, OSError: a"),
    "other names": (loss, {"w": np.ones(3)}, "loss: expected a number, got an exception, TypeE"),
    "loss changes": (lambda t: t.sort() or 1.0, np.array([2.0, 1.0]), "t changed in place"),
}


@pytest.mark.parametrize("case", UNASKABLE)
def test_a_question_that_makes_no_sense_is_answered_in_one_sentence(case: str) -> None:
    function, at, words = UNASKABLE[case]
    with pytest.raises(GradientInputError) as caught:
        check_gradient(function, slopes, at)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_vectorised_loss_of_the_wrong_shape_is_told() -> None:
    with pytest.raises(GradientInputError, match="one loss for each of 1 points, got a scalar"):
        check_gradient(waves, slopes, np.ones(2), vectorised=True)


@pytest.mark.parametrize("option", ["points", "seed"])
@pytest.mark.parametrize("given", [-1, 1.5, "2", None])
def test_what_is_no_count_is_refused(option: str, given: Any) -> None:
    for asked in (
        partial(check_gradient, waves, slopes),
        partial(check_vjp, np.sin, lambda z, u: u * np.cos(z)),
        partial(check_hessian, np.sin, lambda theta: np.diag(np.cos(theta))),
    ):
        with pytest.raises(GradientInputError) as caught:
            asked(np.ones(2), **{option: given})
        assert f"{option}: expected a whole number, 0 or more, got {given!r}" == str(caught.value)


def _sorts(theta: Any) -> Any:
    theta.sort()
    return slopes(theta)


REFUSED: dict[str, tuple[Callable[..., Any], str]] = {
    "shape": (lambda t: slopes(t)[:1], "gradient: expected shape (2,), got shape (1,)"),
    "scalar": (lambda t: 1.0, "gradient: expected shape (2,), got a scalar"),
    "None": (lambda t: None, "gradient: expected shape (2,), got None"),
    "text": (lambda t: "x", "gradient: expected shape (2,), got a value of type str"),
    "raises": (lambda t: 1 / 0, "an exception, ZeroDivisionError: division by zero"),
    "not finite": (lambda t: slopes(t) * np.nan, "gradient: expected finite numbers, got nan"),
    "unreadable": (lambda t: Unreadable(), "that NumPy cannot read (detach it first)"),
    "masked": (lambda t: np.ma.masked_less(slopes(t), 0), "got masked entries"),
    "float16": (lambda t: np.float16(slopes(t)), "shape (2,) in float32 or float64, got float16"),
    "changes": (_sorts, "theta changed in place"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_gradient_that_cannot_be_compared_fails_in_words(case: str) -> None:
    function, words = REFUSED[case]
    found = check_gradient(waves, function, np.array([2.0, 1.0]))
    assert found.verdict is Verdict.FAILED
    assert words in found.explain()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ((1.0,), "a tuple of 1"),
        ({"w": 1.0}, "b missing"),
        ((np.ones(2), 1.0), "gradient, component w: expected shape (3,), got shape (2,)"),
    ],
    ids=["too few", "a name missing", "shape of one"],
)
def test_gradients_by_name_are_read_strictly(given: Any, words: str) -> None:
    assert words in check_gradient(loss, lambda w, b: given, AT).explain()


def test_an_exception_elsewhere_is_told_in_words() -> None:
    def fragile(theta: Any) -> Any:
        if theta[0] != 1.0:
            raise IndexError("out of range")
        return slopes(theta)

    found = check_gradient(waves, fragile, np.ones(2))
    assert "an exception, IndexError: out of range at a point nearby" in found.explain()
