"""Gradients in single precision: judged by its rounding, with the loss in double where need be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checks import Verdict, check_gradient
from checks.engine.scale import EPS_SINGLE
from checks.gradient import IN_DOUBLE, IN_SINGLE

RNG = np.random.default_rng(6)
X, Y = (RNG.normal(size=shape).astype(np.float32) for shape in ((50, 10), (50, 1)))
HIDDEN = 20
AT = {
    name: (0.3 * RNG.normal(size=shape)).astype(np.float32)
    for name, shape in {"W": (10, HIDDEN), "b": (HIDDEN,), "V": (HIDDEN, 1)}.items()
}


def network(W: Any, b: Any, V: Any) -> Any:
    """Mean squared error of tanh(XW + b)V, in the precision of the parameters or of X."""
    return np.mean((np.tanh(X @ W + b) @ V - Y) ** 2)


def gradient(W: Any, b: Any, V: Any) -> Any:
    hidden = np.tanh(X @ W + b)
    residual = 2 * (hidden @ V - Y) / np.float32(len(Y))
    delta = residual @ V.T * (1 - hidden**2)
    return X.T @ delta, delta.sum(axis=0), hidden.T @ residual


def scaled(factor: float) -> Any:
    """The gradient with its part for b multiplied."""

    def wrong(**parameters: Any) -> Any:
        dW, db, dV = gradient(**parameters)
        return dW, db * np.float32(factor), dV

    return wrong


@pytest.mark.parametrize("factor", [1.0, 0.99])
def test_a_network_is_decided_with_its_loss_in_double(factor: float) -> None:
    """In single precision its slopes are known to some 3e-3: right and wrong were undecided."""
    found = check_gradient(network, scaled(factor), AT)
    assert found.verdict is (Verdict.PASSED if factor == 1.0 else Verdict.FAILED), found
    assert IN_DOUBLE in found.notes
    assert IN_SINGLE not in found.notes


def another_in_double(W: Any, b: Any, V: Any) -> Any:
    return network(W, b, V) + (W.dtype == np.float64)


def without_double(W: Any, b: Any, V: Any) -> Any:
    if W.dtype == np.float64:
        raise TypeError("float32 only")
    return network(W, b, V)


def single_inside(W: Any, b: Any, V: Any) -> Any:
    return network(*(each.astype(np.float32) for each in (W, b, V)))


@pytest.mark.parametrize("loss", [another_in_double, without_double, single_inside])
def test_a_loss_that_cannot_be_had_in_double_leaves_it_undecided(loss: Any) -> None:
    found = check_gradient(loss, gradient, AT)
    assert found.verdict is Verdict.UNDECIDED
    assert IN_SINGLE in found.notes
    assert IN_DOUBLE not in found.notes


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
        return np.sin(2 * theta).astype(np.float32)

    check_gradient(
        lambda theta: np.sum(np.sin(theta) ** 2), rounded, np.array([0.4, -1.1, 0.8])
    ).require()
