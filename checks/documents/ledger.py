"""Every claim of the five documents with what became of it, top to bottom."""

from __future__ import annotations

import textwrap
from collections import Counter

from checks.documents import d0_slope, d1_neuron, d2_layers, d3_iris, d4_descent, digits
from checks.documents.claim import Claim, State

TITLES = {
    "D0": "slope-only linear regression",
    "D1": "one sigmoid neuron",
    "D2": "linear system, cross-entropy, layers and a perceptron",
    "D3": "plane, sigmoid unit and 2-3-1 network on Iris",
    "D4": "descent on surfaces, the line, learning rates",
}

LEDGER: tuple[Claim, ...] = (
    *d0_slope.CLAIMS,
    *d1_neuron.CLAIMS,
    *d2_layers.CLAIMS,
    *d3_iris.CLAIMS,
    *d4_descent.CLAIMS,
)


def claim(claim_id: str) -> Claim:
    """The claim of that id.  Raises KeyError for an id that the ledger does not have."""
    for row in LEDGER:
        if row.id == claim_id:
            return row
    raise KeyError(
        f"no claim {claim_id!r} in the ledger; its ids run {LEDGER[0].id} to {LEDGER[-1].id}"
    )


def _paragraph(label: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=f"        {label:<10}",
        subsequent_indent=" " * 18,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _row(row: Claim, width: int) -> list[str]:
    lines = textwrap.wrap(
        f"{row.id:<7} {row.statement}",
        width,
        subsequent_indent=" " * 8,
        break_on_hyphens=False,
    )
    outcome = f"{row.state.value}: {row.why}" if row.why else row.state.value
    parts = [
        ("", outcome),
        ("printed", "  ".join(row.printed)),
        ("found", "  ".join(row.found)),
        ("by", row.how),
    ]
    for label, content in parts:
        if content:
            lines += (
                _paragraph(label, content, width)
                if label
                else textwrap.wrap(
                    content, width, initial_indent=" " * 8, subsequent_indent=" " * 8
                )
            )
    return lines


def text(width: int = 100) -> str:
    """The whole ledger for a terminal: a row a claim under its document's title, then the
    certified regressions and the count.
    """
    lines = []
    for document, title in TITLES.items():
        lines += [f"{document}  {title}", ""]
        for row in LEDGER:
            if row.document == document:
                lines += [*_row(row, width), ""]
    count = Counter(row.state for row in LEDGER)
    counted = ", ".join(f"{count[state]} {state.value}" for state in State)
    return "\n".join([*lines, digits.text(), "", f"{len(LEDGER)} claims: {counted}"])
