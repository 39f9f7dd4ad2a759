"""Mistakes that are not in the formula: contract, extremes, costs, and where a descent ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import numpy as np

from checks.battery.convergence import ELSEWHERE
from checks.battery.vectorised import GROWS
from checks.selftest.mutants.chains import sigmoid
from checks.selftest.mutants.changes import entrywise
from checks.selftest.mutants.mutant import (
    BOTH_GRADIENTS,
    ENTRIES,
    Change,
    Function,
    Mutant,
    changed_gradient,
    named,
    reference_functions,
    returned,
    with_gradient,
)
from reference.contract import LEARNING_RATE, Array

VALUES = frozenset({"predict", "loss"})


def broken(
    what: str,
    of: str,
    functions: Mapping[str, Function],
    diagnosis: str | None,
    spared: frozenset[str] = VALUES,
) -> Mutant:
    """The reference with some functions exchanged for ones that break the contract."""
    return Mutant(
        f"{of}, contract: {what}",
        of,
        {**reference_functions(of), **functions},
        frozenset({"contract"}),
        diagnosis,
        spared,
    )


def gradient_of(of: str, change: Change) -> dict[str, Function]:
    """A changed gradient under its name."""
    return {"gradient": changed_gradient(of, change)}


def drifting(of: str) -> Function:
    """A gradient with a counter inside: each call adds a little."""
    calls = count()
    right = reference_functions(of)["gradient"]

    def gradient(**given: Any) -> Any:
        return right(**given) * (1 + 1e-6 * next(calls))

    return gradient


def stale(of: str) -> Function:
    """The gradient at the parameters of the call before."""
    right = reference_functions(of)["gradient"]
    before: list[Any] = []

    def gradient(**given: Any) -> Any:
        value = right(**given)
        before.append(value)
        known = len(before) > 1 and before[-2].shape == value.shape
        return before[-2] if known else value

    return gradient


def in_place(X: Array, y: Array, learning_rate: float, W1: Array, W2: Array) -> tuple[Array, Array]:
    """The update written with -=."""
    dW1, dW2 = reference_functions("network")["gradient"](X, y, W1, W2)
    W1 -= learning_rate * dW1
    W2 -= learning_rate * dW2
    return W1, W2


def normalising(X: Array, y: Array, w: Array, b: float) -> float:
    """The inputs are normalised in place before use."""
    loss = reference_functions("plane")["loss"](X, y, w, b)
    X /= np.max(X)
    return float(loss)


def raising(**given: Any) -> Any:
    """A misspelt name inside."""
    raise NameError("name 'predicton' is not defined")


def momentum(of: str) -> Function:
    """A velocity that is kept between calls."""
    entry = ENTRIES[of]
    velocity: dict[str, Any] = {}

    def update(**given: Any) -> Any:
        rate = given.pop(LEARNING_RATE)
        for name, slope in named(entry, entry.module.gradient(**given)).items():
            velocity[name] = 0.9 * velocity.get(name, 0.0) + slope
        return returned(entry, {name: given[name] - rate * velocity[name] for name in velocity})

    return update


NOISE = np.random.default_rng(11)

CONTRACTS: tuple[Mutant, ...] = (
    broken("a column for a vector", "plane",
           gradient_of("plane", entrywise(lambda dw: dw.reshape(-1, 1), "w")), "wrong shape"),
    broken("a vector for a matrix", "network",
           gradient_of("network", entrywise(np.ravel, "W1")), "wrong shape"),
    broken("a list of one for a scalar", "line",
           gradient_of("line", entrywise(lambda dw: np.array([dw]), "w")), "wrong shape"),
    broken("only one of two gradients", "line",
           {"gradient": lambda X, y, w, b: float(np.mean(X))}, "wrong shape"),
    broken("nothing returned", "slope", {"gradient": lambda X, y, w: None}, "nothing returned"),
    broken("a text returned", "parabola", {"gradient": lambda x: "2x"}, "no numbers returned"),
    broken("an exception", "multilinear", {"gradient": raising}, "raises an exception"),
    broken("float32", "network",
           gradient_of("network", entrywise(lambda dW: dW.astype(np.float32))), "precision"),
    broken("argument changed in place", "network", {"update": in_place},
           "argument changed in place", VALUES | BOTH_GRADIENTS),
    broken("data changed in place", "plane", {"loss": normalising}, "argument changed in place",
           frozenset({"predict", "gradient_reference"})),
    broken("a counter inside", "linear_system", {"gradient": drifting("linear_system")},
           "memory between calls"),
    broken("the gradient before", "neuron", {"gradient": stale("neuron")},
           "memory between calls"),
    broken("momentum kept", "bowl", {"update": momentum("bowl")}, "memory between calls",
           frozenset({"loss"}) | BOTH_GRADIENTS),
    broken("noise", "line",
           gradient_of("line", entrywise(lambda dw: dw * (1 + 1e-9 * NOISE.standard_normal()))),
           "memory between calls"),
    broken("loss of shape (1,)", "slope",
           {"loss": lambda X, y, w: np.array([np.mean((w * X - y) ** 2)])}, "wrong shape",
           frozenset({"predict", "gradient_reference"})),
    broken("a prediction per pair", "line",
           {"predict": lambda X, w, b: (w * X + b) - 0 * X.reshape(-1, 1)}, "wrong shape",
           frozenset({"loss", "gradient_own", "gradient_reference"})),
)  # fmt: skip


def naive_entropy(y: Array, z: Array) -> float:
    """The logarithm of a sigmoid that has been rounded to 0 or 1."""
    p = sigmoid(z)
    return float(np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)))


def naive_network_loss(X: Array, y: Array, W1: Array, W2: Array) -> float:
    """The hidden layer with e^(−z)."""
    residual = sigmoid(X @ W1) @ W2 - y
    return 0.5 * float(np.sum(residual**2))


def unstable(what: str, of: str, **functions: Function) -> Mutant:
    """Right everywhere but where numbers are extreme."""
    return Mutant(
        f"{of}, stability: {what}",
        of,
        {**reference_functions(of), **functions},
        frozenset({"stability"}),
        "overflow at extreme numbers",
        frozenset({"contract", "predict", "loss", "update"}) | BOTH_GRADIENTS,
    )


STABILITY: tuple[Mutant, ...] = (
    unstable("e^(−z)", "neuron", predict=lambda X, w: sigmoid(X @ w)),
    unstable("e^(−z)", "sigmoid_unit", predict=lambda X, w, b: sigmoid(X @ w + b)),
    unstable("e^(−z)", "sigmoid", forward=sigmoid),
    unstable("e^(−z)", "network", loss=naive_network_loss),
    unstable("log of a rounded sigmoid", "sigmoid_cross_entropy", loss=naive_entropy),
    unstable("σ' by e^(−z)", "sigmoid",
             backward=lambda z, upstream: upstream * np.exp(-z) / (1 + np.exp(-z)) ** 2),
    unstable("e^(−z)", "mlp",
             predict=lambda X, W1, b1, W2, b2, W3, b3:
             sigmoid(sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2) @ W3 + b3)),
)  # fmt: skip


def costly(what: str, of: str, gradient: Function, grows: str) -> Mutant:
    """Right, at a cost that grows like N²."""
    return Mutant(
        f"{of}, vectorised: {what}",
        of,
        with_gradient(of, gradient),
        frozenset({"vectorised"}),
        f"{grows} {GROWS}",
        frozenset({"contract", "predict", "loss", "update"}) | BOTH_GRADIENTS,
    )


def diagonal(X: Array, y: Array, w: Array, b: float) -> tuple[Array, float]:
    """The residuals as a diagonal N × N matrix."""
    residual = np.diag(X @ w + b - y)
    return (X.T @ residual).sum(axis=1), float(np.trace(residual))


def pairs_diagonal(X: Array, y: Array, w: float) -> float:
    """All differences (N, N), of which the diagonal is used."""
    residual = np.diagonal((w * X).reshape(-1, 1) - y)
    return 2 * float(np.mean(residual * X))


def identity(X: Array, W: Array, b: Array, upstream: Array) -> tuple[Array, Array, Array]:
    """The samples picked by an N × N identity matrix."""
    picked = np.eye(len(X)) @ upstream
    return picked @ W.T, X.T @ picked, picked.sum(axis=0)


def kernel(X: Array, y: Array, w: float) -> float:
    """Each sample found among all of them by a kernel of width 0: N² time, little memory."""
    places = np.arange(len(y))
    residual = w * X - y
    found = [float(np.exp(-1e3 * (places - i) ** 2) @ residual) for i in places]
    return 2 * float(np.mean(found * X))


COSTS: tuple[Mutant, ...] = (
    costly("a loop over loops", "slope", kernel, "time"),
    costly("a diagonal matrix", "plane", diagonal, "peak memory"),
    costly("all pairs", "slope", pairs_diagonal, "peak memory"),
    costly("an identity matrix", "dense", identity, "peak memory"),
)


def ending(what: str, of: str, make: Callable[[str], Function], **more: Function) -> Mutant:
    """Right at every single point that is asked, but a descent ends elsewhere."""
    return Mutant(
        f"{of}, convergence: {what}",
        of,
        {**reference_functions(of), "update": make(of), **more},
        frozenset({"convergence"}),
        ELSEWHERE,
        frozenset({"contract", "predict", "loss", "update"}) | BOTH_GRADIENTS,
    )


def stopping(share: float) -> Callable[[str], Function]:
    """No further step once no step would be longer than a share of its parameter."""

    def make(of: str) -> Function:
        entry = ENTRIES[of]

        def update(**given: Any) -> Any:
            rate = given[LEARNING_RATE]
            new = named(entry, entry.module.update(**given))
            steps = [np.max(np.abs(new[name] - given[name])) for name in new]
            if max(steps) < share * rate:
                return returned(entry, {name: given[name] for name in new})
            return returned(entry, new)

        return update

    return make


DESCENTS: tuple[Mutant, ...] = (
    ending("stops early", "linear_system", stopping(0.02)),
    ending("stops early", "multilinear", stopping(0.02)),
    ending("stops early", "line", stopping(0.02)),
)

BEHAVIOUR: tuple[Mutant, ...] = (*CONTRACTS, *STABILITY, *COSTS, *DESCENTS)
