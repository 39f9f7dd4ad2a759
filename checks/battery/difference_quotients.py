"""Recognises a gradient that is a difference quotient inside, by computing the quotient again.

A quotient's error has the size of its step's truncation and of ε|loss|/step.  Nothing else than
the same quotient has the same error: agreement far below that size proves it (ruling 14), if no
other quotient agrees as well.  With the exact derivative many of them do.
"""

from __future__ import annotations

import numpy as np

from checks.battery.rounding import EPSILON
from checks.candidate import Candidate
from checks.judging.diagnosis import digits
from checks.judging.patterns import FINITE_DIFFERENCES
from checks.reading import UnusableError
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
# One of the quotients may agree by chance once in 10^RARE gradients.
RARE = 3.0


def is_small(claimed: Array, truth: Array) -> bool:
    """Whether an error is small enough to be a difference quotient's: at most COARSEST."""
    size = float(np.max(np.abs(truth), initial=0.0))
    return bool(np.max(np.abs(claimed - truth), initial=0.0) <= COARSEST * size)


def share(entries: int) -> float:
    """The part of an error that may be left, so that agreement in all entries is no chance.

    An entry agrees to a share s by chance with probability s, and every quotient is a trial.
    """
    chance: float = 10**-RARE / (len(STEPS) * len(KINDS))
    return min(SHARE, float(chance ** (1 / max(1, entries))))


def recognised(
    candidate: Candidate, case: Case, claimed: Arrays, truth: Arrays
) -> Diagnosis | None:
    """The only quotient whose error the claimed gradient has, None if there is none.

    claimed, truth: by parameter name; an error above the largest of STEPS is not looked at.
    """
    observed, right = flat(claimed), flat(truth)
    size = float(np.max(np.abs(right), initial=0.0))
    if not 0 < np.max(np.abs(observed - right), initial=0.0) <= max(STEPS) * size:
        return None
    error = float(np.linalg.norm(observed - right))
    try:
        left = sorted(
            (float(np.linalg.norm(observed - quotient)), kind, step)
            for step in STEPS
            for kind, quotient in quotients(candidate, case, step).items()
            if np.all(np.isfinite(quotient))
        )
    except UnusableError:  # a loss that cannot be used is another question's
        return None
    if len(left) < 2 or not left[0][0] <= share(observed.size) * min(error, left[1][0]):
        return None
    gone, kind, step = left[0]
    return Diagnosis(
        FINITE_DIFFERENCES.name,
        f"looks like a {kind} difference quotient of your own loss with step {step:.2g}: computed "
        f"so it agrees to {digits(gone / size)}, the derivative only to {digits(error / size)}",
        None,
        gone / size,
        "derive the gradient by hand: a quotient is slow and has half the digits",
    )


def quotients(candidate: Candidate, case: Case, step: float) -> dict[str, Array]:
    """Forward, backward and central quotients of the candidate's own loss, each (P,)."""
    at = flat(case.parameters)
    axes = step * np.eye(at.size)
    points = [*(at + axes), *(at - axes), at]
    steps = [unflat(point, case.parameters) for point in points]
    losses = candidate.losses(case, steps, outside=float("nan"))
    up, down, here = losses[: at.size], losses[at.size : -1], losses[-1]
    return dict(
        zip(
            KINDS,
            ((up - here) / step, (here - down) / step, (up - down) / (2 * step)),
            strict=True,
        )
    )
