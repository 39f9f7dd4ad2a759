"""The public face for one's own functions: is this the gradient of that loss?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from checks.asking import Gradient, Loss
from checks.engine.scale import EPS
from checks.judging.claim import Claim
from checks.judging.diagnosis import diagnose
from checks.judging.gradient_check import GradientCheck, refusal
from checks.judging.hypothesis import Context
from checks.judging.verification import verify
from checks.parameters import Parameters
from checks.point import natural, read_point
from checks.reading import UnusableError
from checks.result import Verdict

IN_DOUBLE = "asked with the loss in double precision, since it was undecided in single"
IN_SINGLE = (
    "in single precision little is resolved; try float64 parameters, and a loss that keeps them"
)


def check_gradient(
    loss: Callable[..., Any],
    gradient: Callable[..., Any],
    at: ArrayLike | Mapping[str, ArrayLike],
    *,
    vectorised: bool = False,
    complex_step: bool = True,
    points: int = 2,
    seed: int = 0,
) -> GradientCheck:
    """Whether `gradient` is the gradient of `loss` at a point, with error bars and no tolerance.

    at: one array of any shape (handed over as first argument) or a dict of arrays and numbers
    (handed over by keyword).  loss returns one number, gradient an array of the parameter's
    shape, or a tuple, list or dict (by name, or "d" + name) with one entry per parameter.
    vectorised: loss takes every parameter with an extra leading axis of m points and returns (m,).
    complex_step: where the loss takes complex numbers, they sharpen a resolution that differences
    leave vague.
    points: how many points are asked besides `at`, at 1, 4, 16 … times the parameters' size.
    seed: draws these points and the directions asked along; the same seed repeats a check.

    The verdict is FAILED for a gradient that is wrong, of the wrong shape, not finite, raises,
    changes its parameters or answers differently the second time, and for a loss that is not
    finite at the point; UNDECIDED where the loss does not resolve its own slope.
    Raises GradientInputError (a ValueError) where the question makes no sense: parameters that
    are empty, not finite or integers, a loss that raises at the point or is no single number,
    points or a seed below 0.
    Works for float64 and float32; where a loss in single precision does not resolve its own slope,
    it is asked in double, if it takes that.  An error below `GradientCheck.resolution` is not seen,
    nor is one that shows only in a region where no point was asked.
    """
    points, seed = natural(points, "points"), natural(seed, "seed")
    losses = Loss(loss, read_point(at, loss), vectorised)
    answers = Gradient(gradient, losses.parameters)
    return asked(losses, answers, complex_step=complex_step, points=points, seed=seed)


def asked(
    losses: Loss, answers: Gradient, *, complex_step: bool, points: int, seed: int
) -> GradientCheck:
    """`check_gradient` of functions that have answered at the point."""
    parameters = losses.parameters
    if answers.problem is not None:
        return refusal(answers.problem, parameters.at, seed)
    claim = Claim(
        losses,
        answers,
        parameters.at,
        parameters.components,
        losses.complex() if complex_step else None,
        answers.eps,
        losses.first,
    )
    try:
        check = explained(verify(claim, points=points, seed=seed), parameters)
        if check.verdict is Verdict.UNDECIDED and parameters.eps > EPS:
            check = in_double(check, claim, losses, points)
    except UnusableError as unusable:
        return refusal(unusable.problem, parameters.at, seed)
    if check.problem is None:
        return check
    called = {"loss": losses.called, "gradient": answers.called}
    where = called.get(check.problem.where, check.problem.where)
    return replace(check, problem=replace(check.problem, where=where))


def in_double(check: GradientCheck, claim: Claim, losses: Loss, points: int) -> GradientCheck:
    """The same check by the loss in double precision, if it can be had; else as it is, with a note.

    The gradient keeps its precision, and is allowed the rounding of that.
    """
    double = losses.in_double()
    if double is None:
        return replace(check, notes=(*check.notes, IN_SINGLE))
    finer = replace(claim, losses=double, first=double.first)
    again = explained(verify(finer, points=points, seed=check.seed), losses.parameters)
    notes, evaluations = (*again.notes, IN_DOUBLE), check.evaluations + again.evaluations
    return replace(again, notes=notes, evaluations=evaluations)


def explained(check: GradientCheck, parameters: Parameters) -> GradientCheck:
    """The same check with the mistake named, where one explains a failure."""
    if check.measured is None or check.claimed is None:
        return check
    context = Context(parameters=parameters.by_name(check.at))
    error = check.measured.error + check.measured.rounding
    with np.errstate(all="ignore"):
        diagnosis = diagnose(
            parameters.by_name(check.claimed),
            parameters.by_name(check.measured.value),
            parameters.by_name(error),
            context,
        )
    return replace(check, diagnosis=diagnosis)
