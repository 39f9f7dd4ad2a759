"""Wrong updates that are made of right gradients: each is computed anew and compared.

A mistake in the gradient that the step goes along is told by `explain`, as one in a gradient is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from checks.battery.comparison import Comparison, compare_named
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.samples import one_sample, samples
from checks.candidate import Candidate
from checks.judging.diagnosis import digits
from checks.judging.hypotheses import MOST_DECIMALS
from checks.judging.patterns import Pattern
from checks.result import Diagnosis
from reference.contract import Array, Arrays, Case, Kind

AT_ONCE = "compute the whole gradient first, then move all parameters at once"
SEQUENTIAL = Pattern(
    "sequential update",
    "{names} are updated one after the other, each seeing the new values: "
    "computed so it agrees to {residual}",
    AT_ONCE,
)
EXCHANGED = Pattern(
    "parameters swapped",
    "the new {names} are returned in each other's place: exchanged they agree to {residual}",
    "return the parameters in the documented order",
)
GRADIENT_RETURNED = Pattern(
    "the gradient instead of the new parameters",
    "what is returned is the gradient, not the new parameters: it agrees to {residual}",
    "return parameters − learning_rate · gradient",
)
ROUNDED = Pattern(
    "rounded",
    "the new parameters are rounded to {names} decimals",
    "round what you print, not what you compute with",
)
RATE_IGNORED = Pattern(
    "learning rate ignored",
    "the update does not follow the learning rate: at twice the rate it is the same to {residual}",
    "use the learning_rate that is given",
)
RATE_TWICE = Pattern(
    "learning rate twice",
    "the update has the learning rate in it twice: at twice the rate it goes four times as far, "
    "to {residual}",
    "multiply the gradient by the learning rate once",
)
TWO_STEPS = Pattern(
    "two steps",
    "the update takes two steps at once: computed so it agrees to {residual}",
    "an update is one step; the loop belongs to whoever calls it",
)
ONLINE = Pattern(
    "sample by sample",
    "the parameters are updated after every sample, not once for all of them: "
    "computed so it agrees to {residual}",
    "take the gradient of all samples first, then move once",
)
# Asking for a gradient at every entry or sample is cheap only while there are few.
MOST_GRADIENTS = 64


def mistaken_update(
    candidate: Candidate, case: Case, before: Arrays, rate: float, after: Arrays, allowed: Arrays
) -> Diagnosis | None:
    """The first known mistake that leads from `before` to `after`, within what is allowed.

    before, after, allowed: by parameter name, in the parameters' shapes.
    """
    for pattern, names, led_to in _mistakes(candidate, case, before, rate):
        _, comparison = compare_named(after, led_to, allowed)
        if comparison.agrees:
            return _said(pattern, names, comparison)
    return None


def mistaken_rate(candidate: Candidate, case: Case, rate: float) -> Diagnosis | None:
    """How the update depends on its learning rate, where it is not in proportion.

    It is asked at the rate and at twice the rate; agreement is to the rounding of where it leads.
    """
    before = case.parameters
    once, twice = (candidate.update(case, before, times * rate) for times in (1, 2))
    if all(np.array_equal(once[name], value) for name, value in before.items()):
        return None
    for pattern, times in ((RATE_IGNORED, 1), (RATE_TWICE, 4)):
        led_to = {name: value + times * (once[name] - value) for name, value in before.items()}
        allowed = {
            name: np.asarray(MULTIPLE * EPSILON * times * (np.abs(value) + np.abs(once[name])))
            for name, value in before.items()
        }
        _, comparison = compare_named(twice, led_to, allowed)
        # A step that is lost in rounding agrees with every multiple of itself.
        _, proportional = compare_named(twice, _moved(before, _way(before, once), 2), allowed)
        if comparison.agrees and not proportional.agrees:
            return _said(pattern, "", comparison)
    return None


def _way(before: Arrays, after: Arrays) -> dict[str, Array]:
    return {name: value - after[name] for name, value in before.items()}


def _said(pattern: Pattern, names: str, comparison: Comparison) -> Diagnosis:
    scale = max(abs(comparison.expected), abs(comparison.allowed))
    residual = abs(comparison.observed - comparison.expected) / scale
    sentence = pattern.sentence.format(names=names, residual=digits(residual))
    return Diagnosis(pattern.name, f"looks like {sentence}", None, residual, pattern.hint)


def _mistakes(
    candidate: Candidate, case: Case, before: Arrays, rate: float
) -> Iterator[tuple[Pattern, str, Arrays]]:
    """Every mistake with the names its sentence needs and where it leads, the simplest first."""
    names = list(before)
    if len(names) > 1:
        for order in (names, names[::-1]):
            each = [(name, ()) for name in order]
            yield SEQUENTIAL, " then ".join(order), _one_by_one(candidate, case, before, rate, each)
    yield from _exchanged(candidate, case, before, rate)
    gradient = candidate.gradient(case, before)
    once = _moved(before, gradient, rate)
    yield GRADIENT_RETURNED, "", gradient
    for decimals in range(MOST_DECIMALS + 1):
        rounded = {name: np.asarray(np.round(value, decimals)) for name, value in once.items()}
        yield ROUNDED, str(decimals), rounded
    yield TWO_STEPS, "", _moved(once, candidate.gradient(case, once), rate)
    entries = [(name, index) for name in names for index in np.ndindex(before[name].shape)]
    if len(names) < len(entries) <= MOST_GRADIENTS:
        for each in (entries, entries[::-1]):
            words = f"the entries of {' and '.join(names)}"
            yield SEQUENTIAL, words, _one_by_one(candidate, case, before, rate, each)
    entry = candidate.entry
    learned = not any(variable.per_sample for variable in entry.parameters)
    if entry.kind is Kind.DATA_MODEL and learned and 1 < samples(entry, case) <= MOST_GRADIENTS:
        yield ONLINE, "", _sample_by_sample(candidate, case, before, rate)


def _moved(before: Arrays, gradient: Arrays, rate: float) -> dict[str, Array]:
    return {name: value - rate * gradient[name] for name, value in before.items()}


def _one_by_one(
    candidate: Candidate,
    case: Case,
    before: Arrays,
    rate: float,
    each: Sequence[tuple[str, tuple[int, ...]]],
) -> dict[str, Array]:
    """Parameters, or single entries of them, moved one after the other (D3.3)."""
    moving = {name: np.array(value) for name, value in before.items()}
    for name, index in each:
        gradient = candidate.gradient(case, moving)[name]
        moving[name][index] -= rate * gradient[index]
    return moving


def _exchanged(
    candidate: Candidate, case: Case, before: Arrays, rate: float
) -> Iterator[tuple[Pattern, str, Arrays]]:
    right = _moved(before, candidate.gradient(case, before), rate)
    for first, second in combinations(before, 2):
        if before[first].shape == before[second].shape:
            exchanged = {**right, first: right[second], second: right[first]}
            yield EXCHANGED, f"{first} and {second}", exchanged


def _sample_by_sample(
    candidate: Candidate, case: Case, before: Arrays, rate: float
) -> dict[str, Array]:
    """One step along the gradient of each sample alone, in their order (D0's online training)."""
    moving = dict(before)
    for i in range(samples(candidate.entry, case)):
        alone = one_sample(candidate.entry, case, i)
        moving = _moved(moving, candidate.gradient(alone, moving), rate)
    return moving
