"""A starter binds, says what to fill in, and is graded as it stands: with holes."""

from __future__ import annotations

import pytest

from checks.selftest.submission.conftest import HandIn
from checks.submission.starters import starter
from checks.submission.worker.binding import bind
from reference.catalogue import CATALOGUE
from reference.contract import Entry


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_a_starter_has_every_function_with_the_contracts_arguments(entry: Entry) -> None:
    names: dict[str, object] = {}
    exec(compile(starter(entry.name), entry.name, "exec"), names)
    for function in entry.functions:
        hole = names[function]
        assert callable(hole)
        bound = bind(hole, entry.arguments(function))
        with pytest.raises(NotImplementedError, match=function):
            bound(dict.fromkeys(entry.arguments(function), 0.0))


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_a_starter_says_the_loss_and_the_shapes(entry: Entry) -> None:
    text = starter(entry.name)
    assert entry.source in text
    for variable in (*entry.data, *entry.parameters):
        assert f"\n    {variable.name} " in text


def test_a_hole_is_a_problem_that_names_it(hand_in: HandIn) -> None:
    worker = hand_in(starter("parabola"), "parabola")
    (answer,) = worker.ask("gradient", {}, [{"x": 1.0}])
    assert answer.problem is not None
    assert "NotImplementedError: gradient: replace this line" in answer.problem.observed


def test_no_such_model_is_told_the_nearest() -> None:
    with pytest.raises(KeyError, match="plane"):
        starter("plain")
