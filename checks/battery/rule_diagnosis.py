"""Which mistake explains the path of a step rule, told by computing that path."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.rule_mistakes import mistaken_rules
from checks.battery.rule_parts import GUARD, Rule, beside_uncorrected_root, guarded, published
from checks.judging.diagnosis import RARE, digits
from checks.judging.patterns import CONSTANT_FACTOR, Pattern
from checks.judging.wording import number
from checks.result import Diagnosis
from reference.contract import Array, Arrays, Case, Entry

WEIGHT_DECAY = Pattern(
    "weight decay",
    "the step takes {factor} of every parameter away as well: without that it agrees to {residual}",
    "the published rule has no weight decay",
)
# δ or ε keeps the denominator from 0; published values differ, and some put it under the root.
LARGEST_GUARD = 1e-7
ACCEPTED_GUARDS = tuple(10.0**k for k in range(-12, -6))


@dataclass(frozen=True)
class Path:
    """Where k steps lead and how exactly that is known, by parameter, each (k, …)."""

    places: Arrays
    allowed: Arrays

    def agrees(self, observed: Arrays) -> bool:
        """Whether every place observed, of the first few steps at least, is this path's."""
        return all(
            bool(np.all(_apart(observed[name], self.places[name]) <= self.of(name, observed)))
            for name in observed
        )

    def of(self, name: str, observed: Arrays) -> Array:
        """What is allowed at the steps that were observed."""
        return np.asarray(self.allowed[name][: len(observed[name])])


def path(rule: Rule, name: str, case: Case, largest_guard: float = LARGEST_GUARD) -> Path:
    """Where this rule leads along the gradients of the case.

    Allowed are MULTIPLE · ε of everything that was added up, and what a guard of up to
    `largest_guard` moves: beside the root √G it divides by √G + ε, relatively ε/√G; under the root
    by √(G + ε), ε/(2 G).
    """
    places, allowed = {}, {}
    for place, (key, gradients) in enumerate(case.data.items()):
        start = case.parameters[key]
        with np.errstate(all="ignore"):
            moves = rule.moves(gradients, case.learning_rate, place, len(case.data))
            size = _sizes(published(name), gradients)
            guard = np.where(size > 0, largest_guard / np.sqrt(size) + largest_guard / size / 2, 0)
            places[key] = start + np.cumsum(moves, axis=0)
            travelled = np.abs(start) + np.cumsum(np.abs(moves), axis=0)
            by_guard = np.cumsum(np.abs(moves) * guard, axis=0)
        # Where the rule itself is no number, only that can be observed.
        allowed[key] = np.nan_to_num(MULTIPLE * EPSILON * travelled + by_guard, posinf=0.0)
    return Path(places, allowed)


def reference_path(entry: Entry, case: Case) -> Path:
    """Where the reference's rule leads, with what is allowed beside it."""
    parameters: Arrays = dict(case.parameters)
    state = entry.module.init(parameters)
    places: dict[str, list[Array]] = {name: [] for name in parameters}
    for i in range(len(next(iter(case.data.values())))):
        gradient = {name: np.asarray(values[i]) for name, values in case.data.items()}
        parameters, state = entry.module.step(parameters, gradient, state, case.learning_rate)
        for name, value in parameters.items():
            places[name].append(value)
    allowed = path(published(entry.name), entry.name, case).allowed
    return Path({name: np.array(values) for name, values in places.items()}, allowed)


def _sizes(rule: Rule, gradients: Array) -> Array:
    """The squares of the published denominators, without their guard: (k, …)."""
    m, v = np.zeros_like(gradients[0]), np.zeros_like(gradients[0])
    sizes = []
    for t, g in enumerate(gradients, start=1):
        m = rule.first(m, g)
        v = rule.second(v, g, m)
        sizes.append(rule.size(v, t))
    return np.array(sizes)


def diagnosed(name: str, case: Case, observed: Arrays) -> Diagnosis | None:
    """The first mistake whose path is the one observed: by parameter, (j, …) after j ≤ k steps.

    First with the usual guard, to rounding; only then with any other guard as well.
    """
    right = path(published(name), name, case)
    for largest_guard in (0.0, LARGEST_GUARD):
        for pattern, rule in mistaken_rules(name):
            wrong = path(rule, name, case, largest_guard)
            if wrong.agrees(observed) and _is_no_chance(observed, right, wrong):
                return _said(pattern, None, {}, case, observed, wrong)
    return _constant_factor(case, observed, right) or _decay(name, case, observed, right)


