"""A first look at a claim: whether it agrees so plainly that nothing more has to be asked.

In plain numbers: for a handful of lines an array costs more than the arithmetic.
"""

from __future__ import annotations

from functools import lru_cache
from math import isfinite, sqrt
from operator import mul
from typing import NamedTuple

import numpy as np

from checks.engine import neville
from checks.engine.kinks import PERSISTENCE
from checks.engine.lines import TOP
from checks.engine.place import single
from checks.engine.rounding import ROUNDING_MARGIN
from checks.engine.scale import EPS, Array
from checks.judging.questions import Answered

# Times its least rounding, ½ε, that the loss is taken to be noisy.  It was not measured: a claim is
# held to this as if it were all there is, and the resolution allows for NOISE_MARGIN times as much.
QUIET = 4.0


@lru_cache
def last_weights(values: int) -> list[list[float]]:
    """Of so many values in the finest entry of their table, and in its two error estimates."""
    weights: list[list[float]] = neville.scheme(values).last.T.tolist()
    return weights


class Line(NamedTuple):
    """What was asked along one line, and what came back.

    loss, drop: of its point, see `Places`.  target: of the error bar, relative to the slope.
    slope, size: as expected, and without cancellation.  slack: what else the slope may be off.
    steps: of the first window, widest first; values, totals: ρ and the sum of the two losses at
    each of them.  largest: loss at the last step.
    """

    loss: float
    drop: float
    target: float
    reach: float
    slope: float
    size: float
    slack: float
    largest: float
    steps: list[float]
    values: list[float]
    totals: list[float]

    def unseen(self) -> float | None:
        """What would have gone unseen along the line if it agrees plainly, else None."""
        step, truncating, noisy = self.steps[-1], neville.TRUNCATION_MARGIN, neville.NOISE_MARGIN
        if not step:
            return None  # the parameters are so small that no step can be taken
        entry, own, above = (
            sum(map(mul, weights, self.values)) for weights in last_weights(len(self.values))
        )
        truncation = truncating * max(abs(own), abs(above))
        noise = 0.5 * EPS * max(self.largest, self.drop) / step + EPS * self.size
        noise *= QUIET * neville.AMPLIFICATION
        jump = abs(self.totals[-1] - 2 * self.loss) / step
        before = abs(self.totals[-2] - 2 * self.loss) / self.steps[-2]
        bend = sqrt(jump / step)
        rounding = bend * (sqrt(2 * abs(self.loss)) + 2 * bend * self.reach)
        rounding += abs(self.slope) + self.size + self.drop / self.reach
        rounding = ROUNDING_MARGIN * EPS * rounding + self.slack
        resolved = truncation + noise <= self.target * max(self.size, abs(entry))
        smooth = jump <= PERSISTENCE * before + noisy * noise
        agrees = abs(entry) <= truncation + noise + rounding
        unseen: float = truncation + noisy * noise + rounding
        return unseen if resolved and smooth and agrees else None


def plain_agreement(answered: Answered, eps: float, slack: Array) -> Array | None:
    """What would have gone unseen along each line, (L,), if all of them agree plainly, else None.

    Plainly: within the error bars of a loss with hardly any noise, which resolve the line's target
    with the finest entry of its table, where the slopes on the two sides are not apart, and in
    double precision.  Everything else needs a survey.  eps: unit roundoff of the claimed gradient.
    slack: what else its slopes may be off, (L,).
    """
    losses = answered.loss.tolist()
    if eps > EPS or single(losses):
        return None
    lines, rungs, seen = answered.lines, answered.rungs, answered.rungs.seen
    others = losses + [value for value in answered.beyond.tolist() if isfinite(value)]
    drops = [max(abs(other - loss) for other in others) for loss in losses]
    rows = zip(
        lines.of.tolist(),
        np.divide(lines.target, sqrt(lines.at.shape[1])).tolist(),
        lines.reach.tolist(),
        *(each.tolist() for each in lines.slope),
        slack.tolist(),
        (TOP - seen.start - rungs.top).tolist(),
        (TOP - seen.start - rungs.bottom + 1).tolist(),
        *(
            each[:, seen].tolist()
            for each in (rungs.largest, rungs.steps, rungs.residual, rungs.total)
        ),
        strict=True,
    )
    unseen = []
    for of, *known, start, stop, largest, steps, values, totals in rows:
        part = slice(start, stop)
        asked = (largest[stop - 1], steps[part], values[part], totals[part])
        found = Line._make((losses[of], drops[of], *known, *asked)).unseen()
        if found is None:
            return None
        unseen.append(found)
    return np.array(unseen)
