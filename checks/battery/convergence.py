"""Question 7, convergence: descent ends where SciPy ends, at the pace that theory gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from checks.battery.check import Check, Finding, heading
from checks.battery.labels import takes_targets_for_labels
from checks.battery.oracle import Oracle
from checks.battery.rates import QUADRATIC, contraction, regime, spectrum, step
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.solutions import Solution, solution
from checks.candidate import Candidate
from checks.judging.wording import distinguished, number
from checks.reading import UnusableError
from checks.result import Verdict
from reference.contract import Arrays, Case, Entry, Kind, Role
from reference.vectors import flat

# The rate is a remark (ruling 13): a slower descent gets up to this many times the steps.
PATIENCE = 64
# The gap to the minimum after the reference's own number of steps, in multiples of what the
# reference leaves: rounding along a different path, not another destination.
LENIENCE = 4.0
STAGNATION = 0.99  # over a doubling of the steps the gap must shrink below this share
DIVERGED = 1e3  # times the gap at the start
POINTS = 12  # of the loss on the way to the case's steps, and again to each doubling
# What a class page heads such failures with, where no other question names the mistake behind it.
DIVERGES = "descent diverges"
ELSEWHERE = "descent ends elsewhere"
CREEPS = "descent creeps"
HOW = {DIVERGES: "it diverges", ELSEWHERE: "it stands still", CREEPS: "it creeps"}
LABELS = "your gradient takes these targets for labels 0 or 1, where it is right"
ANY_TARGET = "write −y ln p − (1 − y) ln(1 − p) out: it holds for targets in between as well"
FLOOR = "loss_floor"
LOSS_AFTER = "loss_after_"  # and the number of steps


@dataclass(frozen=True)
class Descent:
    """Where a descent stands after `steps` updates."""

    steps: int
    loss: float
    parameters: Arrays


def applies(entry: Entry, case: Case) -> bool:
    """Asked at the descents; a layer has no loss of its own to descend."""
    return case.role is Role.DESCENT and entry.kind is not Kind.LAYER


def descend(
    candidate: Candidate,
    oracle: Oracle,
    case: Case,
    start: Descent,
    to: int,
    passed: dict[int, float] | None = None,
) -> Descent:
    """Go on to a total of `to` steps, or to where the parameters stop being finite.

    passed: gets the documented loss by steps at about POINTS places on the way.
    """
    parameters, steps = start.parameters, start.steps
    stride = max(1, to // POINTS)
    while steps < to:
        steps += 1
        try:
            parameters = step(candidate, case, parameters)
        except UnusableError as unusable:
            if "OverflowError" in unusable.problem.observed:  # plain floats raise, arrays do not
                return Descent(steps, float("inf"), parameters)
            raise
        if not np.all(np.isfinite(flat(parameters))):
            return Descent(steps, float("inf"), parameters)
        if passed is not None and (steps % stride == 0 or steps == to):
            passed[steps] = _loss(oracle, case, parameters)
    return Descent(steps, _loss(oracle, case, parameters), parameters)


def _loss(oracle: Oracle, case: Case, parameters: Arrays) -> float:
    with np.errstate(all="ignore"):
        loss = oracle.reference.loss(case, parameters)
    return loss if np.isfinite(loss) else float("inf")


def reference_gap(oracle: Oracle, case: Case) -> float:
    """What the reference's own descent leaves above SciPy's loss after the case's steps."""

    def compute() -> float:
        start = Descent(0, oracle.reference.loss(case), case.parameters)
        end = descend(oracle.reference, oracle, case, start, case.steps)
        return end.loss - solution(oracle, case).loss

    return oracle.once("gap", case, compute)


def allowed_gap(oracle: Oracle, case: Case) -> float:
    """LENIENCE · (the reference's gap) + the rounding of the loss at its minimum."""
    best = solution(oracle, case)
    scale = abs(best.loss) + EPSILON * abs(oracle.reference.loss(case))
    return LENIENCE * abs(reference_gap(oracle, case)) + MULTIPLE * EPSILON * scale


