"""A second opinion by complex steps: finer than differences, and only trusted where they agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from checks.engine.complex_step import ComplexLosses, complex_slopes
from checks.engine.scale import EPS
from checks.judging.examined import Examined

TELLING = 1e-2  # relative error bar below which an agreement with complex steps says something


def second_opinion(
    losses: ComplexLosses, examined: Sequence[Examined]
) -> tuple[list[Examined], list[str]]:
    """The same points with finer error bars where complex steps confirm the claim, and notes.

    Trusted only if the complex slopes agree with the measured ones along every line, and one of
    these is known to TELLING.  A disagreement with the claim that the differences do not show is
    smaller than what the loss resolves: a note, no failure.
    """
    kept = list(examined)
    at = np.concatenate([point.place.at[point.lines.of] for point in examined])
    directions = np.concatenate([point.lines.directions for point in examined])
    slopes = complex_slopes(losses, at, directions)
    if slopes is None or any(point.place.eps[0] > EPS for point in examined):
        return kept, []
    telling = False
    notes = []
    ends = np.cumsum([len(point.lines.of) for point in examined])
    for k, (point, end) in enumerate(zip(examined, ends, strict=True)):
        found, exact = point.findings, slopes[end - len(point.lines.of) : end]
        claimed, _ = point.lines.slope
        if point.kinked or not np.all(np.abs(claimed + found.residual - exact) <= found.allowed):
            return list(examined), []
        telling |= bool(np.any(found.allowed < TELLING * np.abs(exact)))
        off = np.abs(exact - claimed)
        if np.all(off <= found.rounding):
            finer = np.minimum(found.allowed, found.rounding)
            kept[k] = replace(point, findings=replace(found, allowed=finer))
        elif not np.any(found.wrong):
            size = np.max(off) / np.max(np.abs(exact))
            notes.append(f"complex steps see a difference of {size:.0e}, below what the loss shows")
    return (kept, notes) if telling else (list(examined), [])
