"""Fits of a linear model, each by NumPy and by scikit-learn: the same algorithm on the same data.

scikit-learn takes no gradient step over a whole batch here.  Its `SGDRegressor` steps sample by
sample, and its `LinearRegression` solves: each stands beside the same done with NumPy alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from reference.contract import Array
from reference.models import multilinear


def steady_rate(X: Array) -> float:
    """1/(1 + the largest ‖x‖²) of the rows of X (N, d): no step for one sample overshoots it.

    It is for half the squared residual of one sample, as `SGDRegressor` has it.
    """
    return 1.0 / (1.0 + float(np.max(np.einsum("ij,ij->i", X, X))))


def sample_by_sample(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """(w, b) after one step of gradient descent for each sample, in order: one epoch.

    Every step is the model's own update of one row; the mean of one squared residual is twice half
    of it, so the learning rate is half of `steady_rate`.
    """
    rate = steady_rate(X) / 2
    for i in range(len(y)):
        w, b = multilinear.update(X[i : i + 1], y[i : i + 1], rate, w, b)
    return w, b


def least_squares(X: Array, y: Array) -> tuple[Array, float]:
    """(w, b) of the least mean squared residual, by `numpy.linalg.lstsq` with a column of ones."""
    with_ones = np.column_stack((X, np.ones(len(y))))
    solution = np.linalg.lstsq(with_ones, y)[0].astype(np.float64, copy=False)
    return solution[:-1], float(solution[-1])


def sklearn_sample_by_sample(
    arguments: Mapping[str, Any],
) -> tuple[Callable[[], Any], Callable[[Any], object]]:
    """SGDRegressor for one epoch, in order, with a constant rate and no penalty."""
    from sklearn.linear_model import SGDRegressor

    X, y = arguments["X"], arguments["y"]
    regressor = SGDRegressor(
        penalty=None,
        learning_rate="constant",
        eta0=steady_rate(X),
        shuffle=False,
        max_iter=1,
        tol=None,
    )
    w, b = arguments["w"], arguments["b"]
    # A copy, since the epoch runs in the very array that it is given.
    return (lambda: regressor.fit(X, y, coef_init=w.copy(), intercept_init=b)), _fitted


def sklearn_least_squares(
    arguments: Mapping[str, Any],
) -> tuple[Callable[[], Any], Callable[[Any], object]]:
    """LinearRegression: the solution itself."""
    from sklearn.linear_model import LinearRegression

    X, y = arguments["X"], arguments["y"]
    return (lambda: LinearRegression().fit(X, y)), _fitted


def _fitted(model: Any) -> object:
    return np.asarray(model.coef_), float(np.ravel(model.intercept_)[0])
