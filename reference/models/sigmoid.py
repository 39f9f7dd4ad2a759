"""A sigmoid layer (D2): output = σ(z) = 1/(1 + e^(−z)), entry by entry.

Shapes: z, output and upstream share one shape, of any rank.
"""

from __future__ import annotations

from reference.activation import sigmoid, sigmoid_derivative
from reference.contract import Array


def forward(z: Array) -> Array:
    """The output σ(z), same shape as z."""
    return sigmoid(z)


def backward(z: Array, upstream: Array) -> Array:
    """The gradient of the sum of upstream · output: dz = upstream · σ'(z), same shape as z."""
    return upstream * sigmoid_derivative(z)
