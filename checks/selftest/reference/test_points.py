"""Are the points such that errors show there?  Each line of the contract's list is a test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from checks.engine.scale import EPS
from checks.selftest.reference.asking import (
    EVERY,
    HIDDEN,
    LABELLED,
    ONE_COMPONENT,
    SATURABLE,
    SQUARED,
    WITH_LOSS,
    WITH_SAMPLES,
    every_seed,
    gradient,
    logits,
    names_where,
    over,
    point_cases,
    samples,
    sizes,
)
from reference.catalogue import entry
from reference.contract import UPSTREAM, Case, Entry
from reference.curvature import SHARE_OF_STABLE


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
    assert SHARE_OF_STABLE > 0.5
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
        assert case.learning_rate * curvature == pytest.approx(SHARE_OF_STABLE, rel=np.cbrt(EPS)), (
            case.name
        )


@over("line", "plane", "multilinear")
def test_learning_rate_follows_from_the_singular_values(model: Entry) -> None:
    for case in point_cases(model, 0):
        design = np.column_stack([case.data["X"], np.ones(samples(model, case))])
        curvature = np.linalg.norm(design, 2) ** 2
        if model.name != "plane":
            curvature *= 2 / len(design)
        assert case.learning_rate * curvature == pytest.approx(SHARE_OF_STABLE, rel=np.cbrt(EPS)), (
            case.name
        )


@over(*names_where(lambda e: any(v.shape in ((), ("...",)) for v in e.parameters)))
def test_scalars_come_once_as_arrays_without_axes(model: Entry) -> None:
    assert [case.name for case in point_cases(model, 0) if case.zero_dimensional] == [
        "zero_dimensional"
    ]
