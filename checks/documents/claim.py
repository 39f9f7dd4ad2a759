"""A claim of a document, and what became of it when it was recomputed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class State(Enum):
    """What became of a claim; the value is the word that the ledger prints."""

    REPRODUCED = "reproduced"
    ONLY_WITH_THE_DEFECT = "only with the defect"
    NOT_REPRODUCED = "not reproduced"


@dataclass(frozen=True)
class Claim:
    """One formula, figure or stated behaviour of one of the five documents.

    id: the document and a number, such as D3.4.  statement: the claim in our own words.
    how: what recomputes it.  state, why: what came out, and why wherever it was not simply
    reproduced.  printed: the document's figures as it prints them.  found: ours, where the
    document prints none or others.  A figure in either is held by the row's test to half a unit
    in its last place.
    """

    id: str
    statement: str
    how: str
    state: State = State.REPRODUCED
    why: str = ""
    printed: tuple[str, ...] = ()
    found: tuple[str, ...] = ()

    @property
    def document(self) -> str:
        """The document's id, D0 to D4."""
        return self.id.split(".")[0]


def half_unit(figure: str) -> float:
    """Half a unit in the last printed place: 0.0005 for "1.371", 0.5e-12 for "-8.33e-10".

    Raises ValueError for a figure that is infinite or not a number.
    """
    exponent = Decimal(figure).as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"a printed figure is a finite decimal number, got {figure!r}")
    return 0.5 * 10.0**exponent


def disagreements(
    observed: Iterable[float], printed: Iterable[str], *, rounding: float = 0.0
) -> list[str]:
    """The figures that `observed` does not round to, one sentence each; empty where all agree.

    rounding: what the arithmetic on the way may have added to half a unit.
    Raises ValueError where the two differ in length.
    """
    values, figures = list(map(float, observed)), list(printed)
    if len(values) != len(figures):
        raise ValueError(f"{len(figures)} printed figures need as many values, got {len(values)}")
    return [
        f"printed {figure}, recomputed {value!r}"
        for value, figure in zip(values, figures, strict=True)
        # Not `> allowed`: a NaN agrees with nothing.
        if not abs(value - float(figure)) <= half_unit(figure) + rounding
    ]
