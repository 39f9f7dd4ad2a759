"""Is a descent drawn as it went: down to SciPy's loss, or away from it?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.battery import convergence
from checks.report import curve as drawing
from checks.report.curve import HEIGHT, MARGIN, Curve, curve
from checks.selftest.report.results import PASSED, report

INFINITE = float("inf")


def drawn(floor: float, *losses: float) -> Curve | None:
    measured = {f"loss_after_{5 * n}": loss for n, loss in enumerate(losses)}
    result = replace(
        PASSED, check="convergence", measurements={"loss_floor": floor, "steps": 5.0, **measured}
    )
    return curve(report(PASSED, result))


def heights(of: Curve) -> list[float]:
    return [float(point.split(",")[1]) for point in of.points.split()]


def test_the_names_are_those_that_the_battery_gives() -> None:
    assert (drawing.FLOOR, drawing.LOSS_AFTER) == (convergence.FLOOR, convergence.LOSS_AFTER)
    assert convergence.CONVERGENCE.name == drawing.CHECK


@pytest.mark.parametrize(
    ("floor", "losses", "word"),
    [(0.01, (100.0, 1.0, 0.01), "logarithmic"), (-1.0, (1.0, 0.0, -1.0), "linear")],
    ids=["positive", "negative"],
)
def test_equal_steps_of_the_scale_are_equal_in_height(
    floor: float, losses: tuple[float, ...], word: str
) -> None:
    line = drawn(floor, *losses)
    assert line is not None
    assert heights(line) == [MARGIN, HEIGHT / 2, HEIGHT - MARGIN]
    assert (line.floor, word in line.text) == (HEIGHT - MARGIN, True)


def test_a_descent_that_diverges_goes_up_from_the_floor() -> None:
    line = drawn(0.1, 1.0, 10.0, 100.0, INFINITE)
    assert line is not None
    assert heights(line) == sorted(heights(line), reverse=True)
    assert "to 100 in 10 steps" in line.text


@pytest.mark.parametrize(
    "losses", [(), (1.0,), (1.0, INFINITE)], ids=["none", "the start", "no finite step"]
)
def test_without_two_finite_losses_nothing_is_drawn(losses: tuple[float, ...]) -> None:
    assert drawn(0.1, *losses) is None


def test_a_report_without_a_descent_has_no_curve() -> None:
    assert curve(report(PASSED)) is None


def test_a_descent_at_its_floor_from_the_start_is_a_flat_line() -> None:
    line = drawn(2.0, 2.0, 2.0)
    assert line is not None
    assert len(set(heights(line))) == 1
