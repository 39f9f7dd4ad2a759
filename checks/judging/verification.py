"""Decides whether a function is the gradient of a loss: directions first, components if they fail.

Asked at the point itself and at further points, a few directions each, so that the number of
evaluations does not grow with the number of parameters.  A failure must show again at points
nearby before it counts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checks.engine.lines import Lines
from checks.engine.numerical import Counted, numerical_gradient
from checks.engine.place import Place, prepare
from checks.engine.scale import Array, typical_size
from checks.judging.agreement import agree
from checks.judging.claim import Claim
from checks.judging.examined import Examined
from checks.judging.gradient_check import GradientCheck, refusal
from checks.judging.lines import Judge, look
from checks.judging.location import locate
from checks.judging.opinion import second_opinion
from checks.result import Problem, Verdict

DIRECTIONS = 4  # asked at the point itself
DIRECTIONS_FURTHER = 2  # asked at each further point
DISTANCE = 4.0  # further points lie at 1, 4, 16 … times the parameters' size
CLOSER = (1 / 16, 1 / 256)  # where the loss is not finite there
NEARBY = (1e-3, 1e-5)  # of the parameters' size: where a failure must show again
REPETITION = 64  # eps by which two calls with the same argument may differ
COMPLETE = 512  # parameters up to which many wrong ones are all measured


class Verification:
    """One claim under examination; keeps count, seed and notes."""

    def __init__(self, claim: Claim, seed: int, rounding: Array | None) -> None:
        self.claim, self.seed = claim, seed
        self.rng = np.random.default_rng(seed)
        self.losses = Counted(claim.losses)
        self.at = np.array(claim.at, dtype=np.float64)
        self.size = typical_size(self.at)
        slack = np.zeros(len(self.at)) if rounding is None else np.abs(rounding) / self.size
        self.judge = Judge(self.losses, claim.eps, slack)
        self.notes: list[str] = []

    def run(self, points: int, named: bool) -> GradientCheck:
        """The whole examination."""
        places = self.places(points)
        if not places[0].finite:
            problem = Problem("loss", "a finite number at the point", f"{places[0].loss}")
            return refusal(problem, self.at, self.seed, self.losses.evaluations)
        gradients = [self.gradient(place.at) for place in places]
        wrong = self.unusable(gradients[0]) or self.memory(places[0], gradients[0])
        if wrong is not None:
            return refusal(wrong, self.at, self.seed, self.losses.evaluations)
        usable = [k for k, g in enumerate(gradients) if places[k].finite and not self.unusable(g)]
        if len(usable) < len(places):
            self.notes.append(
                f"{len(places) - len(usable)} of {points} further points left out: "
                "loss or gradient not finite there"
            )
        examined = self.examine([places[k] for k in usable], [gradients[k] for k in usable])
        for k, point in enumerate(examined):
            if point.verdict is Verdict.FAILED:
                examined[k] = self.confirmed(point)
                if examined[k].verdict is Verdict.FAILED:
                    if not named:
                        return self.outcome(Verdict.FAILED, examined[k])
                    return self.failed(examined[k])
        return self.decided(examined)

    def places(self, points: int) -> list[Place]:
        """The point itself and the further ones, moved closer where the loss is not finite."""
        steps = [
            DISTANCE**k
            * self.size
            * self.rng.uniform(0.5, 1.5, len(self.at))
            * self.rng.choice([-1.0, 1.0], len(self.at))
            for k in range(points)
        ]
        places = prepare(self.losses, [self.at, *(self.at + step for step in steps)], self.rng)
        for factor in CLOSER:
            lost = [k for k in range(1, len(places)) if not places[k].finite]
            if lost:
                again = prepare(
                    self.losses, [self.at + factor * steps[k - 1] for k in lost], self.rng
                )
                for k, place in zip(lost, again, strict=True):
                    places[k] = place
        return places

    def gradient(self, at: Array) -> Array:
        """The claimed gradient at a point, asked with a copy of it."""
        return np.asarray(self.claim.gradient(at.copy()), dtype=np.float64)

    def unusable(self, gradient: Array) -> Problem | None:
        """Why a gradient cannot be judged, or None."""
        if gradient.shape != self.at.shape:
            return Problem("gradient", f"shape {self.at.shape}", f"shape {gradient.shape}")
        lost = np.flatnonzero(~np.isfinite(gradient))
        if lost.size:
            name = self.claim.names[lost[0]]
            return Problem("gradient", "finite numbers", f"{gradient[lost[0]]} at {name}")
        return None

    def memory(self, place: Place, gradient: Array) -> Problem | None:
        """What the functions remember of other calls, or None if they answer the same again."""
        loss = float(self.losses(self.at[None, :].copy())[0])
        allowed = REPETITION * place.eps * abs(place.loss)
        if not abs(loss - place.loss) <= max(allowed, REPETITION * place.noise):
            same = "the same value for the same parameters"
            return Problem("loss", same, f"{place.loss:.17g} and then {loss:.17g}")
        again = self.gradient(self.at)
        eps = max(place.eps, self.claim.eps)
        difference = np.abs(again - gradient)
        if not np.max(difference) <= REPETITION * eps * np.max(np.abs(gradient)):
            k = int(np.argmax(difference))
            same = "the same values for the same parameters, whatever is asked in between"
            observed = f"{gradient[k]:.6g} and then {again[k]:.6g} at {self.claim.names[k]}"
            return Problem("gradient", same, observed, pattern="memory")
        return None

    def examine(self, places: list[Place], gradients: list[Array]) -> list[Examined]:
        """The questions at all places, asked together."""
        directions = [
            look(gradient, DIRECTIONS_FURTHER if k else DIRECTIONS, self.rng)
            for k, gradient in enumerate(gradients)
        ]
        counts = [len(v) for v in directions]
        lines = Lines(
            [place for place, count in zip(places, counts, strict=True) for _ in range(count)],
            np.concatenate(directions),
            np.repeat(gradients, counts, axis=0),
        )
        findings = self.judge.findings(lines)
        ends = np.cumsum(counts)
        return [
            Examined(place, gradient, v, findings.part(slice(end - len(v), end)))
            for place, gradient, v, end in zip(places, gradients, directions, ends, strict=True)
        ]

    def confirmed(self, point: Examined) -> Examined:
        """The same point, where a line is wrong only if points nearby do not contradict it.

        At a kink, and where the error bars are too small by bad luck, the same direction tells
        another story at both distances.
        """
        wrong = np.flatnonzero(point.findings.wrong)
        steps = np.outer(NEARBY, point.place.size) * self.rng.normal(size=(2, len(self.at)))
        places = prepare(self.losses, [point.place.at + step for step in steps], self.rng)
        gradients = [self.gradient(place.at) for place in places]
        if any(self.unusable(g) or not p.finite for g, p in zip(gradients, places, strict=True)):
            return point
        found = self.judge.findings(
            Lines(
                [place for place in places for _ in wrong],
                np.tile(point.directions[wrong], (2, 1)),
                np.repeat(gradients, len(wrong), axis=0),
            )
        )
        other = np.abs(found.residual - np.tile(point.findings.residual[wrong], 2)) > found.allowed
        contradicted = (~found.wrong & (other | found.kink)).reshape(2, -1)
        stands = np.zeros_like(point.findings.wrong)
        stands[wrong] = ~np.all(contradicted, axis=0)
        unclear = point.findings.kink | (point.findings.wrong & ~stands)
        return replace(point, findings=replace(point.findings, wrong=stands, kink=unclear))

    def failed(self, point: Examined) -> GradientCheck:
        """A confirmed failure, with the wrong components named."""
        at, gradient = point.place.at, point.gradient
        found = locate(self.judge, point.place, gradient, point.directions, point.findings)
        measured, wrong, more = found.measured, found.components, found.more
        if more and len(gradient) <= COMPLETE:
            measured = numerical_gradient(self.losses, at, seed=self.seed)
            compared = agree(gradient, measured, slack=self.judge.slack * point.place.size)
            if compared.verdict is Verdict.FAILED:
                excess = np.flatnonzero(compared.gap > compared.allowed)
                wrong, more = tuple(int(k) for k in excess), False
        if not np.array_equal(at, self.at):
            self.notes.append("seen at a further point; at the point itself it does not show")
        check = self.outcome(Verdict.FAILED, point)
        check = replace(
            check, wrong=tuple(self.claim.names[k] for k in wrong), more=more, measured=measured
        )
        if not wrong:
            return check
        worst = max(wrong, key=lambda k: abs(float(gradient[k] - measured.value[k])))
        return replace(
            check,
            component=self.claim.names[worst],
            expected=float(measured.value[worst]),
            error=float(measured.error[worst]),
            observed=float(gradient[worst]),
            gap=abs(float(measured.value[worst] - gradient[worst])),
        )

    def decided(self, examined: list[Examined]) -> GradientCheck:
        """PASSED if any point passed with a resolution that proves something."""
        if self.claim.complex_losses is not None:
            examined, notes = second_opinion(self.claim.complex_losses, examined)
            self.notes += notes
        if any(point.kinked for point in examined):
            self.notes.append("the loss has a kink: no derivative to compare with there")
        passed = [point for point in examined if point.verdict is Verdict.PASSED]
        if not passed:
            return self.outcome(Verdict.UNDECIDED, min(examined, key=lambda e: e.resolution))
        if passed[0] is not examined[0]:
            self.notes.append("undecided at the point itself, decided at a further point")
        return self.outcome(Verdict.PASSED, passed[0])

    def outcome(self, verdict: Verdict, point: Examined) -> GradientCheck:
        """The record of a decision at one point."""
        return GradientCheck(
            verdict=verdict,
            notes=tuple(dict.fromkeys(self.notes)),
            resolution=point.resolution,
            at=point.place.at,
            claimed=point.gradient,
            evaluations=self.losses.evaluations,
            seed=self.seed,
        )


def verify(
    claim: Claim,
    *,
    points: int = 2,
    seed: int = 0,
    rounding: Array | None = None,
    named: bool = True,
) -> GradientCheck:
    """Decide whether the claim holds, at its point and at `points` further ones.

    rounding: extra absolute rounding (P,) of the claimed gradient that the caller knows of, as
    where it was derived by (old − new) / rate; at further points it grows with the parameters.
    named: whether a failure's wrong components are searched for, which costs most of a failure.
    FAILED: an error beyond all error bars, seen again with other steps and at points nearby, or a
    loss or gradient that is not finite or does not answer the same twice.  UNDECIDED: no point
    resolves the slope to RESOLUTION, or kinks everywhere.  What the claim's functions raise is
    not caught.
    """
    with np.errstate(all="ignore"):
        return Verification(claim, seed, rounding).run(points, named)
