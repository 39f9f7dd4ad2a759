"""Pictures for people, of the reference or of a submission, where matplotlib is installed.

Every picture is drawn from the candidate's own answers; SciPy's minimum stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from checks.battery.oracle import Oracle
from checks.battery.rates import regime, spectrum, step
from checks.battery.solutions import solution
from checks.candidate import Candidate, reference_candidate
from checks.grading import oracle_for
from checks.reading import UnusableError
from checks.report.folders import report_folder
from reference.catalogue import entry
from reference.contract import Array, Arrays, Case, Kind, Role

NO_PICTURES = "pictures need matplotlib: pip install matplotlib (the group plots); none was drawn"
REFERENCE_MODELS = ("line", "plane", "network", "mlp", "hill", "bowl")
BOWL_RATES = (0.02, 1 / 3, 0.38, 0.42)  # slow, the best, oscillating, diverging: D4.5
BOWL_STEPS = 25
GRID = 41  # points a side of a surface
HILL_HALF_WIDTH = 5.0


def draw_reference(folder: Path, seed: int = 0) -> list[str]:
    """The pictures of the reference for REFERENCE_MODELS; a line for each, or why not."""
    lines: list[str] = []
    for name in REFERENCE_MODELS:
        lines += draw(folder, reference_candidate(entry(name)), seed)
    return lines


def draw(folder: Path, candidate: Candidate, seed: int = 0, label: str = "") -> list[str]:
    """Every picture that there is of this candidate's model, as <label>-<model>-<picture>.png.

    label: the candidate's name where there is none; what no file name takes becomes an underscore.
    Returns a line for each picture written, and one sentence where there is none.
    """
    drawings = pictures(candidate, oracle_for(candidate.entry, seed))
    if not drawings:
        return [f"{candidate.name}: there is no picture of a {candidate.entry.name} layer"]
    try:
        from matplotlib.figure import Figure  # optional: the group plots
    except ImportError:
        return [NO_PICTURES]
    lines = []
    for name, drawing in drawings.items():
        figure = Figure(figsize=(7.0, 5.0), layout="constrained")
        stem = re.sub(r"[^\w-]", "_", label or candidate.name)
        path = folder / f"{stem}-{candidate.entry.name}-{name}.png"
        try:
            drawing(figure.add_subplot())
        except UnusableError as unusable:
            lines.append(f"{path.name} was not drawn: {unusable}")
            continue
        report_folder(folder)
        figure.savefig(path, dpi=120)
        lines.append(f"wrote {path}")
    return lines


def pictures(candidate: Candidate, oracle: Oracle) -> Mapping[str, Callable[[Any], None]]:
    """Picture name → what draws it on matplotlib axes; empty for a layer, which has no descent."""
    model = candidate.entry
    if model.kind is Kind.LAYER:
        return {}
    case = next(case for case in oracle.cases if case.role is Role.DESCENT)
    drawings: dict[str, Callable[[Any], None]] = {
        "losses": lambda axes: _losses(axes, candidate, oracle, case)
    }
    if len(model.parameters) == 2 and all(not variable.shape for variable in model.parameters):
        drawings["surface"] = lambda axes: _surface(axes, candidate, oracle, case)
    if model.name == "hill":
        drawings["field"] = lambda axes: _field(axes, candidate, case)
    if model.name == "bowl":
        drawings["rates"] = lambda axes: _rates(axes, candidate, oracle, case)
    return drawings


def path_of(candidate: Candidate, case: Case, steps: int) -> list[Arrays]:
    """The candidate's own descent: the start and the parameters after each of `steps` updates.

    It ends early where the numbers stop being finite.
    """
    points: list[Arrays] = [case.parameters]
    for _ in range(steps):
        point = step(candidate, case, points[-1])
        if not all(np.all(np.isfinite(value)) for value in point.values()):
            break
        points.append(point)
    return points


def _title(axes: Any, candidate: Candidate, case: Case, what: str) -> None:
    axes.set_title(f"{candidate.entry.name}, case {case.name}: {what} of {candidate.name}")


def _losses(axes: Any, candidate: Candidate, oracle: Oracle, case: Case) -> None:
    """How far the loss is above SciPy's minimum after every update, down to its own rounding."""
    found = solution(oracle, case)
    losses = candidate.losses(case, path_of(candidate, case, case.steps))
    rounding = float(np.finfo(np.float64).eps) * max(abs(found.loss), abs(float(losses[-1])))
    above = np.abs(losses - found.loss)
    axes.plot(np.maximum(above, rounding), label=f"learning rate {case.learning_rate:.3g}")
    if rounding > 0:
        label = f"rounding of SciPy's minimum, {found.loss:.4g} ({found.method})"
        axes.axhline(rounding, color="black", linestyle="--", label=label)
        axes.set_yscale("log")
    axes.set_xlabel("updates (number)")
    axes.set_ylabel(f"loss above SciPy's minimum\n({candidate.entry.loss_in_words})")
    _title(axes, candidate, case, "loss")
    axes.legend()


