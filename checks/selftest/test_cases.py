"""Are the cases such that errors show there?  Each line of the contract's list is a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from reference import points
from reference.catalogue import CATALOGUE, entry
from reference.contract import UPSTREAM, Array, Case, Entry, Kind, Role

EPS = float(np.finfo(np.float64).eps)
SEEDS = (0, 1, 2)

LABELLED = ("binary_cross_entropy", "sigmoid_cross_entropy", "mlp")
LINEAR = ("slope", "linear_system", "line_half_sse", "plane", "line", "multilinear")
SATURABLE = ("neuron", "sigmoid_unit", "sigmoid_cross_entropy", "sigmoid")
HIDDEN = ("network", "network_biased", "mlp")
ONE_COMPONENT = ("slope", "parabola", "sextic")


def over(*names: str) -> pytest.MarkDecorator:
    """Parametrise over these models."""
    chosen = [pytest.param(entry(name), id=name) for name in names]
    return pytest.mark.parametrize("model", chosen)


def names_where(condition: Callable[[Entry], bool]) -> tuple[str, ...]:
    """The models for which the condition holds; there is at least one."""
    return tuple(e.name for e in CATALOGUE if condition(e))


EVERY = names_where(lambda e: True)
WITH_LOSS = names_where(lambda e: e.kind is not Kind.LAYER)
WITH_SAMPLES = names_where(lambda e: e.kind is not Kind.SURFACE)
SQUARED = names_where(lambda e: "predict" in e.functions and e.name not in LABELLED)

every_seed = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed{seed}")


@cache
def _cases(name: str, seed: int) -> tuple[Case, ...]:
    """The cases of a model, drawn once for all tests: none of them changes an array."""
    return entry(name).cases(seed)


def with_role(model: Entry, seed: int, role: Role) -> tuple[Case, ...]:
    """The cases of one role."""
    return tuple(case for case in _cases(model.name, seed) if case.role is role)


def point_cases(model: Entry, seed: int) -> tuple[Case, ...]:
    """The POINT cases."""
    return with_role(model, seed, Role.POINT)


def gradient(model: Entry, case: Case) -> dict[str, Array]:
    """The reference's gradient by parameter."""
    function = model.module.backward if model.kind is Kind.LAYER else model.module.gradient
    answer = function(**case.data, **case.parameters)
    values = answer if isinstance(answer, tuple) else (answer,)
    return {n: np.asarray(v) for n, v in zip(case.parameters, values, strict=True)}


def sizes(model: Entry, case: Case) -> dict[str, int]:
    """The lengths of the letters of the model's shapes at this case."""
    arrays = {**case.data, **case.parameters}
    return {
        letter: length
        for variable in (*model.data, *model.parameters)
        if variable.shape != ("...",)
        for letter, length in zip(variable.shape, arrays[variable.name].shape, strict=True)
        if not letter.isdigit()
    }


def samples(model: Entry, case: Case) -> int:
    """The number of samples; of entries in the sigmoid layer, whose shape is free."""
    held = sizes(model, case)
    return held.get("N", held.get("m", 0)) or case.parameters["z"].size


def logits(model: Entry, case: Case) -> Array:
    """What the (first) sigmoid of the model is applied to."""
    given = {**case.data, **case.parameters}
    if "z" in given:
        return given["z"]
    weights, bias = ("W1", "b1") if "W1" in given else ("w", "b")
    return np.asarray(given["X"] @ given[weights] + given.get(bias, 0.0))


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


@over(*EVERY)
def test_points_are_five_to_eight_and_small(model: Entry) -> None:
    cases = point_cases(model, 0)
    assert 5 <= len(cases) <= 8
    assert max(sum(v.size for v in case.parameters.values()) for case in cases) <= 60


@over(*SQUARED)
@every_seed
def test_a_target_is_exactly_zero(model: Entry, seed: int) -> None:
    assert any(np.any(case.data["y"] == 0) for case in point_cases(model, seed))


@over(*SQUARED)
@every_seed
def test_inputs_and_targets_have_both_signs(model: Entry, seed: int) -> None:
    tall = point_cases(model, seed)[0]
    for value in tall.data.values():
        assert np.min(value) < 0 < np.max(value)


@over(*SATURABLE, *HIDDEN)
@every_seed
def test_logits_exceed_three_on_both_sides(model: Entry, seed: int) -> None:
    z = [logits(model, case) for case in point_cases(model, seed) if case.name == "saturated"]
    assert np.min(z) < -3
    assert np.max(z) > 3


