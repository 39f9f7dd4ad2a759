"""This suite's gradient checker and others, each at its documented defaults, behind one face."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import check_grad

from checks.judging.verification import verify
from checks.result import Verdict
from checks.selftest.claims import Posed
from reference.contract import Array

# The rules of Stanford's course CS231n: centred differences of step 1e-5, relative errors.
STEP = 1e-5
STRICT, LENIENT = 1e-7, 1e-4
# scipy.optimize.check_grad returns a distance and leaves the mark to its caller.
DISTANCE = 1e-6
MULTIPLE = 10.0  # of an error estimate that a checker gives itself


@dataclass(frozen=True)
class Checker:
    """A gradient checker.

    ask(posed): PASSED, FAILED or UNDECIDED; what it raises is a refusal (see `verdict`).
    package: what has to be installed for it, "" for nothing.
    """

    name: str
    ask: Callable[[Posed], Verdict]
    package: str = ""

    @property
    def absent(self) -> bool:
        """Whether its package is missing."""
        return bool(self.package) and importlib.util.find_spec(self.package) is None

    def verdict(self, posed: Posed) -> Verdict:
        """The answer; an exception in a checker is a refusal, and warnings are no answer."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                return self.ask(posed)
            except Exception:
                return Verdict.FAILED


def _passed(accepted: object) -> Verdict:
    return Verdict.PASSED if accepted else Verdict.FAILED


def ours(posed: Posed) -> Verdict:
    """The engine with its default of two further points."""
    return verify(posed.claim, seed=0).verdict


def scipy_distance(posed: Posed) -> Verdict:
    """scipy.optimize.check_grad: the 2-norm from forward differences."""
    distance = check_grad(posed.loss, posed.claim.gradient, posed.claim.at)
    return _passed(distance <= DISTANCE)


def relative(limit: float) -> Callable[[Posed], Verdict]:
    """The largest relative error of any component against centred differences."""

    def ask(posed: Posed) -> Verdict:
        at = posed.claim.at
        points = np.concatenate([at + STEP * np.eye(at.size), at - STEP * np.eye(at.size)])
        losses = posed.claim.losses(points)
        numerical = (losses[: at.size] - losses[at.size :]) / (2 * STEP)
        claimed = posed.claim.gradient(at)
        scale = np.maximum(np.abs(claimed), np.abs(numerical))
        gap = np.abs(claimed - numerical)
        return _passed(np.all(gap <= limit * scale))

    return ask


def torch_gradcheck(fast: bool) -> Callable[[Posed], Verdict]:
    """torch.autograd.gradcheck of a Function with this forward and backward."""

    def ask(posed: Posed) -> Verdict:
        torch: Any = importlib.import_module("torch")

        class Claimed(torch.autograd.Function):  # type: ignore[misc]  # torch has no types here
            @staticmethod
            def forward(ctx: Any, theta: Any) -> Any:
                ctx.save_for_backward(theta)
                return torch.tensor(posed.loss(theta.detach().numpy()), dtype=torch.float64)

            @staticmethod
            def backward(ctx: Any, upstream: Any) -> Any:
                theta = ctx.saved_tensors[0].detach().numpy()
                return upstream * torch.from_numpy(np.array(posed.claim.gradient(theta)))

        at = torch.tensor(posed.claim.at, dtype=torch.float64, requires_grad=True)
        return _passed(torch.autograd.gradcheck(Claimed.apply, (at,), fast_mode=fast))

    return ask


def jax_check_grads(posed: Posed) -> Verdict:
    """jax.test_util.check_grads, first order, reverse mode, of a custom_vjp."""
    jax: Any = importlib.import_module("jax")
    testing: Any = importlib.import_module("jax.test_util")
    jax.config.update("jax_enable_x64", True)
    scalar = jax.ShapeDtypeStruct((), np.float64)
    vector = jax.ShapeDtypeStruct(posed.claim.at.shape, np.float64)

    @jax.custom_vjp  # type: ignore[untyped-decorator]  # jax comes by import_module
    def loss(theta: Any) -> Any:
        return jax.pure_callback(lambda t: np.float64(posed.loss(np.asarray(t))), scalar, theta)

    def backward(theta: Any, upstream: Any) -> Any:
        def slope(t: Any) -> Array:
            return np.array(posed.claim.gradient(np.array(t)))

        return (upstream * jax.pure_callback(slope, vector, theta),)

    loss.defvjp(lambda theta: (loss(theta), theta), backward)
    testing.check_grads(loss, (posed.claim.at,), order=1, modes=("rev",))
    return Verdict.PASSED


def autograd_check_grads(posed: Posed) -> Verdict:
    """autograd.test_util.check_grads of a primitive, first order, reverse mode."""
    extend: Any = importlib.import_module("autograd.extend")
    testing: Any = importlib.import_module("autograd.test_util")
    loss = extend.primitive(posed.loss)
    extend.defvjp(loss, lambda _, theta: lambda g: g * posed.claim.gradient(theta))
    testing.check_grads(loss, modes=["rev"], order=1)(posed.claim.at)
    return Verdict.PASSED


def numdifftools_error(posed: Posed) -> Verdict:
    """numdifftools.Gradient, judged by ten times its own error estimate."""
    numdifftools: Any = importlib.import_module("numdifftools")
    result = numdifftools.Gradient(posed.loss, full_output=True)(posed.claim.at)
    gap = np.abs(np.atleast_1d(result.estimate) - posed.claim.gradient(posed.claim.at))
    return _passed(np.all(gap <= MULTIPLE * np.atleast_1d(result.error_estimate)))


CHECKERS: tuple[Checker, ...] = (
    Checker("gradproof", ours),
    Checker("torch gradcheck", torch_gradcheck(False), "torch"),
    Checker("torch gradcheck, fast mode", torch_gradcheck(True), "torch"),
    Checker("jax check_grads", jax_check_grads, "jax"),
    Checker("autograd check_grads", autograd_check_grads, "autograd"),
    Checker(f"scipy check_grad, below {DISTANCE:g}", scipy_distance),
    Checker("numdifftools, 10 × its error", numdifftools_error, "numdifftools"),
    Checker(f"CS231n rule, {STRICT:g}", relative(STRICT)),
    Checker(f"CS231n rule, {LENIENT:g}", relative(LENIENT)),
)
