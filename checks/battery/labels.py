"""Gradients that take targets for labels, as np.where(y == 1, …) does.

At labels 0 and 1, which a classifier's data have, they are the documented gradient.  A descent has
targets in between, or there would be no minimum to reach: there such a gradient is another one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checks.battery.comparison import compare_named
from checks.battery.gradient import GRADIENT_REFERENCE
from checks.battery.guards import CROSS_ENTROPIES
from checks.battery.oracle import Oracle
from checks.candidate import Candidate
from checks.result import Verdict
from reference.contract import Array, Case


def takes_targets_for_labels(candidate: Candidate, case: Case, oracle: Oracle) -> bool:
    """Whether the gradient here is that of labels, and right at every point that has labels.

    The labels are the targets' nearest, or all 1 or all 0, as a comparison with one of them says;
    a comparison with both leaves nothing, a gradient of 0.
    """
    if candidate.entry.name not in CROSS_ENTROPIES:
        return False
    gradient = candidate.gradient(case)
    y = case.data["y"]
    readings = {"nearest": np.round(y), "ones": np.ones_like(y), "zeros": np.zeros_like(y)}
    nothing = all(not np.any(value) for value in gradient.values())
    if not nothing and not any(
        _is_gradient_of(gradient, replace(case, name=name, data={**case.data, "y": labels}), oracle)
        for name, labels in readings.items()
    ):
        return False
    right = (GRADIENT_REFERENCE.run(candidate, point, oracle).verdict for point in oracle.points)
    return all(verdict is Verdict.PASSED for verdict in right)


def _is_gradient_of(gradient: dict[str, Array], labelled: Case, oracle: Oracle) -> bool:
    """Whether this is the documented gradient at a case, to rounding."""
    return compare_named(gradient, *oracle.gradient(labelled))[1].agrees
