"""A submission for the model `slope` with something odd about it, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from textwrap import dedent, indent

from checks.submission.limits import Limits

HASTE = Limits(wall_seconds=0.5)

RIGHT: Mapping[str, str] = {
    "predict": """
        def predict(X, w):
            return X * w
        """,
    "loss": """
        def loss(X, y, w):
            residual = X * w - y
            return float(residual @ residual) / len(y)
        """,
    "gradient": """
        def gradient(X, y, w):
            return 2 * float(X @ (X * w - y)) / len(y)
        """,
    "update": """
        def update(X, y, learning_rate, w):
            return w - learning_rate * (2 * float(X @ (X * w - y)) / len(y))
        """,
}
CONTRACT = frozenset({"contract"})
NOTHING: frozenset[str] = frozenset()
# What fails when the gradient is wrong and the update is not.
BLAMED = frozenset({"gradient_own", "gradient_reference", "update"})


@dataclass(frozen=True)
class Handed:
    """One submission.

    name: what it does, in words.  source: the whole file.  failed: exactly the questions that
    fail, none where the submission is right after all.  perhaps: questions that chance decides,
    such as whether an address is used again.  says: what the report must say somewhere.
    contained: it does harm where it can, so it runs only in a tier that contains it.
    """

    name: str
    source: bytes
    failed: frozenset[str] = NOTHING
    says: str = ""
    contained: bool = False
    limits: Limits = field(default_factory=Limits)
    file: str = "slope.py"
    perhaps: frozenset[str] = NOTHING


def slope(
    name: str,
    failed: frozenset[str] = NOTHING,
    says: str = "",
    *,
    before: str = "",
    after: str = "",
    contained: bool = False,
    limits: Limits | None = None,
    file: str = "slope.py",
    perhaps: frozenset[str] = NOTHING,
    **replaced: str,
) -> Handed:
    """The right functions of slope with some replaced, and text before and after them."""
    functions = {**RIGHT, **replaced}
    parts = ["import numpy as np", before, *functions.values(), after]
    text = "\n\n".join(dedent(part).strip() for part in parts) + "\n"
    return Handed(name, text.encode(), failed, says, contained, limits or Limits(), file, perhaps)


def returning(name: str, expression: str, says: str, before: str = "") -> Handed:
    """A `loss` that returns something else than a number."""
    body = f"def loss(X, y, w):\n    return {expression}"
    return slope(f"loss returns {name}", CONTRACT, says, loss=body, before=before)


def doing(name: str, act: str, *, contained: bool = True) -> Handed:
    """A right `loss` that first tries something forbidden or foolish: everything is passed."""
    right = dedent(RIGHT["loss"]).strip()
    head, _, rest = right.partition("\n")
    body = f"{head}\n{indent(dedent(act).strip(), '    ')}\n{rest}"
    return slope(name, loss=body, contained=contained)


def failing(
    name: str, act: str, says: str, *, contained: bool = False, limits: Limits | None = None
) -> Handed:
    """A `loss` that never gives a number."""
    body = f"def loss(X, y, w):\n{indent(dedent(act).strip(), '    ')}"
    return slope(name, CONTRACT, says, loss=body, contained=contained, limits=limits)


def hanging(name: str, act: str) -> Handed:
    """A `loss` that does not come back."""
    return failing(name, act, "an answer within 0.5 seconds (--limit-seconds)", limits=HASTE)


def cheating(name: str, trick: str, *, contained: bool = False) -> Handed:
    """A gradient three times too steep, and a trick that is to hide it: it hides nothing."""
    wrong = "    return 6 * float(X @ (X * w - y)) / len(y)"
    body = f"def gradient(X, y, w):\n{indent(dedent(trick).strip(), '    ')}\n{wrong}"
    return slope(name, BLAMED, "your gradient", gradient=body, contained=contained)
