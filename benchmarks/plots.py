"""Pictures, where matplotlib is installed: ratio against N, roofline, history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.history import Series
from benchmarks.machine import MEMORY, Machine
from benchmarks.pairs import BENCHMARKS
from benchmarks.row import Row

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
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in pictures.items():
        figure = Figure(figsize=(9, 6), layout="constrained")
        draw(figure.add_subplot())
        figure.savefig(folder / name, dpi=120)
    return [f"drawn: {folder / name}" for name in pictures]


def _speed_up(axes: Any, rows: Sequence[Row]) -> None:
    """Loop over vectorised against the number of samples, one line a model."""
    samples = {benchmark.name: benchmark.samples for benchmark in BENCHMARKS}
    for model in dict.fromkeys(row.model for row in rows):
        points = [
            (samples[row.benchmark], row.ratio)
            for row in rows
            if row.model == model and row.ratio is not None
        ]
        points.sort(key=lambda point: point[0])
        N = [count for count, _ in points]
        middle = np.array([ratio.ratio for _, ratio in points])
        below = middle - [ratio.low for _, ratio in points]
        above = [ratio.high for _, ratio in points] - middle
        axes.errorbar(N, middle, yerr=[below, above], marker="o", capsize=3, label=model)
    axes.set(xscale="log", yscale="log", xlabel="samples N", ylabel="loop / vectorised")
    axes.legend(fontsize="small", ncols=2)


def _roofline(axes: Any, rows: Sequence[Row], machine: Machine) -> None:
    """Operations per second against operations per byte, under the machine's two roofs."""
    intensity = np.geomspace(1e-2, 1e3, 200)
    top = machine.multiply_rate["float64"]
    for level in (*machine.caches, MEMORY):
        roof = np.minimum(top, intensity * machine.bandwidth[level])
        axes.plot(intensity, roof / 1e9, label=f"limit, read from {level}")
    for row in rows:
        if row.operations:
            place = (row.operations / row.bytes_read, row.operations / row.vectorised / 1e9)
            axes.plot(*place, "k.")
            axes.annotate(row.benchmark, place, fontsize=6)
    axes.set(xscale="log", yscale="log", xlabel="operations per byte read", ylabel="GFLOP/s")
    axes.legend(fontsize="small")


def _history(axes: Any, series: Sequence[Series]) -> None:
    for one in series:
        relative = np.array(one.ratios) / one.ratios[0]
        (line,) = axes.plot(relative, marker=".", label=f"{one.benchmark}, {one.fingerprint}")
        for at in one.changes or ():
            axes.axvline(at - 0.5, color=line.get_color(), linestyle=":")
    axes.set(xlabel="run", ylabel="loop / vectorised, relative to the first run")
    axes.legend(fontsize="x-small")
