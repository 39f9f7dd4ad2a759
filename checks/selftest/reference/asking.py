"""How the tests of this room ask: which models, which cases, and what is read off a case."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from reference.catalogue import CATALOGUE, entry
from reference.contract import Array, Case, Entry, Kind, Role

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
    """The models for which the condition holds, in the catalogue's order."""
    return tuple(e.name for e in CATALOGUE if condition(e))


EVERY = names_where(lambda e: True)
WITH_LOSS = names_where(lambda e: e.kind is not Kind.LAYER)
WITH_SAMPLES = names_where(lambda e: e.kind is not Kind.SURFACE)
SQUARED = names_where(lambda e: "predict" in e.functions and e.name not in LABELLED)

every_seed = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"seed{seed}")


@cache
def cases_of(name: str, seed: int) -> tuple[Case, ...]:
    """The cases of a model, drawn once for all tests: none of them changes an array."""
    return entry(name).cases(seed)


def with_role(model: Entry, seed: int, role: Role) -> tuple[Case, ...]:
    """The cases of one role."""
    return tuple(case for case in cases_of(model.name, seed) if case.role is role)


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
