"""Layers with any output shape, and Hessians, by the same engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checks import GradientInputError, Verdict, check_hessian, check_vjp

RNG = np.random.default_rng(4)
A, W, B = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)


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


def test_a_hessian_of_the_wrong_shape_is_told() -> None:
    found = check_hessian(np.cos, lambda x: np.ones(2), np.ones(2))
    assert "hessian: expected shape (2, 2), got shape (2,)" in found.explain()
