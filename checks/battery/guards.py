"""Epsilon guards in cross entropies (ruling 14): recognised, remarked on, and no failure.

People write log(p + 1e-9) or clip p to [1e-7, 1 − 1e-7].  Both move the loss and its gradient by
amounts that can be computed; what lies within them is explained by a guard.
"""

from __future__ import annotations

import numpy as np

from checks.battery.samples import one_sample
from checks.candidate import reference_candidate
from reference.contract import Array, Case, Entry

CROSS_ENTROPIES = ("binary_cross_entropy", "sigmoid_cross_entropy", "mlp")
LARGEST_GUARD = 1e-7  # ruling 14
LARGEST_CLIP = 1e-12  # ruling 15: a saturated value, in any model
REMARK = f"differs as an epsilon guard of at most {LARGEST_GUARD:g} in the logarithm explains"


def probabilities(entry: Entry, case: Case) -> Array:
    """The predicted probabilities of a cross-entropy model, shape (N,)."""
    if entry.name == "binary_cross_entropy":
        return np.ravel(case.parameters["p"])
    return np.ravel(reference_candidate(entry).predict(case))


def guarded_losses(entry: Entry, case: Case, guard: float) -> tuple[float, float]:
    """(lowest, highest) mean cross entropy that a guard of this size gives, over both forms."""
    p, y = probabilities(entry, case), np.ravel(case.data["y"])
    clipped = np.clip(p, guard, 1 - guard)
    forms = (
        -y * np.log(p + guard) - (1 - y) * np.log(1 - p + guard),
        -y * np.log(clipped) - (1 - y) * np.log(1 - clipped),
    )
    means = [float(np.mean(form)) for form in forms]
    return min(means), max(means)


def guard_in_loss(entry: Entry, case: Case, observed: float, rounding: float) -> str | None:
    """The remark for a loss that a guard explains, None for any other.

    A guard of size ε moves the loss monotonically in ε, so everything between no guard and the
    largest one is explained.
    """
    if entry.name not in CROSS_ENTROPIES:
        return None
    exact = reference_candidate(entry).loss(case)
    low, high = guarded_losses(entry, case, LARGEST_GUARD)
    explained = min(low, exact) - rounding <= observed <= max(high, exact) + rounding
    return REMARK if explained else None


def guard_in_gradient(entry: Entry, case: Case) -> dict[str, Array] | None:
    """How far a guard may move each gradient entry, by parameter; None for other models.

    d/dp moves by at most ε (y/p² + (1−y)/(1−p)²)/N; in terms of the logit, times p(1−p).
    For the mlp that is carried to the parameters sample by sample:
    |∂logit/∂θ| = |one-sample gradient| / |p − y|.
    """
    if entry.name not in CROSS_ENTROPIES:
        return None
    p, y = probabilities(entry, case), np.ravel(case.data["y"])
    by_probability = LARGEST_GUARD * (y / p**2 + (1 - y) / (1 - p) ** 2) / len(y)
    if entry.name == "binary_cross_entropy":
        return {"p": by_probability}
    by_logit = p * (1 - p) * by_probability
    if entry.name == "sigmoid_cross_entropy":
        return {"z": by_logit}
    reference = reference_candidate(entry)
    slack = {name: np.zeros_like(value) for name, value in case.parameters.items()}
    for i, amount in enumerate(by_logit):
        gradient = reference.gradient(one_sample(entry, case, i))
        for name, value in gradient.items():
            slack[name] += amount * np.abs(value) / abs(p[i] - y[i])
    return slack
