"""The points at which errors cannot hide, model by model: sizes, and the changes to the draw.

What each name means is said by its change in `reference.changes`; tall, short, wide and single
are sizes only.  In `mirrored` the gradient of another point is reversed, so that over the cases
every component has been seen with both signs: the mirrored point has the largest sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reference.changes import (
    SATURATED_LOGIT,
    SMALL,
    logits_from,
    mirrored,
    output_logits,
    place,
    stretched,
    uneven_feature,
    uneven_input,
    uneven_logit,
    uneven_probability,
    wrong_side,
    zero_target,
)
from reference.drawing import Change, Size


@dataclass(frozen=True)
class Point:
    """One point: its name, its sizes by letter, and the changes made to the standard draw.

    drawn_as: the point whose draw this one shares, where it is that point made different.
    learning_rate: where the curvature there cannot give one.
    """

    name: str
    changes: tuple[Change, ...]
    sizes: Mapping[str, Size]
    drawn_as: str
    zero_dimensional: bool = False
    learning_rate: float | None = None


def point(name: str, *changes: Change, **sizes: Size) -> Point:
    """A point with a draw of its own."""
    return Point(name, changes, sizes, drawn_as=name)


def reversed_from(original: str, **sizes: Size) -> Point:
    """The point of this name with its gradient reversed; sizes are the original's."""
    return Point("mirrored", (mirrored,), sizes, drawn_as=original)


def zero_dimensional(**sizes: Size) -> Point:
    """A point whose scalar parameters come as 0-d arrays."""
    return replace(point("zero_dimensional", **sizes), zero_dimensional=True)


def shaped(*shape: int) -> dict[str, Size]:
    """The size of the sigmoid layer: a whole shape, of any rank."""
    return {"N": shape}


def linear(uneven: Change) -> tuple[Point, ...]:
    """The points of a linear model whose number of inputs is fixed.

    uneven: makes one component of the gradient small beside the others.
    """
    return (
        point("tall", N=40),
        point("short", N=7),
        point("single", N=1),
        reversed_from("single", N=1),
        point("zero_target", zero_target, N=12),
        point("uneven", uneven, N=9),
        zero_dimensional(N=5),
    )


SINGLE_INPUT = linear(uneven_input)
"""A line: w and b are scalars."""

SATURATED = logits_from(-1.5 * SATURATED_LOGIT, 1.5 * SATURATED_LOGIT)

ONE_SIGMOID = (
    point("tall", N=40, d=3),
    point("short", N=7, d=4),
    point("single", N=1, d=6),
    reversed_from("single", N=1, d=6),
    point("zero_target", logits_from(-2, 2), zero_target, N=12, d=3),
    point("saturated", SATURATED, N=24, d=3),
    point("uneven", uneven_feature, N=9, d=5),
)
"""A sigmoid of a weighted sum of the inputs."""

HIDDEN_LAYER = (
    point("tall", N=40, d=3, h=4, o=2),
    point("short", N=7, d=5, h=2, o=1),
    point("wide", N=4, d=6, h=5, o=3),
    reversed_from("wide", N=4, d=6, h=5, o=3),
    point("single", N=1, d=4, h=3, o=2),
    point("zero_target", zero_target, N=12, d=3, h=5, o=2),
    point("saturated", stretched(SATURATED_LOGIT), N=30, d=3, h=4, o=2),
    point("uneven", uneven_feature, N=9, d=4, h=2, o=3),
)
"""A hidden layer of sigmoids and a linear output."""

CURVE = (
    point("near"),
    reversed_from("near"),
    point("far", place(x=3)),
    point("flat", place(x=SMALL)),
    zero_dimensional(),
)
"""A surface over x alone."""

POINTS: dict[str, tuple[Point, ...]] = {
    "slope": tuple(p for p in SINGLE_INPUT if p.name != "uneven"),  # one component: none is small
    "neuron": ONE_SIGMOID,
    "linear_system": (
        point("tall", m=12, n=3),
        point("short", m=5, n=4),
        point("wide", m=3, n=5),
        point("single", m=1, n=6),
        reversed_from("single", m=1, n=6),
        point("zero_target", zero_target, m=9, n=4),
        point("uneven", uneven_feature, m=8, n=3),
    ),
    "binary_cross_entropy": (
        point("tall", N=40),
        reversed_from("tall", N=40),
        point("short", N=7),
        point("single", N=1),
        point("wrong_side", wrong_side, N=12),
        point("uneven", uneven_probability, N=9),
    ),
    "sigmoid_cross_entropy": (
        point("tall", N=40),
        reversed_from("tall", N=40),
        point("short", N=7),
        point("single", N=1),
        point("wrong_side", logits_from(-2, 2), wrong_side, N=12),
        point("saturated", SATURATED, N=24),
        point("uneven", uneven_logit, N=9),
    ),
    "dense": (
        point("tall", N=8, d=4, o=3),
        reversed_from("tall", N=8, d=4, o=3),
        point("short", N=5, d=3, o=1),
        point("wide", N=2, d=4, o=3),
        point("single", N=1, d=4, o=3),
        point("uneven", uneven_feature, N=6, d=4, o=2),
    ),
    "sigmoid": (
        point("tall", **shaped(40)),
        reversed_from("tall", **shaped(40)),
        point("short", **shaped(7)),
        point("scalar", **shaped()),
        replace(
            reversed_from("scalar", **shaped()), name="zero_dimensional", zero_dimensional=True
        ),
        point("matrix", **shaped(6, 4)),
        replace(point("saturated", SATURATED, mirrored, **shaped(6, 4)), drawn_as="matrix"),
        point("uneven", uneven_logit, **shaped(9)),
    ),
    "mlp": (
        point("tall", N=40, d=3, h1=4, h2=2),
        point("short", N=7, d=4, h1=3, h2=2),
        point("single", N=1, d=5, h1=4, h2=3),
        reversed_from("single", N=1, d=5, h1=4, h2=3),
        point("wrong_side", output_logits(2), wrong_side, N=12, d=3, h1=4, h2=2),
        point("saturated", stretched(SATURATED_LOGIT), output_logits(6), N=30, d=3, h1=4, h2=2),
        point("uneven", uneven_feature, N=9, d=4, h1=2, h2=3),
    ),
    "line_half_sse": SINGLE_INPUT,
    "plane": linear(uneven_feature),
    "sigmoid_unit": (*ONE_SIGMOID, zero_dimensional(N=5, d=3)),
    "network": HIDDEN_LAYER,
    "network_biased": HIDDEN_LAYER,
    "hill": (
        point("near"),
        reversed_from("near"),
        point("far", place(x=3, y=3)),
        point("uneven", place(y=SMALL)),
        zero_dimensional(),
    ),
    "parabola": CURVE,
    "sextic": CURVE,
    "bowl": (
        point("near"),
        reversed_from("near"),
        point("far", place(x=3, y=3)),
        point("uneven", place(x=SMALL)),
        zero_dimensional(),
    ),
    "line": SINGLE_INPUT,
    "multilinear": (
        point("tall", N=40, d=3),
        point("short", N=7, d=4),
        point("single", N=1, d=6),
        reversed_from("single", N=1, d=6),
        point("zero_target", zero_target, N=12, d=3),
        point("uneven", uneven_feature, N=9, d=5),
        zero_dimensional(N=5, d=3),
    ),
}
