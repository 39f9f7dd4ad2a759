"""Layers with any output shape, and Hessians, by the same engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from checks import GradientCheck, GradientInputError, Verdict, check_hessian, check_vjp

RNG = np.random.default_rng(4)
A, W, B = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)


LARGEST_WEIGHT = 1.5  # of the first two upstreams; their combination 2u + v has larger ones


def _raises(*_: Any) -> Any:
    return 1 / 0


def _reverses(z: Any) -> Any:
    z[:] = z[::-1].copy()
    return z


def _shrinks() -> Any:
    lengths = iter([2, 2, 1])
    return lambda z: z[: next(lengths, 1)]


def _told(check: Callable[[], GradientCheck]) -> str:
    """What a person reads where there is nothing to compare."""
    try:
        found = check()
    except GradientInputError as told:
        return str(told)
    assert found.verdict is Verdict.FAILED
    return found.explain()


def affine(X: Any, W: Any, b: Any) -> Any:
    return X @ W + b


@pytest.mark.parametrize(
    ("bias", "verdict"),
    [
        (lambda u: u.sum(0), Verdict.PASSED),
        (lambda u: u.mean(0), Verdict.FAILED),
        (lambda u: np.full(2, 5.0), Verdict.FAILED),
    ],
    ids=["right", "mean", "upstream ignored"],
)
def test_a_layer_is_checked_whatever_its_output_shape(bias: Any, verdict: Verdict) -> None:
    def backward(X: Any, W: Any, b: Any, upstream: Any) -> Any:
        return upstream @ W.T, X.T @ upstream, bias(upstream)

    found = check_vjp(affine, backward, {"X": A, "W": W, "b": B})
    assert found.verdict is verdict
    assert found.wrong == (() if verdict is Verdict.PASSED else ("b[0]", "b[1]"))


def test_a_backward_pass_must_be_linear_in_its_upstream() -> None:
    seen: list[Any] = []

    def remembers(z: Any, upstream: Any) -> Any:
        seen.append(upstream)
        return seen[0] * np.cos(z)  # right for the first upstream, whatever comes later

    found = check_vjp(np.sin, remembers, np.array([0.3, 1.0]))
    assert found.verdict is Verdict.FAILED
    assert "linear in upstream" in found.explain()


def test_a_forward_pass_that_gives_nothing_is_told() -> None:
    with pytest.raises(GradientInputError, match="forward: expected an array, got None"):
        check_vjp(lambda z: None, lambda z, u: u, 1.0)


@pytest.mark.parametrize("entry", [1.0, 1.001], ids=["right", "asymmetric"])
def test_a_hessian_is_the_jacobian_of_the_gradient(entry: float) -> None:
    def first(x: Any) -> Any:
        return np.array([4 * x[0] ** 3 + x[1], x[0] + np.sin(x[1])])

    def second(x: Any) -> Any:
        return np.array([[12 * x[0] ** 2, 1.0], [entry, np.cos(x[1])]])

    found = check_hessian(first, second, [1.0, 2.0])
    assert found.verdict is (Verdict.PASSED if entry == 1.0 else Verdict.FAILED)
    assert found.wrong == (() if entry == 1.0 else ("H[1, 0]",))
    assert found.explain().startswith("hessian ")


def test_every_wrong_entry_of_a_hessian_is_named_and_the_worst_is_shown() -> None:
    calls = [0]

    def first(x: Any) -> Any:
        calls[0] += 1
        return x**3 + np.sum(x)

    def second(x: Any) -> Any:
        H = np.diag(3 * x.ravel() ** 2) + 1
        H[0, 5] += 2e-3
        H[3, 5] -= 1e-3
        H[4, 1] *= 1.01
        return H

    found = check_hessian(first, second, RNG.normal(size=(2, 3)))
    assert found.wrong == ("H[0, 5]", "H[3, 5]", "H[4, 1]")
    assert (found.component, round(found.expected, 9), round(found.observed, 9)) == (
        "H[4, 1]",
        1.0,
        1.01,
    )
    assert "slope of component 4 of your gradient along component 1" in found.explain()
    assert calls[0] < 100 * 6


@pytest.mark.parametrize("error", [0.0, 0.01], ids=["right", "one entry wrong"])
def test_a_hessian_in_float32_of_a_gradient_in_float64_may_round(error: float) -> None:
    S = W @ W.T

    def second(x: Any) -> Any:
        H = S + np.diag(3 * x**2)
        H[2, 1] += error
        return H.astype(np.float32)

    found = check_hessian(lambda x: S @ x + x**3, second, RNG.normal(size=3))
    assert found.verdict is (Verdict.FAILED if error else Verdict.PASSED)
    assert found.wrong == (("H[2, 1]",) if error else ())


TOLD: dict[str, tuple[Any, Any, str]] = {
    "forward raises": (_raises, np.cos, "forward: expected an array, got an exception, Zero"),
    "forward's shape": (
        _shrinks(),
        lambda z, u: u,
        "forward: expected shape (2,) again, got shape",
    ),
    "forward not finite": (lambda z: z * np.nan, lambda z, u: u, "forward: expected a finite numb"),
    "forward changes": (_reverses, lambda z, u: u, "forward: expected its parameters to stay"),
    "forward is empty": (lambda z: z[:0], lambda z, u: u, "at least one number, got shape (0,)"),
    "backward raises": (np.sin, _raises, "backward: expected an answer, got an exception, ZeroDiv"),
    "backward's shape": (np.sin, lambda z, u: 1.0, "backward: expected shape (2,), got a scalar"),
    "backward raises later": (
        lambda z: z,
        lambda z, u: u if np.abs(u).max() < LARGEST_WEIGHT else 1 / 0,
        "backward: expected an answer for every upstream, got an exception, ZeroDivisionError",
    ),
    "backward stops later": (
        lambda z: z,
        lambda z, u: u if np.abs(u).max() < LARGEST_WEIGHT else None,
        "backward: expected shape (2,), got None",
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_a_layer_that_cannot_be_compared_is_told_by_name(case: str) -> None:
    forward, backward, words = TOLD[case]
    assert words in _told(partial(check_vjp, forward, backward, np.array([0.3, 1.0])))


@pytest.mark.parametrize("upstream", ["X", 3])
def test_the_upstream_needs_a_name_of_its_own(upstream: Any) -> None:
    with pytest.raises(GradientInputError, match="upstream: expected a name that no input has"):
        check_vjp(np.sin, np.cos, {"X": A}, upstream=upstream)


HESSIANS: dict[str, tuple[Any, Any, Any, str]] = {
    "gradient raises": (_raises, np.diag, [1.0], "gradient: expected an array, got an exception"),
    "gradient's shape": (
        lambda x: x[:1],
        np.diag,
        [1.0, 2.0],
        "gradient: expected shape (2,), got",
    ),
    "hessian raises": (np.sin, _raises, [1.0], "hessian: expected an answer, got an exception"),
    "not finite": (
        np.sin,
        lambda x: np.diag(x * np.nan),
        [1.0],
        "hessian: expected finite numbers",
    ),
    "by name": (np.sin, np.diag, {"x": 1.0}, "at: expected one array or a number, got parameters"),
}


@pytest.mark.parametrize("case", HESSIANS)
def test_a_hessian_that_cannot_be_compared_is_told_by_name(case: str) -> None:
    gradient, hessian, at, words = HESSIANS[case]
    assert words in _told(partial(check_hessian, gradient, hessian, at))


def test_a_hessian_of_the_wrong_shape_is_told() -> None:
    found = check_hessian(np.cos, lambda x: np.ones(2), np.ones(2))
    assert "hessian: expected shape (2, 2), got shape (2,)" in found.explain()