def run(candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """Descend until the loss is SciPy's, stands still elsewhere, or grows beyond its start."""
    best = solution(oracle, case)
    allowed = allowed_gap(oracle, case)
    at = Descent(0, oracle.reference.loss(case), case.parameters)
    first_gap = at.loss - best.loss
    pattern = CREEPS
    steps, gap = case.steps, first_gap
    soft = "; the targets here lie between 0 and 1" if _targets_are_soft(case) else ""
    passed = {0: at.loss}
    while steps <= PATIENCE * case.steps:
        at = descend(candidate, oracle, case, at, steps, passed)
        before, gap = gap, at.loss - best.loss
        if gap <= allowed:
            finding = _arrived(candidate, oracle, case, at, gap, allowed)
            return _with_curve(finding, best, passed)
        if gap > DIVERGED * max(first_gap, allowed):
            hint = "is the rate used once?" + soft
            finding = _elsewhere(case, best, at, allowed, DIVERGES, hint)
            return _with_curve(_labels_aside(finding, candidate, case, oracle), best, passed)
        if steps > case.steps and gap > STAGNATION * before:
            pattern = ELSEWHERE
            break
        steps *= 2
    hint = "does every parameter move, and does the gradient vanish only at the minimum?" + soft
    finding = _elsewhere(case, best, at, allowed, pattern, hint)
    return _with_curve(_labels_aside(finding, candidate, case, oracle), best, passed)


def _labels_aside(finding: Finding, candidate: Candidate, case: Case, oracle: Oracle) -> Finding:
    """The failure, UNDECIDED where the gradient is right for labels and these are none."""
    if not takes_targets_for_labels(candidate, case, oracle):
        return finding
    told = f"{finding.observed}; {LABELS}"
    return replace(
        finding, verdict=Verdict.UNDECIDED, observed=told, hint=ANY_TARGET, diagnosis=None
    )


def _targets_are_soft(case: Case) -> bool:
    """Whether targets lie strictly between 0 and 1, as they must for a cross entropy's minimum."""
    y = case.data.get("y")
    return y is not None and bool(np.all((y > 0) & (y < 1)))


def _with_curve(finding: Finding, best: Solution, passed: Mapping[int, float]) -> Finding:
    """The finding with SciPy's loss and the losses on the way among its measurements."""
    curve = {f"{LOSS_AFTER}{steps}": loss for steps, loss in passed.items()}
    return replace(finding, measurements={**finding.measurements, FLOOR: best.loss, **curve})


def _arrived(
    candidate: Candidate, oracle: Oracle, case: Case, at: Descent, gap: float, allowed: float
) -> Finding:
    """A pass; the pace is a remark, on a quadratic loss beside the pace that theory gives."""
    remarks: list[str] = []
    measurements = {"steps": float(at.steps), "gap": gap, "allowed": allowed}
    if at.steps > case.steps:
        remarks.append(f"reached after {at.steps} steps: the right gradient needs {case.steps}")
    if candidate.entry.name in QUADRATIC:
        pace = contraction(candidate, oracle, case)
        measurements |= {"contraction": pace.observed, "contraction_theory": pace.theory}
        if not pace.agrees:
            word = regime(case.learning_rate, spectrum(oracle, case)).value
            remarks.append(
                f"the error shrinks by {number(pace.observed)} per step along one direction, where "
                f"theory (1 − ηλ) gives {number(pace.theory)} for this {word} learning rate"
            )
    return Finding(Verdict.PASSED, remarks=tuple(remarks), measurements=measurements)


def _elsewhere(
    case: Case, best: Solution, at: Descent, allowed: float, pattern: str, hint: str
) -> Finding:
    gap = at.loss - best.loss
    expected = f"{distinguished(best.loss, gap)}   loss that {best.method} reaches"
    return Finding(
        Verdict.FAILED,
        expected=f"{expected}, and descent in {case.steps} steps, + {allowed:.1g}",
        observed=f"{distinguished(at.loss, gap)}   loss after {at.steps} steps of "
        f"{number(case.learning_rate)}: {HOW[pattern]}",
        hint=hint,
        diagnosis=heading(pattern, hint),
        measurements={"steps": float(at.steps), "gap": gap, "allowed": allowed},
    )


CONVERGENCE = Check(
    "convergence",
    "does descent reach what SciPy reaches?",
    applies,
    ("descent",),
    run,
)
