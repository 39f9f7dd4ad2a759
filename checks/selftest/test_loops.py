"""Do the plain Python loops and the vectorised models say the same, to rounding and no further?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from checks.engine.scale import EPS
from reference.contract import Array
from reference.loops import GRADIENTS, LOOPS

LAYERS = ("dense", "sigmoid")

# Every gradient's (or backward's) arguments, with their shapes in the letters of SIZES.
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "slope": {"X": "N", "y": "N", "w": ""},
    "neuron": {"X": "Nd", "y": "N", "w": "d"},
    "linear_system": {"A": "Nd", "y": "N", "x": "d"},
    "binary_cross_entropy": {"y": "N", "p": "N"},
    "sigmoid_cross_entropy": {"y": "N", "z": "N"},
    "dense": {"X": "Nd", "W": "do", "b": "o", "upstream": "No"},
    "sigmoid": {"z": "Nd", "upstream": "Nd"},
    "mlp": {
        "X": "Nd",
        "y": "N1",
        "W1": "dh",
        "b1": "h",
        "W2": "hk",
        "b2": "k",
        "W3": "k1",
        "b3": "1",
    },
    "line_half_sse": {"X": "N", "y": "N", "m": "", "b": ""},
    "plane": {"X": "Nd", "y": "N", "w": "d", "b": ""},
    "sigmoid_unit": {"X": "Nd", "y": "N", "w": "d", "b": ""},
    "network": {"X": "Nd", "y": "No", "W1": "dh", "W2": "ho"},
    "network_biased": {"X": "Nd", "y": "No", "W1": "dh", "b1": "h", "W2": "ho", "b2": "o"},
    "hill": {"x": "", "y": ""},
    "parabola": {"x": ""},
    "sextic": {"x": ""},
    "bowl": {"x": "", "y": ""},
    "line": {"X": "N", "y": "N", "w": "", "b": ""},
    "multilinear": {"X": "Nd", "y": "N", "w": "d", "b": ""},
}
PER_SAMPLE = {"p", "z"}
SIZES = [
    pytest.param({"N": 1, "d": 2, "h": 3, "k": 4, "o": 1, "1": 1}, id="one_sample"),
    pytest.param({"N": 7, "d": 3, "h": 2, "k": 5, "o": 4, "1": 1}, id="tall"),
    pytest.param({"N": 2, "d": 6, "h": 4, "k": 3, "o": 5, "1": 1}, id="wide"),
]


def drawn(name: str, sizes: Mapping[str, int], seed: int) -> dict[str, Array]:
    """Random arguments of both signs; probabilities and classes where the model needs them.

    Weights are of order 1: in a saturated unit the models' 1 − σ(z) is a difference that loses
    digits which the loops' σ(−z) keeps, and the bound below knows nothing of that.
    """
    generator = np.random.default_rng([seed, *name.encode()])
    values = {}
    for argument, letters in ARGUMENTS[name].items():
        shape = tuple(sizes[letter] for letter in letters)
        values[argument] = generator.standard_normal(shape)
        if argument == "p":
            values[argument] = generator.uniform(0.05, 0.95, shape)
        if argument == "y" and "entropy" in name:
            values[argument] = generator.integers(0, 2, shape).astype(np.float64)
    return {argument: np.asarray(value) for argument, value in values.items()}


def flat(answer: Any) -> Array:
    """All entries of an answer, one after the other."""
    parts = answer if isinstance(answer, tuple) else (answer,)
    return np.concatenate([np.ravel(part) for part in parts])


def rounding(function: Callable[..., Any], arguments: Mapping[str, Array]) -> Array:
    """How far two right computations of `function` may be apart, entry by entry.

    A sum or product of n roundings returns the exact answer for inputs changed by at most n·ε
    each (Higham 2002, chapter 3), so both are within n·ε·(Σ |input · ∂answer/∂input| + |answer|)
    of the truth; n = the number of input entries + 16 bounds the operations on one path.
    """
    relative = 2.0**-20  # far above rounding, and its square far below 1: enough for a bound
    base = flat(function(**arguments))
    total = np.abs(base)
    for name, value in arguments.items():
        for place in np.ndindex(value.shape):
            moved = value.copy()
            moved[place] *= 1 + relative
            total = total + np.abs(flat(function(**{**arguments, name: moved})) - base) / relative
    n = sum(value.size for value in arguments.values()) + 16
    return 2 * n * EPS * total


def model(name: str, function: str) -> Callable[..., Any]:
    found = getattr(import_module(f"reference.models.{name}"), function)
    assert callable(found)
    return found  # type: ignore[no-any-return]  # modules are looked up by name


def shapes(answer: Any) -> list[tuple[int, ...]]:
    return [np.asarray(part).shape for part in (answer if isinstance(answer, tuple) else (answer,))]


def test_every_model_has_its_loop() -> None:
    assert set(LOOPS) == set(GRADIENTS) == set(ARGUMENTS)
    assert len(LOOPS) == 19


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_loop_gradient_equals_the_model(name: str, sizes: Mapping[str, int]) -> None:
    arguments = drawn(name, sizes, seed=1)
    expected = model(name, "backward" if name in LAYERS else "gradient")(**arguments)
    observed = GRADIENTS[name](**arguments)
    assert shapes(expected) == shapes(observed)
    allowed = rounding(GRADIENTS[name], arguments)
    assert np.all(np.abs(flat(expected) - flat(observed)) <= allowed)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("name", [name for name in ARGUMENTS if name not in LAYERS])
def test_the_loop_update_equals_the_model(name: str, sizes: Mapping[str, int]) -> None:
    arguments = {**drawn(name, sizes, seed=2), "learning_rate": np.asarray(0.3)}
    expected = model(name, "update")(**arguments)
    observed = LOOPS[name](**arguments)
    assert shapes(expected) == shapes(observed)
    allowed = rounding(LOOPS[name], arguments)
    assert np.all(np.abs(flat(expected) - flat(observed)) <= allowed)


@pytest.mark.parametrize("letters", ["", "d", "Nd", "Ndh"], ids=["0d", "1d", "2d", "3d"])
def test_the_sigmoid_loop_takes_any_rank(letters: str) -> None:
    shape = tuple({"N": 2, "d": 3, "h": 4}[letter] for letter in letters)
    generator = np.random.default_rng(3)
    arguments = {"z": generator.normal(0, 3, shape), "upstream": generator.normal(0, 1, shape)}
    arguments = {name: np.asarray(value) for name, value in arguments.items()}
    expected, observed = (
        model("sigmoid", "backward")(**arguments),
        GRADIENTS["sigmoid"](**arguments),
    )
    assert shapes(observed) == [shape]
    allowed = rounding(GRADIENTS["sigmoid"], arguments)
    assert np.all(np.abs(flat(expected) - flat(observed)) <= allowed)


@pytest.mark.parametrize("z", [-1e4, -710.0, 710.0, 1e4])
def test_a_saturated_loop_does_not_overflow(z: float) -> None:
    expected = 1.0 if z > 0 else 0.0
    observed = flat(GRADIENTS["sigmoid_cross_entropy"](y=np.array([0.0]), z=np.array([z])))[0]
    # Beside 1 the truth differs by e^−710, beside 0 it is that number itself.
    assert abs(expected - observed) <= float(np.exp(-709.0))


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_loop_changes_nothing_that_it_was_given(name: str) -> None:
    arguments = drawn(name, {"N": 3, "d": 2, "h": 4, "k": 5, "o": 2, "1": 1}, seed=4)
    before = {argument: value.copy() for argument, value in arguments.items()}
    GRADIENTS[name](**arguments)
    np.testing.assert_equal(arguments, before)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_one_entry_wrong_by_a_millionth_would_be_seen(name: str) -> None:
    arguments = drawn(name, {"N": 7, "d": 3, "h": 2, "k": 5, "o": 4, "1": 1}, seed=1)
    right = flat(GRADIENTS[name](**arguments))
    allowed = rounding(GRADIENTS[name], arguments)
    assert np.all(np.abs(right) / 1e6 > allowed)
