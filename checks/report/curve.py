"""The losses of a descent as a line to draw, above the loss that SciPy reaches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checks.result import Report

# The battery's names, which a report must not import; a selftest holds them together.
CHECK = "convergence"
FLOOR, LOSS_AFTER = "loss_floor", "loss_after_"
WIDTH, HEIGHT, MARGIN = 240.0, 72.0, 4.0
LINE = 9.0  # the height of a label


@dataclass(frozen=True)
class Label:
    """A word beside the drawing, where it is written and on which side of that place."""

    x: float
    y: float
    side: str
    text: str


@dataclass(frozen=True)
class Curve:
    """A polyline in a box of WIDTH × HEIGHT; floor is the height of SciPy's loss in it."""

    points: str
    floor: float
    labels: tuple[Label, ...]
    text: str


def curve(report: Report) -> Curve | None:
    """The curve of a report's descent; None where none was measured."""
    for result in report.results:
        if result.check == CHECK and FLOOR in result.measurements:
            return _drawn(result.measurements)
    return None


def _drawn(measured: Mapping[str, float]) -> Curve | None:
    floor = measured[FLOOR]
    losses = sorted(
        (int(name.removeprefix(LOSS_AFTER)), loss)
        for name, loss in measured.items()
        if name.startswith(LOSS_AFTER) and math.isfinite(loss)
    )
    if len(losses) < 2 or not math.isfinite(floor):
        return None
    logarithmic = floor > 0 and all(loss > 0 for _, loss in losses)
    heights = _heights([floor, *(loss for _, loss in losses)], logarithmic=logarithmic)
    last = losses[-1][0]
    points = " ".join(
        f"{MARGIN + (WIDTH - 2 * MARGIN) * steps / last:.1f},{height:.1f}"
        for (steps, _), height in zip(losses, heights[1:], strict=True)
    )
    scale = "logarithmic" if logarithmic else "linear"
    text = (
        f"loss from {losses[0][1]:.4g} to {losses[-1][1]:.4g} in {last} steps; the broken line is "
        f"SciPy's {floor:.4g} ({scale} scale)"
    )
    return Curve(points, round(heights[0], 1), _labels(losses, floor, heights), text)


def _labels(
    losses: list[tuple[int, float]], floor: float, heights: list[float]
) -> tuple[Label, ...]:
    """The first loss on the left, the last and SciPy's on the right, the steps below."""
    reached, start, *_, end = heights
    ends = [Label(WIDTH, reached, "after", f"SciPy {floor:.3g}")]
    if abs(end - reached) > LINE:
        ends.append(Label(WIDTH, end, "after", f"{losses[-1][1]:.3g}"))
    return (
        Label(0.0, start, "before", f"{losses[0][1]:.3g}"),
        *ends,
        Label(WIDTH - MARGIN, HEIGHT + LINE, "before", f"{losses[-1][0]} steps"),
    )


def _heights(values: Iterable[float], *, logarithmic: bool) -> list[float]:
    """From the top, the smallest value at the bottom."""
    scaled = [math.log10(value) if logarithmic else value for value in values]
    low, high = min(scaled), max(scaled)
    reach = (high - low) or 1.0
    return [MARGIN + (HEIGHT - 2 * MARGIN) * (high - value) / reach for value in scaled]
