"""Every case of the battery: the points, the descents and the extremes of a model, in order."""

from __future__ import annotations

from reference.contract import Case, Role
from reference.curvature import stable_rate
from reference.descents import descents
from reference.drawing import Signature, draw, generator
from reference.extremes import EXTREMES
from reference.points import POINTS, Point


def cases(signature: Signature, seed: int) -> tuple[Case, ...]:
    """All cases of a model: POINT, then DESCENT, then EXTREME.

    Names and order are fixed; the numbers change with the seed, which is a non-negative integer.
    """
    points = [_case(signature, point, Role.POINT, seed) for point in POINTS[signature.name]]
    extremes = [_case(signature, point, Role.EXTREME, seed) for point in EXTREMES[signature.name]]
    return (*points, *descents(signature, seed), *extremes)


def _case(signature: Signature, point: Point, role: Role, seed: int) -> Case:
    drawn = draw(signature, generator(seed, signature.name, point.drawn_as), point.sizes)
    for change in point.changes:
        drawn = change(signature, drawn)
    rate = point.learning_rate
    return Case(
        name=point.name,
        data=drawn.data,
        parameters=drawn.parameters,
        seed=seed,
        role=role,
        learning_rate=stable_rate(signature, drawn) if rate is None else rate,
        zero_dimensional=point.zero_dimensional,
    )


def drawn_case(signature: Signature, seed: int, **sizes: int) -> Case:
    """A random POINT case of these sizes (N=…, d=…), named after them.

    Letters that are not named keep their default; one that the model does not have is a
    ValueError that lists those it has.
    """
    name = "drawn " + " ".join(f"{letter}={size}" for letter, size in sizes.items())
    drawn = draw(signature, generator(seed, signature.name, name), sizes)
    rate = stable_rate(signature, drawn)
    return Case(name.strip(), drawn.data, drawn.parameters, seed, learning_rate=rate)
