"""The public face: every way to write parameters and answers, and what bad ones are told."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np
import pytest

import checks
from checks import GradientInputError, Verdict, check_gradient, check_hessian, check_vjp
from checks.engine.scale import EPS_SINGLE
from checks.result import CheckFailedError

RNG = np.random.default_rng(4)
X, Y = RNG.normal(size=(40, 3)), RNG.normal(size=40)
AT: dict[str, Any] = {"w": RNG.normal(size=3), "b": 0.5}


def loss(w: Any, b: Any) -> Any:
    residual = X @ w + b - Y
    return residual @ residual / len(Y)


def gradient(w: Any, b: Any) -> tuple[Any, Any]:
    residual = X @ w + b - Y
    return 2 * X.T @ residual / len(Y), 2 * np.mean(residual)


def waves(theta: Any) -> Any:
    return np.sum(np.sin(theta) ** 2)


def slopes(theta: Any) -> Any:
    return np.sin(2 * theta)


@pytest.mark.parametrize(
    "form",
    [
        gradient,
        lambda w, b: list(gradient(w, b)),
        lambda w, b: dict(zip("wb", gradient(w, b), strict=True)),
        lambda w, b: dict(zip(("dw", "db"), gradient(w, b), strict=True)),
        lambda **given: gradient(**given),
    ],
    ids=["tuple", "list", "dict", "dict of d-names", "keywords"],
)
def test_gradients_are_read_in_any_form(form: Callable[..., Any]) -> None:
    check_gradient(loss, form, AT).require()


@pytest.mark.parametrize(
    "at",
    [1.3, np.float64(1.3), np.array(1.3), np.array([0.3, 2.0]), RNG.normal(size=(2, 3, 2)), [0.4]],
    ids=["number", "NumPy number", "0-d", "vector", "tensor", "list"],
)
def test_one_array_of_any_shape_will_do(at: Any) -> None:
    check_gradient(waves, slopes, at).require()
    assert check_gradient(waves, lambda theta: 1.5 * slopes(theta), at).verdict is Verdict.FAILED


@pytest.mark.parametrize("vectorised", [False, True], ids=["one by one", "vectorised"])
def test_a_parameter_without_entries_may_stand_beside_others(vectorised: bool) -> None:
    """As the biases of a layer that has none."""
    found = check_gradient(
        lambda theta, biases: np.sum(np.sin(theta) ** 2, axis=-1) + np.sum(biases, axis=-1),
        lambda theta, biases: (slopes(theta), biases),
        {"theta": np.ones(2), "biases": np.ones(0)},
        vectorised=vectorised,
    )
    assert found.verdict is Verdict.PASSED


def test_components_have_the_names_that_people_use() -> None:
    def wrong(w: Any, b: Any) -> Any:
        dw, db = gradient(w, b)
        return dw * [1, 1, 2], 3 * db

    assert check_gradient(loss, wrong, AT).wrong == ("w[2]", "b")
    off = np.zeros((3, 2))
    off[2, 1] = 1.0
    found = check_gradient(waves, lambda theta: slopes(theta) + off, RNG.normal(size=(3, 2)))
    assert found.wrong == ("theta[2, 1]",)


def test_a_failure_tells_the_whole_story() -> None:
    def sum_of_all(w: Any, b: Any) -> Any:
        return tuple(40 * part for part in gradient(w, b))

    found = check_gradient(loss, sum_of_all, AT, seed=3)
    lines = str(found).splitlines()
    assert str(found) == found.explain()
    assert lines[0].startswith("gradient wrong at ")
    assert lines[1].split()[0] == "expected"
    assert "slope of the loss there" in lines[1]
    assert lines[2].split()[0] == "observed"
    assert "40" in lines[3]
    assert found.diagnosis is not None
    assert "seed 3" in lines[-1]
    with pytest.raises(AssertionError, match="gradient wrong at"):
        found.require()


@pytest.mark.parametrize(
    ("factors", "words"),
    [
        ((1, 0.5), "the gradient of b is half of what it should be"),
        ((-1, 1), "the gradient of w has the wrong sign"),
        ((2, 2), "the gradient is twice what it should be"),
        ((1, 0.3), "only b is wrong; the other 3 entries agree"),
    ],
)
def test_a_factor_on_one_parameter_is_told_from_one_on_all(
    factors: tuple[float, float], words: str
) -> None:
    def wrong(w: Any, b: Any) -> Any:
        return tuple(f * g for f, g in zip(factors, gradient(w, b), strict=True))

    assert f"looks like {words}" in check_gradient(loss, wrong, AT).explain()


def test_both_values_are_shown_with_the_digits_that_differ() -> None:
    found = check_gradient(math.log, lambda x: 1 / x + 1e-9, 1.0)
    shown = [line.split()[1] for line in found.explain().splitlines()[1:3]]
    assert shown[0] != shown[1]


def test_vectorised_losses_are_asked_in_few_calls() -> None:
    calls: list[int] = []

    def losses(w: Any, b: Any) -> Any:
        calls.append(len(b))
        return np.mean((w @ X.T + b[:, None] - Y) ** 2, axis=1)

    found = check_gradient(losses, gradient, AT, vectorised=True)
    found.require()
    assert len(calls) <= 6
    assert sum(calls) >= found.evaluations


def test_losses_outside_their_domain_are_left_out() -> None:
    check_gradient(math.log, lambda x: 1 / x, 1e-3).require()
    wrong = check_gradient(math.log, lambda x: 1 / x + 1e-3, 1e-3)
    assert wrong.verdict is Verdict.FAILED


def test_complex_steps_are_used_only_if_wanted_needed_and_possible() -> None:
    asked: list[type] = []

    def watched(theta: Any, constant: float) -> Any:
        asked.append(np.asarray(theta).dtype.type)
        return waves(theta) + constant

    vague = partial(watched, constant=1e8)
    check_gradient(vague, slopes, np.ones(2), complex_step=False).require()
    check_gradient(partial(watched, constant=0.0), slopes, np.ones(2)).require()
    assert np.complex128 not in asked
    check_gradient(vague, slopes, np.ones(2)).require()
    assert np.complex128 in asked
    check_gradient(lambda x: math.sin(x), lambda x: math.cos(x), 0.3).require()


@pytest.mark.parametrize("factor", [1.0, 1.05])
def test_float32_is_judged_by_its_own_precision(factor: float) -> None:
    at = np.array([0.4, -1.1, 0.8, 1.6], dtype=np.float32)

    def single(theta: Any) -> Any:
        assert theta.dtype == np.float32
        return np.sum(np.exp(theta), dtype=np.float32)

    found = check_gradient(
        single, lambda theta: np.float32(factor) * np.exp(theta), at, complex_step=False
    )
    assert found.verdict is (Verdict.PASSED if factor == 1.0 else Verdict.FAILED)
    assert found.resolution > EPS_SINGLE


def test_a_gradient_in_float32_of_a_loss_in_float64_may_round() -> None:
    def rounded(theta: Any) -> Any:
        return slopes(theta).astype(np.float32)

    check_gradient(waves, rounded, RNG.normal(size=3)).require()


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


class Model:
    def energy(self, angle: Any) -> Any:
        return waves(angle)

    def __call__(self, pose: Any) -> Any:
        return waves(pose)


@wraps(waves)
def decorated(*given: Any, **named: Any) -> Any:
    return waves(*given, **named)


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (waves, "theta"),
        (lambda phi: waves(phi), "phi"),
        (Model().energy, "angle"),
        (Model(), "pose"),
        (decorated, "theta"),
        (partial(waves), "theta"),
        (lambda *given: waves(*given), "at"),
        (np.linalg.norm, "x"),
    ],
    ids=["function", "lambda", "method", "object", "decorated", "partial", "any", "library"],
)
def test_an_array_is_called_as_the_loss_calls_it(function: Any, name: str) -> None:
    found = check_gradient(function, lambda at: 3 + at, np.array([0.7]))
    assert found.component == f"{name}[0]"


def test_the_fixture_fails_a_test_unless_the_gradient_passes(gradient_check: Any) -> None:
    assert gradient_check(waves, slopes, np.ones(3)).verdict is Verdict.PASSED
    assert gradient_check(waves, slopes, np.ones(3), seed=5).seed == 5
    with pytest.raises(CheckFailedError, match="gradient wrong at theta"):
        gradient_check(waves, lambda theta: 2 * slopes(theta), np.ones(3))


def test_the_public_face_is_what_it_says() -> None:
    assert all(getattr(checks, name).__doc__ for name in checks.__all__)