@over("dense", "network", "network_biased")
@every_seed
def test_there_is_one_output_and_there_are_several(model: Entry, seed: int) -> None:
    outputs = {sizes(model, case)["o"] for case in point_cases(model, seed)}
    assert min(outputs) == 1
    assert max(outputs) > 1


@over(*WITH_SAMPLES)
def test_one_sample_and_at_least_two_other_numbers_but_never_twenty(model: Entry) -> None:
    counts = {samples(model, case) for case in point_cases(model, 0)}
    assert 1 in counts
    assert len(counts) >= 3
    assert 20 not in counts
    assert max(counts) <= 40


def test_linear_system_has_too_many_and_too_few_equations() -> None:
    shapes = [sizes(entry("linear_system"), case) for case in entry("linear_system").cases(0)]
    assert any(shape["m"] > shape["n"] for shape in shapes)
    assert any(1 < shape["m"] < shape["n"] for shape in shapes)


@over(*(name for name in WITH_SAMPLES if name != "sigmoid"))
def test_sizes_differ_pairwise(model: Entry) -> None:
    for case in point_cases(model, 0):
        lengths = list(sizes(model, case).values())
        assert len(set(lengths)) == len(lengths), (case.name, lengths)


@over(*names_where(lambda e: any("d" in v.shape for v in (*e.data, *e.parameters))))
def test_there_are_at_least_three_features(model: Entry) -> None:
    assert all(sizes(model, case)["d"] >= 3 for case in point_cases(model, 0))


@over(*names_where(lambda e: any(v.name.startswith("b") for v in e.parameters)))
@every_seed
def test_no_bias_is_near_zero(model: Entry, seed: int) -> None:
    for case in point_cases(model, seed):
        biases = [v for name, v in case.parameters.items() if name.startswith("b")]
        if case.name not in ("saturated", "wrong_side"):
            assert all(np.min(np.abs(bias)) >= 0.25 for bias in biases)
        assert all(np.all(bias != 0) for bias in biases)


@over("dense", "sigmoid")
@every_seed
def test_upstream_is_not_one(model: Entry, seed: int) -> None:
    assert all(np.all(case.data[UPSTREAM] != 1) for case in point_cases(model, seed))


@over(*LABELLED, "neuron", "sigmoid_unit")
@every_seed
def test_a_prediction_above_one_half_has_target_zero(model: Entry, seed: int) -> None:
    def holds(case: Case) -> bool:
        given = {**case.data, **case.parameters}
        if model.output is None:
            prediction = given["p"]
        else:
            prediction = model.module.predict(**{n: given[n] for n in model.arguments("predict")})
        return bool(np.any((prediction > 0.5) & (given["y"] == 0)))

    made = [case for case in point_cases(model, seed) if case.name in ("wrong_side", "zero_target")]
    assert [holds(case) for case in made] == [True]


@over(*LABELLED)
@every_seed
def test_labels_are_zero_and_one(model: Entry, seed: int) -> None:
    labels = [np.unique(case.data["y"]) for case in point_cases(model, seed)]
    assert set(np.concatenate(labels)) == {0.0, 1.0}
    assert all(set(found) == {0.0, 1.0} for found in labels[:1])


def test_sigmoid_layer_is_asked_at_every_rank() -> None:
    ranks = {case.parameters["z"].ndim for case in point_cases(entry("sigmoid"), 0)}
    assert ranks == {0, 1, 2}


@over(*EVERY)
@every_seed
def test_every_component_has_gradients_of_both_signs(model: Entry, seed: int) -> None:
    rising: set[tuple[object, ...]] = set()
    falling: set[tuple[object, ...]] = set()
    for case in point_cases(model, seed):
        for name, slopes in gradient(model, case).items():
            for index, slope in np.ndenumerate(slopes):
                (rising if slope > 0 else falling).add((name, slopes.ndim, *index))
    assert rising == falling


@over(*(name for name in EVERY if name not in ONE_COMPONENT))
@every_seed
def test_one_component_is_much_smaller_than_the_others(model: Entry, seed: int) -> None:
    uneven = next(case for case in point_cases(model, seed) if case.name == "uneven")
    size = np.abs(np.concatenate([slopes.ravel() for slopes in gradient(model, uneven).values()]))
    assert 0 < np.min(size) < np.max(size) / 50