def _said(
    pattern: Pattern,
    factor: float | None,
    words: dict[str, str],
    case: Case,
    observed: Arrays,
    wrong: Path,
) -> Diagnosis:
    residual = _residual(observed, wrong, case)
    sentence = pattern.sentence.format(residual=digits(residual), **words)
    return Diagnosis(pattern.name, f"looks like {sentence}", factor, residual, pattern.hint)


def _constant_factor(case: Case, observed: Arrays, right: Path) -> Diagnosis | None:
    """Every step a multiple of the right one; it takes two steps to tell that from its sizes."""
    start = case.parameters
    mine = np.concatenate([np.ravel(observed[name] - start[name]) for name in observed])
    due = np.concatenate(
        [np.ravel(right.places[n][: len(observed[n])] - start[n]) for n in observed]
    )
    if min(len(value) for value in observed.values()) < 2 or not np.all(np.isfinite(mine)):
        return None
    factor = float(mine @ due / (due @ due))
    grown = max(1.0, abs(factor))
    scaled = Path(
        {n: start[n] + factor * (value - start[n]) for n, value in right.places.items()},
        {n: grown * value for n, value in right.allowed.items()},
    )
    if not factor or not scaled.agrees(observed) or not _is_no_chance(observed, right, scaled):
        return None
    words = {"what": "the step", "factor": number(factor)}
    return _said(CONSTANT_FACTOR, factor, words, case, observed, scaled)


def _decay(name: str, case: Case, observed: Arrays, right: Path) -> Diagnosis | None:
    """Every parameter times 1 − c before it is moved; c is told by the first step."""
    start = np.concatenate([np.ravel(case.parameters[key]) for key in observed])
    extra = np.concatenate([np.ravel(observed[key][0] - right.places[key][0]) for key in observed])
    c = -float(extra @ start / (start @ start))
    places = {}
    for key, value in right.places.items():
        at, before = case.parameters[key], case.parameters[key]
        decayed = []
        for place in value:
            at = (1 - c) * at + (place - before)
            before = place
            decayed.append(at)
        places[key] = np.array(decayed)
    wrong = Path(places, right.allowed)
    if not wrong.agrees(observed) or not _is_no_chance(observed, right, wrong):
        return None
    return _said(WEIGHT_DECAY, None, {"factor": number(c)}, case, observed, wrong)


def other_guard(name: str, case: Case, observed: Arrays) -> str:
    """Which accepted guard makes this path, to rounding, where it is not the usual one or none.

    Empty where the path is the published one, and where no guard explains it so well.
    """
    unguarded = replace(published(name), divisor=np.sqrt)
    if any(_is_path(rule, name, case, observed) for rule in (published(name), unguarded)):
        return ""
    for guard in ACCEPTED_GUARDS:
        forms = [(where, replace(published(name), divisor=by)) for where, by in guarded(guard)]
        if name == "adam":
            forms.append(("beside the root before its correction", beside_uncorrected_root(guard)))
        for where, rule in forms:
            if _is_path(rule, name, case, observed):
                return f"the guard is {guard:g} {where}; usual is {GUARD:g} beside the root"
    return ""


def _is_path(rule: Rule, name: str, case: Case, observed: Arrays) -> bool:
    """Whether this rule leads along the path observed, to rounding."""
    return path(rule, name, case, largest_guard=0.0).agrees(observed)


def _apart(observed: Array, predicted: Array) -> Array:
    """The distance at the steps that were observed; 0 where neither is a number."""
    due = predicted[: len(observed)]
    with np.errstate(invalid="ignore"):
        distance = np.abs(observed - due)
    return np.where((np.isnan(observed) & np.isnan(due)) | (observed == due), 0.0, distance)


def _is_no_chance(observed: Arrays, right: Path, wrong: Path) -> bool:
    """Whether the right path is 10^RARE times further off somewhere than the wrong one may be."""
    return any(
        bool(np.any(~(_apart(value, right.places[n]) <= 10**RARE * wrong.of(n, observed))))
        for n, value in observed.items()
    )


def _residual(observed: Arrays, wrong: Path, case: Case) -> float:
    """The largest distance from the wrong path, relative to the longest way that was gone."""
    off = max(float(np.max(_apart(value, wrong.places[n]))) for n, value in observed.items())
    gone = max(
        float(np.nanmax(np.abs(value - case.parameters[n]))) for n, value in observed.items()
    )
    return off / gone if gone else off
