"""A dense layer (D2): output = X W + b, with the gradient handed on to W, b and X.

Shapes: X (N, d), W (d, o), b (o,); output and upstream (N, o).
"""

from __future__ import annotations

from reference.contract import Array


def forward(X: Array, W: Array, b: Array) -> Array:
    """The output X W + b, shape (N, o)."""
    return X @ W + b


def backward(X: Array, W: Array, b: Array, upstream: Array) -> tuple[Array, Array, Array]:
    """The gradient of the sum of upstream · output: (dX (N, d), dW (d, o), db (o,)).

    dX = upstream Wᵀ, dW = Xᵀ upstream, db = the sum of upstream over the N samples.
    The bias has no influence on any of the three.
    """
    return upstream @ W.T, X.T @ upstream, upstream.sum(axis=0)
