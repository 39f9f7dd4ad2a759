"""Is the ledger whole: every row held by a test, every outcome explained, every figure a figure?"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from checks.documents.claim import Claim, State, disagreements, half_unit
from checks.documents.ledger import LEDGER, TITLES, claim, text


def names_of_tests() -> list[str]:
    """The names of all test functions of this folder."""
    return [
        node.name
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def row_of(name: str) -> str:
    """test_d3_4_… → D3.4; empty for a test of no row."""
    parts = name.split("_")
    if len(parts) < 3 or parts[1] not in {title.lower() for title in TITLES}:
        return ""
    return f"{parts[1].upper()}.{parts[2]}"


def test_every_row_is_held_by_a_test() -> None:
    tested = {row_of(name) for name in names_of_tests()}
    # Rows that need a defect are held by the parametrised tests of test_defects.py.
    held = tested | {row.id for row in LEDGER if row.state is State.ONLY_WITH_THE_DEFECT}
    assert {row.id for row in LEDGER} - held == set()


def test_no_test_names_a_row_that_is_not_there() -> None:
    assert {row_of(name) for name in names_of_tests()} - {row.id for row in LEDGER} == {""}


def test_the_ids_are_in_order_and_occur_once() -> None:
    ids = [row.id for row in LEDGER]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    numbers = [int(name.split(".")[1].rstrip("ab")) for name in ids]
    documents = [row.document for row in LEDGER]
    assert list(zip(documents, numbers, strict=True)) == sorted(
        zip(documents, numbers, strict=True)
    )
    assert list(dict.fromkeys(documents)) == list(TITLES)


@pytest.mark.parametrize("row", LEDGER, ids=lambda row: row.id)
def test_a_row_is_complete_and_says_why_it_is_not_simply_reproduced(row: Claim) -> None:
    assert row.statement
    assert row.how
    assert row.why or row.state is State.REPRODUCED
    for figure in (*row.printed, *row.found):
        assert half_unit(figure) > 0


def test_the_text_has_every_row_and_the_count() -> None:
    printed = text()
    for row in LEDGER:
        assert f"\n{row.id} " in printed
        for figure in (*row.printed, *row.found):
            assert figure in printed
    count = Counter(row.state for row in LEDGER)
    assert printed.splitlines()[-1] == (
        f"{len(LEDGER)} claims: {count[State.REPRODUCED]} reproduced, "
        f"{count[State.ONLY_WITH_THE_DEFECT]} only with the defect, "
        f"{count[State.NOT_REPRODUCED]} not reproduced"
    )


@pytest.mark.parametrize("width", [72, 100])
def test_the_text_keeps_to_its_width(width: int) -> None:
    assert [line for line in text(width).splitlines() if len(line) > width] == []


def test_a_row_is_found_by_its_id() -> None:
    assert claim("D3.4").printed == ("201434.60",)
    assert claim("D3.4") in LEDGER


def test_an_unknown_id_is_answered_with_the_range_of_ids() -> None:
    with pytest.raises(KeyError, match=r"no claim 'D9.9'.*D0.1 to D4.14"):
        claim("D9.9")


@pytest.mark.parametrize(
    ("figure", "expected"),
    [("1.3710", 0.5e-4), ("150", 0.5), ("-8.33062319e-04", 0.5e-12), ("0.30", 0.5e-2)],
)
def test_half_a_unit_in_the_last_printed_place(figure: str, expected: float) -> None:
    assert half_unit(figure) == expected


@pytest.mark.parametrize("figure", ["nan", "inf"])
def test_what_is_no_figure_is_refused(figure: str) -> None:
    with pytest.raises(ValueError, match="finite decimal number"):
        half_unit(figure)


def test_figures_agree_up_to_half_a_unit_and_no_further() -> None:
    assert disagreements([1.37104, 1.37096], ["1.3710", "1.3710"]) == []
    assert disagreements([1.37106], ["1.3710"]) == ["printed 1.3710, recomputed 1.37106"]
    assert disagreements([1.37106], ["1.3710"], rounding=0.2e-4) == []
    assert disagreements([float("nan")], ["1.3710"]) != []


def test_fewer_figures_than_printed_are_no_agreement() -> None:
    with pytest.raises(ValueError, match="2 printed figures need as many values, got 1"):
        disagreements([1.0], ["1.0", "2.0"])
