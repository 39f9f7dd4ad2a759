"""Finds the wrong components by halving: the residual is linear in the direction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checks.engine.lines import Lines
from checks.engine.numerical import NumericalGradient
from checks.judging.examined import Examined
from checks.judging.lines import Judge

BEAM = 8  # parts followed at a time; where more are wrong, the worst are followed


@dataclass(frozen=True)
class Located:
    """The wrong components found (indices in order), whether there are more, and their values.

    measured: the gradient (P,); where a part was not wrong the claimed value stands, with the
    error that would have gone unseen, and an infinite one where a part was not followed.
    """

    components: tuple[int, ...]
    more: bool
    measured: NumericalGradient


def locate(judge: Judge, point: Examined) -> Located:
    """The wrong components behind a failure along one of the lines through a point.

    All halves of one generation are measured in one call: 2 k lines for k wrong components, and
    log₂ P generations.
    """
    gradient, directions, findings = point.gradient, point.lines.directions, point.findings
    count = len(gradient)
    line = int(np.argmax(np.where(findings.wrong, findings.excess, -1.0)))
    if len(directions) == count and np.array_equal(directions, np.eye(count)):
        parts, v = [np.array([k]) for k in range(count)], directions
    else:
        parts, v = [np.arange(count)], directions[[line]]
    weights = directions[line] if len(parts) == 1 else np.ones(count)
    more, error = False, np.full(count, np.inf)
    found = findings.part(slice(line, line + 1)) if len(parts) == 1 else findings
    while True:
        wrong = np.flatnonzero(found.wrong)
        for k in np.flatnonzero(~found.wrong):
            error[parts[k]] = found.allowed[k] / np.abs(v[k, parts[k]])
        if len(wrong) > BEAM and any(part.size > 1 for part in parts):
            more = True
            wrong = wrong[np.argsort(found.excess[wrong])[-BEAM:]]
        if all(parts[k].size == 1 for k in wrong):
            break
        parts = [half for k in wrong for half in np.array_split(parts[k], 2) if half.size]
        v = np.zeros((len(parts), count))
        for row, part in enumerate(parts):
            v[row, part] = weights[part]
        found = judge.findings(Lines.through(point.place, point.lines.gradients, v), point.place)
    value = gradient.copy()
    for k in wrong:
        component = parts[k][0]
        weight = v[k, component]
        value[component] += found.residual[k] / weight
        error[component] = found.allowed[k] / abs(weight)
    nothing = np.zeros(count)
    return Located(
        tuple(sorted(int(parts[k][0]) for k in wrong)),
        more,
        NumericalGradient(value, error, nothing, nothing, 0),
    )
