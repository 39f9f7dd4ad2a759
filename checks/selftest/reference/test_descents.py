"""Do the descents arrive, and are the extremes extreme?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from checks.engine.scale import EPS
from checks.selftest.reference.asking import (
    HIDDEN,
    LINEAR,
    SATURABLE,
    WITH_LOSS,
    every_seed,
    gradient,
    logits,
    over,
    samples,
    with_role,
)
from reference.catalogue import entry
from reference.contract import Case, Entry, Role
from reference.descents import reduction_of


def descended(model: Entry, case: Case) -> tuple[list[float], Case]:
    """The losses before each step of the descent, and the case at its end."""
    losses, parameters = [], case.parameters
    for _ in range(case.steps):
        at = replace(case, parameters=parameters)
        losses.append(model.module.loss(**case.data, **parameters))
        parameters = {
            name: np.asarray(parameters[name] - case.learning_rate * slope)
            for name, slope in gradient(model, at).items()
        }
    return losses, replace(case, parameters=parameters)


@over(*WITH_LOSS)
@every_seed
def test_descent_reaches_a_minimum_and_never_climbs(model: Entry, seed: int) -> None:
    cases = with_role(model, seed, Role.DESCENT)
    assert cases
    for case in cases:
        assert 0 < case.steps <= 600
        losses, end = descended(model, case)
        start_size, end_size = (
            np.linalg.norm(np.concatenate([v.ravel() for v in gradient(model, at).values()]))
            for at in (case, end)
        )
        assert end_size <= reduction_of(model.name) * start_size, case.name
        # A mean over n samples is rounded n times at the worst.
        rounding = max(1, samples(model, case) if case.data else 1) * EPS * max(map(abs, losses))
        assert np.max(np.diff(losses)) <= rounding, case.name


@over("neuron", "sigmoid_unit", "network", "network_biased")
@every_seed
def test_no_model_meets_the_noisy_targets_of_its_teacher(model: Entry, seed: int) -> None:
    (case,) = with_role(model, seed, Role.DESCENT)
    losses, _ = descended(model, case)
    # Far above rounding: half of its digits are left to tell one minimum from another.
    assert losses[-1] > np.sqrt(EPS) * losses[0]


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
