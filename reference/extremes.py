"""Saturated and badly scaled points, and parameters of 0: every value stays finite and nothing
overflows (ruling 15).

The learning rate follows the curvature, as at the other points; where saturation leaves no
curvature to follow, it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reference.changes import (
    at_zero,
    data_times,
    edge_probabilities,
    inputs_times,
    labelled,
    logits_from,
    output_logit,
    output_logits,
    place,
    stretched,
)
from reference.drawing import Change
from reference.points import Point, point, shaped

LARGEST_LOGIT = 1e4
SMALLEST_PROBABILITY = 1e-12
HUGE, TINY = 1e6, 1e-6
# Curvature goes with the square of the inputs.
HUGE_RATE = 0.1 / HUGE**2

# The fifth power puts some of the logits near 0, so that something is left of the gradient.
BEYOND = logits_from(-LARGEST_LOGIT, LARGEST_LOGIT, power=5)
ALONE = logits_from(LARGEST_LOGIT, LARGEST_LOGIT)


def at_rate(learning_rate: float, scaled: Point) -> Point:
    """The point with its learning rate given."""
    return replace(scaled, learning_rate=learning_rate)


def _scaled(**sizes: int) -> tuple[Point, ...]:
    return (
        point("huge", data_times(HUGE), **sizes),
        point("tiny", data_times(TINY), **sizes),
    )


def _least_squares(**sizes: int) -> tuple[Point, ...]:
    return (*_scaled(**sizes), point("from_zero", at_zero, **sizes))


def _sigmoid_unit(**sizes: int) -> tuple[Point, ...]:
    return (
        at_rate(HUGE_RATE, point("huge", inputs_times(HUGE), **sizes)),
        point("tiny", inputs_times(TINY), **sizes),
        point("from_zero", at_zero, **sizes),
        at_rate(0.1, point("saturated_extreme", BEYOND, **sizes)),
        at_rate(0.1, point("saturated_single", ALONE, N=1, d=sizes["d"])),
    )


def _hidden_layer(*output: Change, **sizes: int) -> tuple[Point, ...]:
    """output: what saturates the last layer too, for many samples and for one."""
    hidden = stretched(LARGEST_LOGIT, max)
    alone = {**sizes, "N": 1}
    return (
        at_rate(HUGE_RATE, point("huge", inputs_times(HUGE), **sizes)),
        point("tiny", inputs_times(TINY), **sizes),
        point("from_zero", at_zero, **sizes),
        at_rate(0.1, point("saturated_extreme", hidden, *output[:1], **sizes)),
        at_rate(0.1, point("saturated_single", hidden, *output[1:], **alone)),
    )


EXTREMES: Mapping[str, tuple[Point, ...]] = {
    "slope": _least_squares(N=12),
    "neuron": _sigmoid_unit(N=12, d=3),
    "linear_system": _least_squares(m=8, n=3),
    "binary_cross_entropy": (
        at_rate(1e-13, point("edge", edge_probabilities(SMALLEST_PROBABILITY), N=12)),
    ),
    "sigmoid_cross_entropy": (
        at_rate(0.1, point("saturated_extreme", BEYOND, N=12)),
        at_rate(0.1, point("saturated_single", ALONE, labelled(0.0), N=1)),
    ),
    "dense": _scaled(N=6, d=3, o=2),
    "sigmoid": (
        point("saturated_extreme", BEYOND, **shaped(12)),
        point("saturated_single", ALONE, **shaped()),
    ),
    "mlp": _hidden_layer(
        output_logits(LARGEST_LOGIT), output_logit(LARGEST_LOGIT), N=12, d=3, h1=4, h2=2
    ),
    "line_half_sse": _least_squares(N=12),
    "plane": _least_squares(N=12),
    "sigmoid_unit": _sigmoid_unit(N=12, d=3),
    "network": _hidden_layer(N=12, d=3, h=4, o=2),
    "network_biased": _hidden_layer(N=12, d=3, h=4, o=2),
    "hill": (point("huge", place(x=1e4, y=1e4)), point("tiny", place(x=TINY, y=TINY))),
    "parabola": (point("huge", place(x=HUGE)), point("tiny", place(x=TINY))),
    "sextic": (point("huge", place(x=1e4)), point("tiny", place(x=TINY))),
    "bowl": (point("huge", place(x=HUGE, y=HUGE)), point("tiny", place(x=TINY, y=TINY))),
    "line": _least_squares(N=12),
    "multilinear": _least_squares(N=12, d=3),
}
