"""Gradient checkers side by side: one passing check of the same gradient at the same point.

Each rival is asked at its documented defaults, with the loss and the gradient written for it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from benchmarks.paired import interleave
from checks import Verdict, check_gradient
from checks.ratios import PairedRatio
from reference.contract import Array

SMALL = "sin x · sin y, P = 2"
LARGE = "softplus of 60 sums, P = 1185"
DATA = "softplus of 1000 sums, P = 1185"
MANY = "softplus of 60 sums, P = 4000"
# Of A: sums, parameters.
SHAPES = {SMALL: (0, 2), LARGE: (60, 1185), DATA: (1000, 1185), MANY: (60, 4000)}


@dataclass(frozen=True)
class Question:
    """One right gradient at one point: NumPy's loss and gradient, and the weights they use.

    losses takes points (m, P) and gives (m,).  at: (P,).  A: (N, P), N the number of sums.
    """

    name: str
    at: Array
    A: Array

    def loss(self, theta: Array) -> float:
        """The loss at one point."""
        if self.name == SMALL:
            return float(np.sin(theta[0]) * np.sin(theta[1]))
        return float(np.mean(np.logaddexp(0, self.A @ theta)))

    def losses(self, points: Array) -> Array:
        """The losses at m points."""
        if self.name == SMALL:
            return np.asarray(np.sin(points[:, 0]) * np.sin(points[:, 1]))
        return np.asarray(np.mean(np.logaddexp(0, points @ self.A.T), axis=1))

    def gradient(self, theta: Array) -> Array:
        """The gradient at one point, (P,)."""
        if self.name == SMALL:
            x, y = theta
            return np.array([np.cos(x) * np.sin(y), np.sin(x) * np.cos(y)])
        return np.asarray(self.A.T @ (0.5 * (1 + np.tanh(self.A @ theta / 2))) / len(self.A))

    def written_with(self, xp: Any, A: Any) -> Callable[[Any], Any]:
        """The same loss for a library with NumPy's names."""
        if self.name == SMALL:
            return lambda theta: xp.sin(theta[0]) * xp.sin(theta[1])
        return lambda theta: xp.mean(xp.logaddexp(xp.zeros(len(A)), A @ theta))


def question(name: str, seed: int = 0) -> Question:
    """The question of this name, drawn from a seed."""
    rng = np.random.default_rng(seed)
    sums, size = SHAPES[name]
    return Question(name, rng.normal(size=size), rng.normal(size=(sums, size)) / np.sqrt(size))


def own(asked: Question, *, vectorised: bool = False, complex_step: bool = True) -> bool:
    """This suite's check, at its defaults."""
    loss: Callable[..., Any] = asked.losses if vectorised else asked.loss
    found = check_gradient(
        loss, asked.gradient, asked.at, vectorised=vectorised, complex_step=complex_step
    )
    return found.verdict is Verdict.PASSED


Prepare = Callable[[Question], Callable[[], bool]]


def torch_gradcheck(asked: Question, *, fast: bool = False) -> Callable[[], bool]:
    """torch.autograd.gradcheck, slow (its default) or fast mode."""
    import torch

    at = torch.tensor(asked.at, requires_grad=True)
    A = torch.tensor(asked.A)

    def loss(theta: Any) -> Any:
        if asked.name == SMALL:
            return torch.sin(theta[0]) * torch.sin(theta[1])
        return torch.mean(torch.nn.functional.softplus(A @ theta))

    return lambda: bool(torch.autograd.gradcheck(loss, (at,), fast_mode=fast))


def scipy_check_grad(asked: Question) -> Callable[[], bool]:
    """scipy.optimize.check_grad, judged by its square root of eps relative to the gradient."""
    from scipy.optimize import check_grad

    size = float(np.sqrt(np.finfo(float).eps) * 64 * np.sqrt(len(asked.at)))
    return lambda: bool(check_grad(asked.loss, asked.gradient, asked.at) < size)


def jax_check_grads(asked: Question) -> Callable[[], bool]:
    """jax.test_util.check_grads, first order, in reverse mode."""
    import jax.test_util

    check_grads: Any = jax.test_util.check_grads
    with jax.enable_x64(True):
        at, A = jax.numpy.asarray(asked.at), jax.numpy.asarray(asked.A)
    loss = asked.written_with(jax.numpy, A)

    def check() -> bool:
        with jax.enable_x64(True):
            check_grads(loss, (at,), order=1, modes=["rev"])
        return True

    return check


def autograd_check_grads(asked: Question) -> Callable[[], bool]:
    """autograd.test_util.check_grads, first order, in reverse mode."""
    import autograd.numpy as anp
    from autograd.test_util import check_grads

    loss = asked.written_with(anp, asked.A)

    def check() -> bool:
        check_grads(loss, modes=["rev"], order=1)(asked.at)
        return True

    return check


def numdifftools_gradient(asked: Question) -> Callable[[], bool]:
    """numdifftools.Gradient, judged by NumPy's allclose."""
    from numdifftools import Gradient

    numerical = Gradient(asked.loss)
    return lambda: bool(np.allclose(numerical(asked.at), asked.gradient(asked.at)))


@dataclass(frozen=True)
class Rival:
    """Another checker.  package: what has to be installed.  heavy: takes seconds to import."""

    package: str
    prepare: Prepare
    heavy: bool = False

    @property
    def absent(self) -> str:
        """Why it cannot be asked, or ""."""
        if importlib.util.find_spec(self.package) is not None:
            return ""
        return f"{self.package} is not installed (the group peers): not compared"


OWN_VECTORISED = "gradproof, vectorised=True"
RIVALS: Mapping[str, Rival] = {
    OWN_VECTORISED: Rival("numpy", lambda asked: partial(own, asked, vectorised=True)),
    "torch gradcheck": Rival("torch", torch_gradcheck, heavy=True),
    "torch gradcheck, fast mode": Rival("torch", partial(torch_gradcheck, fast=True), heavy=True),
    "scipy check_grad": Rival("scipy", scipy_check_grad),
    "jax check_grads": Rival("jax", jax_check_grads, heavy=True),
    "autograd check_grads": Rival("autograd", autograd_check_grads),
    "numdifftools": Rival("numdifftools", numdifftools_gradient),
    "one loss": Rival("numpy", lambda asked: lambda: asked.loss(asked.at) < np.inf),
}
# 38,000 losses for one gradient of 1185 parameters: timed at P = 2 only.
TOO_LONG = {("numdifftools", size) for size in (LARGE, DATA, MANY)}


@dataclass(frozen=True)
class Cost:
    """How many times as long as this suite's check a rival takes over the same question."""

    question: str
    rival: str
    ratio: PairedRatio


def cost(asked: Question, name: str, check: Callable[[], bool], seconds: float = 5.0) -> Cost:
    """A rival's check against this suite's at its defaults, interleaved in one run."""
    times = interleave(check, partial(own, asked), pairs=12, seconds=seconds)
    return Cost(asked.name, name, times.ratio)


def cost_table(costs: Sequence[Cost]) -> str:
    """One line for each rival and question, with the interval of the ratio."""
    lines = ["times as long as gradproof's check, one loss at a time, at its defaults"]
    for name in SHAPES:
        rows = [each for each in costs if each.question == name]
        lines += [f"  {name}"] * bool(rows)
        lines += [f"    {each.rival:<28}{each.ratio}" for each in rows]
    return "\n".join(lines)
