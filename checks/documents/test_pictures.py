"""Do the pictures say what they claim, and does their absence?"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from checks.battery.solutions import solution
from checks.candidate import Candidate, reference_candidate
from checks.documents.pictures import (
    BOWL_RATES,
    NO_PICTURES,
    REFERENCE_MODELS,
    draw,
    path_of,
    pictures,
)
from checks.grading import oracle_for
from checks.respondent import Local
from reference.catalogue import entry
from reference.contract import Case, Role

SEED = 0


def descent(model: str) -> Case:
    return next(case for case in oracle_for(entry(model), SEED).cases if case.role is Role.DESCENT)


def drawn(model: str, picture: str) -> Any:
    """The axes of one picture of the reference."""
    figure = pytest.importorskip("matplotlib.figure", reason="matplotlib is optional")
    axes = figure.Figure().add_subplot()
    candidate = reference_candidate(entry(model))
    pictures(candidate, oracle_for(candidate.entry, SEED))[picture](axes)
    return axes


PICTURES = [
    pytest.param(model, picture, id=f"{model}-{picture}")
    for model in REFERENCE_MODELS
    for picture in pictures(reference_candidate(entry(model)), oracle_for(entry(model), SEED))
]


@pytest.mark.parametrize(("model", "picture"), PICTURES)
def test_axes_have_names_with_units_a_legend_and_a_title_with_model_and_case(
    model: str, picture: str
) -> None:
    axes = drawn(model, picture)
    assert "(" in axes.get_xlabel()
    assert "(" in axes.get_ylabel()
    assert axes.get_title().startswith(model)
    assert "case descent" in axes.get_title() or "seed" in axes.get_title()
    assert axes.get_legend().get_texts()


def test_the_loss_curve_is_the_loss_above_scipys_minimum() -> None:
    case, oracle = descent("line"), oracle_for(entry("line"), SEED)
    curve = drawn("line", "losses").get_lines()[0].get_ydata()
    expected = oracle.reference.loss(case) - solution(oracle, case).loss
    assert len(curve) == case.steps + 1
    assert curve[0] == expected
    assert curve[-1] < curve[0] * float(np.sqrt(np.finfo(np.float64).eps))


def test_the_descent_on_the_surface_runs_from_the_start_to_scipys_minimum() -> None:
    path, minimum = (line.get_xydata() for line in drawn("line", "surface").get_lines())
    case = descent("line")
    assert path[0].tolist() == [float(case.parameters["w"]), float(case.parameters["b"])]
    reach = float(np.max(np.abs(path[0] - minimum[0])))
    assert float(np.max(np.abs(path[-1] - minimum[0]))) < reach / 1000  # below the line's width


def test_the_bowls_rates_are_named_by_their_regimes() -> None:
    legend = [text.get_text() for text in drawn("bowl", "rates").get_legend().get_texts()]
    assert [text.split(", ")[1] for text in legend] == ["slow", "good", "oscillating", "diverging"]
    assert len(legend) == len(BOWL_RATES)


def test_a_path_ends_before_the_numbers_overflow() -> None:
    case = descent("parabola")
    functions: dict[str, Callable[..., Any]] = {
        "loss": lambda x: x**2,
        "update": lambda learning_rate, x: x * 1e200,
    }
    candidate = Candidate("runaway", entry("parabola"), Local(functions))
    points = path_of(candidate, case, 10)
    assert len(points) == 2
    assert all(np.isfinite(point["x"]) for point in points)


def test_a_layer_has_no_picture_and_is_told_so(tmp_path: Path) -> None:
    lines = draw(tmp_path / "plots", reference_candidate(entry("dense")))
    assert lines == ["reference: there is no picture of a dense layer"]
    assert not (tmp_path / "plots").exists()


def test_the_files_are_written_and_named(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib.figure", reason="matplotlib is optional")
    lines = draw(tmp_path / "plots", reference_candidate(entry("parabola")))
    path = tmp_path / "plots" / "reference-parabola-losses.png"
    assert lines == [f"wrote {path}"]
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_submission_without_an_answer_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib.figure", reason="matplotlib is optional")

    def refuses(**parameters: float) -> float:
        raise ZeroDivisionError("no answer")

    functions: dict[str, Callable[..., Any]] = {"loss": refuses, "gradient": refuses}
    lines = draw(tmp_path, Candidate("ana/parabola.py", entry("parabola"), Local(functions)))
    assert len(lines) == 1
    assert lines[0].startswith(
        "ana_parabola_py-parabola-losses.png was not drawn: gradient: expected"
    )
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert draw(tmp_path / "plots", reference_candidate(entry("line"))) == [NO_PICTURES]
    assert not (tmp_path / "plots").exists()
