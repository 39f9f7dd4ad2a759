"""A first look at a claim: whether it agrees so plainly that nothing more has to be asked.

In plain numbers: for a handful of lines an array costs more than the arithmetic.
"""

from __future__ import annotations

from math import isfinite, sqrt
from operator import mul

import numpy as np

from checks.engine import neville
from checks.engine.kinks import PERSISTENCE
from checks.engine.place import single
from checks.engine.rounding import ROUNDING_MARGIN
from checks.engine.rungs import WINDOW
from checks.engine.scale import EPS, Array
from checks.judging.questions import Answered

# The finest entry of a table of the first window, and its two error estimates, from its values.
ENTRY, OWN, ABOVE = neville.scheme(len(WINDOW)).last.T.tolist()
# Times its least rounding, ½ε, that the loss is taken to be noisy.  It was not measured: a claim is
# held to this as if it were all there is, and the resolution allows for NOISE_MARGIN times as much.
QUIET = 4.0


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
    slope, size = lines.slope
    rows = zip(
        lines.of.tolist(),
        np.divide(lines.target, sqrt(lines.directions.shape[1])).tolist(),
        lines.reach.tolist(),
        rungs.steps[:, seen].tolist(),
        slope.tolist(),
        size.tolist(),
        rungs.residual[:, seen].tolist(),
        rungs.total[:, seen].tolist(),
        rungs.largest[:, seen.stop - 1].tolist(),
        slack.tolist(),
        strict=True,
    )
    unseen = []
    for of, target, reach, steps, expected, terms, values, totals, largest, more in rows:
        loss, drop, h, wider = losses[of], drops[of], steps[-1], steps[-2]
        noise = QUIET * (0.5 * EPS * max(largest, drop) / h + EPS * terms)
        entry, own, above = (sum(map(mul, weights, values)) for weights in (ENTRY, OWN, ABOVE))
        truncation, noise = max(abs(own), abs(above)), neville.AMPLIFICATION * noise
        jump, before = abs(totals[-1] - 2 * loss) / h, abs(totals[-2] - 2 * loss) / wider
        bend = sqrt(jump / h)
        rounding = bend * (sqrt(2 * abs(loss)) + 2 * bend * reach) + abs(expected) + terms
        rounding = ROUNDING_MARGIN * EPS * (rounding + drop / reach) + more
        error = neville.TRUNCATION_MARGIN * truncation + noise
        if not (
            error <= target * max(terms, abs(entry))
            and abs(entry) <= error + rounding
            and jump <= PERSISTENCE * before + neville.NOISE_MARGIN * noise
        ):
            return None
        unseen.append(neville.error_bar(truncation, noise) + rounding)
    return np.array(unseen)
