"""Pictures, where matplotlib is installed: ratio against N, roofline, history."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.history import Series
from benchmarks.machine import MEMORY, Machine
from benchmarks.pairs import BENCHMARKS
from benchmarks.row import Row
from checks.ratios import PairedRatio

NO_PICTURES = "pictures need matplotlib: pip install matplotlib (the group plots); none was drawn"


def draw_rows(folder: Path, rows: Sequence[Row], machine: Machine) -> list[str]:
    """Draws speed-up.png and roofline.png; returns a line for each picture, or why not."""
    return _drawn(
        folder,
        {
            "speed-up.png": lambda axes: _speed_up(axes, rows),
            "roofline.png": lambda axes: _roofline(axes, rows, machine),
        },
    )


def draw_history(folder: Path, series: Sequence[Series]) -> list[str]:
    """Draws history.png: every series relative to its first run, changes marked."""
    return _drawn(folder, {"history.png": lambda axes: _history(axes, series)})


def _drawn(folder: Path, pictures: dict[str, Callable[[Any], None]]) -> list[str]:
    try:
        from matplotlib.figure import Figure  # optional: the group plots
    except ImportError:
        return [NO_PICTURES]
    for name, draw in pictures.items():
        figure = Figure(figsize=(9, 6), layout="constrained")
        draw(figure.add_subplot())
        figure.savefig(folder / name, dpi=120)
    return [f"drawn: {folder / name}" for name in pictures]


def _speed_up(axes: Any, rows: Sequence[Row]) -> None:
    """Loop over vectorised against the number of samples, one look a model.

    A line joins what differs in the samples only.
    """
    known = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    for look, (model, timed) in zip(_looks(), _by_model(rows), strict=False):
        lines: dict[str, list[tuple[int, PairedRatio]]] = {}
        for row in timed:
            if row.ratio is not None:
                one = known[row.benchmark]
                lines.setdefault(one.with_samples(0).name, []).append((one.samples, row.ratio))
        for label, points in zip(chain([model], repeat(None)), lines.values(), strict=False):
            N, ratios = zip(*sorted(points, key=itemgetter(0)), strict=True)
            middle = np.array([ratio.ratio for ratio in ratios])
            error = [
                middle - [ratio.low for ratio in ratios],
                [ratio.high for ratio in ratios] - middle,
            ]
            axes.errorbar(N, middle, yerr=error, capsize=3, label=label, **look)
    axes.set(xscale="log", yscale="log", ylabel="loop / vectorised")
    axes.set(xlabel="samples N (a surface has one point)")
    _legend_beside(axes)


def _roofline(axes: Any, rows: Sequence[Row], machine: Machine) -> None:
    """Operations per second against operations per byte, under the machine's roofs.

    The larger the marker, the more samples.
    """
    known = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    intensity = np.geomspace(1e-2, 1e3, 200)
    top = machine.multiply_rate["float64"]
    for level in (*machine.caches, MEMORY):
        roof = np.minimum(top, intensity * machine.bandwidth[level])
        axes.plot(intensity, roof / 1e9, color="0.5", linewidth=0.8)
        place = intensity[0], roof[0] / 1e9
        axes.annotate(f"{level} ", place, ha="right", va="center", fontsize="small")
    for look, (model, timed) in zip(_looks(), _by_model(rows), strict=False):
        multiplying = [row for row in timed if row.operations]
        places = [
            (row.operations / row.bytes_read, row.operations / row.vectorised / 1e9)
            for row in multiplying
        ]
        if places:
            sizes = [15 * math.log10(known[row.benchmark].samples) for row in multiplying]
            seen = {"marker": look["marker"], "color": look["color"], "alpha": 0.7}
            axes.scatter(*zip(*places, strict=True), s=sizes, label=model, **seen)
    axes.set(xscale="log", yscale="log", ylabel="GFLOP/s")
    axes.set(xlabel="operations per byte read (larger markers: more samples)")
    _legend_beside(axes)


def _by_model(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    models = dict.fromkeys(row.model for row in rows)
    return [(model, [row for row in rows if row.model == model]) for model in models]


def _looks() -> Iterator[dict[str, Any]]:
    """As many looks as there are models and more: ten colours, each with another marker."""
    for marker in "os^vD":
        for colour in range(10):
            yield {"marker": marker, "color": f"C{colour}", "markersize": 5, "linewidth": 1}


def _legend_beside(axes: Any) -> None:
    if axes.get_legend_handles_labels()[0]:  # surfaces alone have nothing in the roofline
        axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _history(axes: Any, series: Sequence[Series]) -> None:
    for one in series:
        relative = np.array(one.ratios) / one.ratios[0]
        (line,) = axes.plot(relative, marker=".", label=f"{one.benchmark}, {one.fingerprint}")
        for at in one.changes or ():
            axes.axvline(at - 0.5, color=line.get_color(), linestyle=":")
    axes.set(xlabel="run", ylabel="loop / vectorised, relative to the first run")
    axes.legend(fontsize="x-small")
