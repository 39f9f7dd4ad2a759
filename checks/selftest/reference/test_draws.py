"""Do names stay, do numbers follow the seed, and has a draw the sizes asked for?"""

from __future__ import annotations

import numpy as np
import pytest

from checks.selftest.reference.asking import (
    EVERY,
    SEEDS,
    WITH_SAMPLES,
    over,
    point_cases,
    sizes,
)
from reference import points
from reference.catalogue import entry
from reference.contract import Entry


@over(*EVERY)
def test_names_and_order_do_not_depend_on_the_seed(model: Entry) -> None:
    names = [tuple(case.name for case in model.cases(seed)) for seed in SEEDS]
    assert set(names) == {names[0]}
    assert len(set(names[0])) == len(names[0])


@over(*EVERY)
def test_same_seed_same_numbers_other_seed_other_numbers(model: Entry) -> None:
    for first, again, other in zip(model.cases(3), model.cases(3), model.cases(4), strict=True):
        for name, value in first.parameters.items():
            assert np.array_equal(value, again.parameters[name])
        changed = [
            not np.array_equal(value, {**other.data, **other.parameters}[name])
            for name, value in {**first.data, **first.parameters}.items()
        ]
        assert any(changed) or first.name == "saturated_single", first.name


def test_dropping_a_case_changes_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    model = entry("multilinear")
    before = {case.name: case for case in model.cases(0)}
    kept = points.POINTS["multilinear"][1:]
    monkeypatch.setitem(points.POINTS, "multilinear", kept)
    for case in model.cases(0):
        assert np.array_equal(case.data["X"], before[case.name].data["X"])


@over(*EVERY)
def test_no_two_points_share_a_draw_except_on_purpose(model: Entry) -> None:
    on_purpose = ("mirrored", "saturated") if model.name == "sigmoid" else ("mirrored",)
    first: list[float] = []
    for case in point_cases(model, 0):
        if case.name not in on_purpose and not (model.name == "sigmoid" and case.zero_dimensional):
            values = [abs(float(v.flat[-1])) for v in case.parameters.values()]
            first.append(values[-1])
    assert len(set(first)) == len(first)


@over(*(name for name in WITH_SAMPLES if name != "sigmoid"))
def test_a_drawn_case_has_the_sizes_asked_for(model: Entry) -> None:
    letters = sizes(model, model.draw(0))
    asked = {letter: 5 + place for place, letter in enumerate(letters)}
    assert sizes(model, model.draw(0, **asked)) == asked


def test_a_drawn_sigmoid_layer_has_n_entries() -> None:
    assert entry("sigmoid").draw(0, N=9).parameters["z"].shape == (9,)


def test_an_unknown_size_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="multilinear has no size h; its sizes: d, N"):
        entry("multilinear").draw(0, h=3)
