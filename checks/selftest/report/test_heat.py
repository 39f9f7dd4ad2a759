"""Is every wrong entry of a gradient drawn where it sits, and told in words?"""

from __future__ import annotations

import numpy as np
import pytest

from checks.battery.excess import LEVELS, MOST_COLUMNS, MOST_ROWS, REACH, excesses
from checks.report.heat import SHADES, drawings
from checks.report.jsonfile import report_of, subject
from checks.result import Excess
from checks.selftest.report.results import HOSTILE, LOCATED, report
from reference.contract import Array


def excess(difference: Array, allowed: float = 1.0) -> Excess:
    """The excess of a parameter W whose right value is zero everywhere."""
    right = np.zeros_like(difference)
    (block,) = excesses({"W": difference}, {"W": right}, {"W": np.full_like(right, allowed)})
    return block


def test_what_is_allowed_is_level_0_and_what_is_not_finite_the_last() -> None:
    block = excess(np.array([0.0, 1.0, np.nextafter(1.0, 2.0), np.inf, np.nan]))
    assert (block.rows, block.wrong) == (("00199",), 3)


@pytest.mark.parametrize("level", range(1, LEVELS + 1))
def test_levels_are_equal_factors_apart(level: int) -> None:
    middle = 10.0 ** (REACH * (level - 0.5) / LEVELS)
    assert excess(np.array([middle])).rows == (str(level),)


def test_an_exact_answer_is_right_where_nothing_is_allowed() -> None:
    assert excess(np.array([0.0, 1.0]), allowed=0.0).rows == ("09",)


@pytest.mark.parametrize(
    ("shape", "rows"),
    [((), ("1",)), ((3,), ("111",)), ((2, 3), ("111", "111")), ((2, 2, 1), ("1",) * 4)],
    ids=["scalar", "vector", "matrix", "rank 3"],
)
def test_a_parameter_keeps_its_shape(shape: tuple[int, ...], rows: tuple[str, ...]) -> None:
    block = excess(np.full(shape, 2.0))
    assert (block.shape, block.rows, block.tile) == (shape, rows, (1, 1))


def test_a_large_matrix_is_drawn_in_tiles_that_lose_no_wrong_entry() -> None:
    large = np.zeros((2 * MOST_ROWS + 1, 3 * MOST_COLUMNS))
    large[-1, -1] = 2.0
    block = excess(large)
    assert (block.tile, block.wrong) == ((3, 3), 1)
    assert len(block.rows) <= MOST_ROWS
    assert {len(row) for row in block.rows} == {MOST_COLUMNS}
    assert (block.rows[-1][-1], "".join(block.rows).count("1")) == ("1", 1)
    (drawing,) = drawings([block])
    assert "1 of 7056 entries wrong, drawn 3 × 3 entries to a square" in drawing.text


def test_entries_are_drawn_in_their_row_and_column() -> None:
    matrix, scalar = drawings(LOCATED.where)
    assert (matrix.rows, matrix.columns) == (2, 3)
    assert {shade.level: shade.path for shade in matrix.shades} == {
        0: "M0 0h2v1h-2zM1 1h2v1h-2z",
        1: "M0 1h1v1h-1z",
        SHADES: "M2 0h1v1h-1z",
    }
    assert [matrix.text, scalar.text] == ["W (2, 3): 2 of 6 entries wrong", "b right"]


def test_nothing_is_drawn_where_nothing_is_wrong() -> None:
    assert drawings([excess(np.zeros(3))]) == ()


def test_a_name_moves_nothing() -> None:
    (drawing,) = drawings([Excess(HOSTILE, (), 1, (1, 1), ("9",))])
    assert all(character.isprintable() for character in drawing.name + drawing.text)


def test_json_keeps_where_the_error_sits() -> None:
    whole = report(LOCATED)
    assert report_of(subject(whole)) == whole
