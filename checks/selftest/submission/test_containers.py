"""A step rule's dicts and states cross the wire, and what is changed inside them is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checks.selftest.submission.conftest import HandIn

PARAMETERS = {"w": np.arange(3.0), "b": np.array(0.5)}
STATE = {"t": 1, "moments": ({"w": np.zeros(3)}, [0.0, None])}


def _step(hand_in: HandIn, body: str) -> Any:
    source = f"def step(parameters, gradient, state, learning_rate):\n    {body}\n"
    given: dict[str, Any] = {
        "parameters": PARAMETERS,
        "gradient": PARAMETERS,
        "state": STATE,
        "learning_rate": 0.1,
    }
    (answer,) = hand_in(source, "adam").ask("step", {}, [given])
    return answer


def test_a_state_of_containers_comes_back_as_it_went(hand_in: HandIn) -> None:
    answer = _step(hand_in, "return parameters, state")
    parameters, state = answer.value
    assert parameters["w"].tolist() == [0.0, 1.0, 2.0]
    assert parameters["b"].shape == ()
    assert state["t"] == 1
    assert state["moments"][0]["w"].tolist() == [0.0, 0.0, 0.0]
    assert state["moments"][1] == [0.0, None]
    assert answer.changed == ()


CHANGES = {
    "an array deep inside": ("state['moments'][0]['w'][1] = 2.0", "state"),
    "a number": ("state['t'] += 1", "state"),
    "a new key": ("state['v'] = 0.0", "state"),
    "an entry of a list": ("state['moments'][1].append(1.0)", "state"),
    "a parameter": ("parameters['w'] -= 0.1", "parameters"),
    "something the wire does not carry": ("state['f'] = step", "state"),
}


@pytest.mark.parametrize(("act", "name"), CHANGES.values(), ids=CHANGES)
def test_what_is_changed_in_place_is_named(act: str, name: str, hand_in: HandIn) -> None:
    assert (name,) == _step(hand_in, f"{act}; return 0.0").changed