@over(*WITH_LOSS)
@every_seed
def test_learning_rate_is_large_but_stable(model: Entry, seed: int) -> None:
    # Central differences with this relative step are good to about ε^(2/3), asserted to ε^(1/3).
    for case in point_cases(model, seed):
        columns = []
        for name, value in case.parameters.items():
            for index in np.ndindex(value.shape):
                step = np.cbrt(EPS) * min(1.0, abs(float(value[index])))
                moved = np.zeros_like(value)
                moved[index] = step
                ahead, behind = (
                    gradient(model, replace(case, parameters={**case.parameters, name: at}))
                    for at in (value + moved, value - moved)
                )
                columns.append([(ahead[k] - behind[k]).ravel() / (2 * step) for k in ahead])
        curvature = np.linalg.norm(np.array([np.concatenate(column) for column in columns]), 2)
        assert case.learning_rate * curvature == pytest.approx(0.8, rel=np.cbrt(EPS)), case.name


@over("line", "plane", "multilinear")
def test_learning_rate_follows_from_the_singular_values(model: Entry) -> None:
    for case in point_cases(model, 0):
        design = np.column_stack([case.data["X"], np.ones(samples(model, case))])
        curvature = np.linalg.norm(design, 2) ** 2
        if model.name != "plane":
            curvature *= 2 / len(design)
        assert case.learning_rate * curvature == pytest.approx(0.8, rel=np.cbrt(EPS)), case.name


@over(*names_where(lambda e: any(v.shape in ((), ("...",)) for v in e.parameters)))
def test_scalars_come_once_as_arrays_without_axes(model: Entry) -> None:
    assert [case.name for case in point_cases(model, 0) if case.zero_dimensional] == [
        "zero_dimensional"
    ]


@over(*WITH_LOSS)
@every_seed
def test_descent_reaches_a_minimum_and_never_climbs(model: Entry, seed: int) -> None:
    cases = with_role(model, seed, Role.DESCENT)
    assert cases
    for case in cases:
        assert 0 < case.steps <= 600
        losses, parameters = [], dict(case.parameters)
        for _ in range(case.steps):
            losses.append(model.module.loss(**case.data, **parameters))
            slopes = model.module.gradient(**case.data, **parameters)
            slopes = slopes if isinstance(slopes, tuple) else (slopes,)
            parameters = {
                name: value - case.learning_rate * slope
                for (name, value), slope in zip(parameters.items(), slopes, strict=True)
            }
        end = Case(case.name, case.data, {k: np.asarray(v) for k, v in parameters.items()}, seed)
        start_size, end_size = (
            np.linalg.norm(np.concatenate([v.ravel() for v in gradient(model, at).values()]))
            for at in (case, end)
        )
        assert end_size <= 1e-5 * start_size, case.name
        # A mean over n samples is rounded n times at the worst.
        rounding = max(1, samples(model, case) if case.data else 1) * EPS * max(map(abs, losses))
        assert np.max(np.diff(losses)) <= rounding, case.name


@over(*SATURABLE, *HIDDEN)
@every_seed
def test_extremes_saturate_on_both_sides_up_to_ten_thousand(model: Entry, seed: int) -> None:
    cases = with_role(model, seed, Role.EXTREME)
    z = np.concatenate([logits(model, c).ravel() for c in cases if "saturated" in c.name])
    assert np.max(np.abs(z)) == pytest.approx(1e4, rel=16 * EPS)
    assert np.min(z) < -1e3
    assert np.max(z) > 1e3
    assert any(samples(model, case) == 1 for case in cases)


@over(*LINEAR, *HIDDEN, "neuron", "sigmoid_unit", "dense")
def test_extremes_scale_the_inputs_by_a_million_either_way(model: Entry) -> None:
    name = "A" if model.name == "linear_system" else "X"
    cases = {case.name: {**case.data, **case.parameters} for case in model.cases(0)}
    assert 1e5 < np.median(np.abs(cases["huge"][name])) < 1e7
    assert 1e-7 < np.median(np.abs(cases["tiny"][name])) < 1e-5


def test_extreme_probabilities_touch_both_edges_with_either_label() -> None:
    edge = next(c for c in entry("binary_cross_entropy").cases(0) if c.name == "edge")
    p, y = edge.parameters["p"], edge.data["y"]
    assert {
        (bool(a > 0.5), float(b)) for a, b in zip(p, y, strict=True) if min(a, 1 - a) < 2e-12
    } == {(False, 0.0), (False, 1.0), (True, 0.0), (True, 1.0)}


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