def _surface(axes: Any, candidate: Candidate, oracle: Oracle, case: Case) -> None:
    """Lines of equal loss over both parameters, the descent on them and SciPy's minimum."""
    first, second = candidate.entry.parameter_names
    best = solution(oracle, case).parameters
    points = path_of(candidate, case, case.steps)
    path = np.array([[float(point[first]), float(point[second])] for point in points])
    end = np.array([float(best[first]), float(best[second])])
    reach = 1.3 * float(np.max(np.abs(path - end)))
    x, y = (np.linspace(centre - reach, centre + reach, GRID) for centre in end)
    axes.contour(x, y, _heights(candidate, case, x, y), levels=24, linewidths=0.7)
    axes.plot(*path.T, "o-", markersize=3, color="tab:red", label="descent")
    axes.plot(*end, "*", markersize=12, color="black", label="SciPy's minimum")
    axes.set_xlabel(f"parameter {first} (no unit)")
    axes.set_ylabel(f"parameter {second} (no unit)")
    _title(axes, candidate, case, "loss surface and descent")
    axes.legend()


def _heights(candidate: Candidate, case: Case, x: Array, y: Array) -> Array:
    """The loss over a grid, rows along y: (len(y), len(x)); one round trip."""
    first, second = candidate.entry.parameter_names
    points = [{first: np.asarray(a), second: np.asarray(b)} for b in y for a in x]
    return candidate.losses(case, points).reshape(len(y), len(x))


def _field(axes: Any, candidate: Candidate, case: Case) -> None:
    """The hill's height, the candidate's gradient as arrows, and descents from seeded starts."""
    side = np.linspace(-HILL_HALF_WIDTH, HILL_HALF_WIDTH, GRID)
    axes.contourf(side, side, _heights(candidate, case, side, side), levels=12, cmap="Greys_r")
    coarse = side[::2]
    cases = [
        replace(case, parameters={"x": np.asarray(a), "y": np.asarray(b)})
        for b in coarse
        for a in coarse
    ]
    arrows = np.array([[float(g["x"]), float(g["y"])] for g in candidate.gradients(cases)])
    axes.quiver(*np.meshgrid(coarse, coarse), *arrows.T, color="tab:blue", width=0.002)
    starts = np.random.default_rng(case.seed).uniform(-HILL_HALF_WIDTH, HILL_HALF_WIDTH, (8, 2))
    for number, (a, b) in enumerate(starts):
        start = replace(case, parameters={"x": np.asarray(a), "y": np.asarray(b)})
        points = path_of(candidate, start, case.steps)
        path = np.array([[float(point["x"]), float(point["y"])] for point in points])
        label = "descent" if number == 0 else None
        axes.plot(*path.T, "o-", markersize=2, color="tab:red", label=label)
    axes.set_xlabel("x (radians)")
    axes.set_ylabel("y (radians)")
    axes.set_aspect("equal")
    axes.set_xlim(-HILL_HALF_WIDTH, HILL_HALF_WIDTH)
    axes.set_ylim(-HILL_HALF_WIDTH, HILL_HALF_WIDTH)
    axes.set_title(f"hill: gradient field and descents of {candidate.name}, seed {case.seed}")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _rates(axes: Any, candidate: Candidate, oracle: Oracle, case: Case) -> None:
    """The bowl's loss at four learning rates, each with the regime that theory gives it."""
    known = spectrum(oracle, case)
    for rate in BOWL_RATES:
        points = path_of(candidate, replace(case, learning_rate=rate), BOWL_STEPS)
        axes.plot(candidate.losses(case, points), label=f"{rate:.3g}, {regime(rate, known).value}")
    axes.set_yscale("log")
    axes.set_xlabel("updates (number)")
    axes.set_ylabel(f"loss ({candidate.entry.loss_in_words})")
    axes.set_title(f"bowl, case {case.name}: four learning rates, {candidate.name}")
    axes.legend(title="learning rate, by theory")
