"""The public face: every way to write parameters and answers, and what is told of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np
import pytest

import checks
from checks import Verdict, check_gradient
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
