"""Recognises a gradient that is a difference quotient inside, by computing the quotient again.

A quotient's error has the size of its step's truncation and of ε|loss|/step.  Nothing else than
the same quotient has the same error: agreement far below that size proves it (ruling 14).
"""

from __future__ import annotations

import numpy as np

from checks.battery.rounding import EPSILON
from checks.candidate import Candidate
from checks.judging.diagnosis import digits
from checks.judging.patterns import FINITE_DIFFERENCES
from checks.result import Diagnosis
from reference.contract import Array, Arrays, Case
from reference.vectors import flat, unflat

# Coarser than any sensible quotient, finer than any mistake of the chain rule: forward
# differences at their best reach ε^(1/2), with too large a step something like ε^(1/3).
COARSEST = EPSILON**0.25
STEPS = (
    *(10.0**-k for k in range(1, 13)),
    *(5 * 10.0**-k for k in range(2, 10)),
    EPSILON**0.5,
    EPSILON ** (1 / 3),
)
KINDS = ("forward", "backward", "central")
# The quotient again, from the same loss, differs by rounding of the division only; where the
# gradient computes its loss by another order of summation, by part of the noise it has itself.
SHARE = 0.05


def is_small(claimed: Array, truth: Array) -> bool:
    """Whether an error is small enough to be a difference quotient's: at most COARSEST."""
    size = float(np.max(np.abs(truth), initial=0.0))
    return bool(np.max(np.abs(claimed - truth), initial=0.0) <= COARSEST * size)


def recognised(
    candidate: Candidate, case: Case, claimed: Arrays, truth: Arrays
) -> Diagnosis | None:
    """The quotient whose error the claimed gradient has, None if there is none.

    claimed, truth: by parameter name; the error must be small (see is_small).
    """
    observed, right = flat(claimed), flat(truth)
    if not is_small(observed, right):
        return None
    error = float(np.linalg.norm(observed - right))
    best = (np.inf, "", 0.0)
    for step in STEPS:
        for kind, quotient in quotients(candidate, case, step).items():
            left = float(np.linalg.norm(observed - quotient))
            if left < best[0]:
                best = (left, kind, step)
    left, kind, step = best
    if not left <= SHARE * error:
        return None
    return Diagnosis(
        FINITE_DIFFERENCES.name,
        f"looks like a {kind} difference quotient of your own loss with step {step:.2g}: computed "
        f"so it agrees to {digits(left / float(np.max(np.abs(right))))}, the derivative only to "
        f"{digits(error / float(np.max(np.abs(right))))}",
        None,
        left / float(np.max(np.abs(right))),
        "derive the gradient by hand: a quotient is slow and has half the digits",
    )


def quotients(candidate: Candidate, case: Case, step: float) -> dict[str, Array]:
    """Forward, backward and central quotients of the candidate's own loss, each (P,)."""
    at = flat(case.parameters)
    axes = step * np.eye(at.size)
    points = [*(at + axes), *(at - axes), at]
    losses = candidate.losses(case, [unflat(point, case.parameters) for point in points])
    up, down, here = losses[: at.size], losses[at.size : -1], losses[-1]
    return dict(
        zip(
            KINDS,
            ((up - here) / step, (here - down) / step, (up - down) / (2 * step)),
            strict=True,
        )
    )
