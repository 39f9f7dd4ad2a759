"""Decides whether a function is the gradient of a loss: directions first, components if they fail.

Asked at the point itself and at further points, a few directions each, so that the number of
evaluations does not grow with the number of parameters.  A failure must show again at points
nearby before it counts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from checks.engine.lines import TARGET, Lines
from checks.engine.numerical import Counted, numerical_gradient
from checks.engine.place import Places, prepare
from checks.engine.scale import EPS, Array
from checks.judging.agreement import RESOLUTION, agree
from checks.judging.claim import Claim
from checks.judging.examined import Examined, resolutions
from checks.judging.glance import plain_agreement
from checks.judging.gradient_check import GradientCheck, refusal
from checks.judging.lines import Findings, Judge
from checks.judging.location import locate
from checks.judging.opinion import second_opinion
from checks.judging.questions import DIRECTIONS, Answered, Questions
from checks.result import Problem, Verdict

NEARBY = (1e-3, 1e-5)  # of the parameters' size: where a failure must show again
REPETITION = 64  # eps by which two calls with the same argument may differ
COMPLETE = 512  # parameters up to which many wrong ones are all measured


class Verification:
    """One claim under examination; keeps count, seed and notes."""

    def __init__(self, claim: Claim, seed: int, rounding: Array | None) -> None:
        self.claim, self.seed = claim, seed
        self.rng = np.random.default_rng(seed)
        self.losses = Counted(claim.losses)
        self.losses.evaluations = int(claim.first is not None)
        self.questions = Questions(claim, self.losses, self.rng)
        self.at, size = self.questions.at, self.questions.size
        slack = None if rounding is None else np.abs(rounding) / size[0]
        self.judge = Judge(self.losses, claim.eps, slack)
        self.notes: list[str] = []

    def run(self, points: int, named: bool) -> GradientCheck:
        """What is decided of the claim, at its point and at `points` further ones.

        named: whether the wrong components of a failure are searched for.
        """
        answered = self.questions.ask(points)
        return self.at_a_glance(answered) or self.thorough(answered, points, named)

    def at_a_glance(self, answered: Answered) -> GradientCheck | None:
        """PASSED if the claim agrees plainly at every point, else None."""
        if not answered.whole or self.memory(answered):
            return None
        unseen = plain_agreement(answered, self.claim.eps, self.judge.known(answered.lines))
        if unseen is None:
            return None
        resolution = resolutions(answered.lines, unseen)
        if not (resolution <= RESOLUTION).all():
            return None
        return self.record(Verdict.PASSED, answered.lines, float(resolution[0]))

    def thorough(self, answered: Answered, points: int, named: bool) -> GradientCheck:
        """The examination of a claim that does not agree plainly."""
        wrong = self.unusable(answered)
        if wrong is not None:
            return refusal(wrong, self.at, self.seed, self.losses.evaluations)
        surveyed = self.questions.survey(answered)
        lines, places = surveyed.lines, surveyed.places
        _, noise, eps, _, _ = places.numbers(0)
        wrong = self.memory(answered, noise, eps)
        if wrong is not None:
            return refusal(wrong, self.at, self.seed, self.losses.evaluations)
        if surveyed.left_out:
            self.notes.append(
                f"{surveyed.left_out} of {points} further points left out: "
                "loss or gradient not finite there"
            )
        findings = self.judge.findings(lines, places, surveyed.rungs)
        examined = self.parts(lines, places, findings)
        examined[0] = self.confirmed(examined[0])
        if examined[0].verdict is not Verdict.FAILED:
            examined[1:] = self.surveyed(examined)
        for point in examined:
            if point.verdict is Verdict.FAILED:
                return self.failed(point) if named else self.outcome(Verdict.FAILED, point)
        return self.decided(examined)

    def unusable(self, answered: Answered) -> Problem | None:
        """Why nothing can be judged at the point itself, or None."""
        loss = answered.loss[0]
        if not np.isfinite(loss):
            return Problem("loss", "a finite number at the point", f"{loss}")
        return answered.problems[0]

    def memory(self, answered: Answered, noise: float = 0.0, eps: float = EPS) -> Problem | None:
        """What the functions remember of other calls, or None if they answer the same again.

        noise, eps: of the loss, where they are known.
        """
        loss, first = answered.loss[0], answered.lines.gradients[0]
        again, repeated = answered.again
        if not abs(again - loss) <= REPETITION * max(eps * abs(loss), noise):
            same = "the same value for the same parameters"
            return Problem("loss", same, f"{loss:.17g} and then {again:.17g}")
        difference = np.abs(repeated - first)
        allowed = REPETITION * max(eps, self.claim.eps) * float(np.abs(first).max())
        if not difference.max() <= allowed:
            k = int(np.argmax(difference))
            same = "the same values for the same parameters, whatever is asked in between"
            observed = f"{first[k]:.6g} and then {repeated[k]:.6g} at {self.claim.names[k]}"
            return Problem("gradient", same, observed, pattern="memory")
        return None

    def parts(self, lines: Lines, places: Places, findings: Findings) -> list[Examined]:
        """What the lines through each point have shown, point by point."""
        return [
            Examined(lines.part(k), places.part(k), findings.part(lines.of == k))
            for k in range(len(lines.at))
        ]

    def surveyed(self, examined: list[Examined]) -> list[Examined]:
        """The further points: taken as they are where they agree, else surveyed and asked again.

        So are all of them where the point itself does not decide, for then one of them will, and
        it is asked as much as the point itself.
        """
        undecided = examined[0].verdict is not Verdict.PASSED
        doubtful = [
            k
            for k, point in enumerate(examined)
            if k and (undecided or point.verdict is not Verdict.PASSED)
        ]
        if doubtful:
            at = np.concatenate([examined[k].place.at for k in doubtful])
            gradients = np.array([examined[k].gradient for k in doubtful])
            places = prepare(self.losses, at, self.rng)
            lines = self.questions.lines(at, places.size, gradients, [DIRECTIONS] * len(at))
            again = self.parts(lines, places, self.judge.findings(lines, places))
            for k, point in zip(doubtful, again, strict=True):
                examined[k] = self.confirmed(point)
        return examined[1:]

    def confirmed(self, point: Examined) -> Examined:
        """The same point, where a line is wrong only if points nearby do not contradict it.

        At a kink, and where the error bars are too small by bad luck, the same direction tells
        another story at both distances.
        """
        if not point.findings.wrong.any():
            return point
        wrong = np.flatnonzero(point.findings.wrong)
        steps = np.outer(NEARBY, point.place.size) * self.rng.normal(size=(2, len(self.at)))
        places = prepare(self.losses, point.place.at + steps, self.rng)
        gradients, problems = zip(*map(self.questions.gradient, places.at), strict=True)
        if any(problems) or not places.finite.all():
            return point
        lines = Lines.through(
            places,
            np.array(gradients),
            np.tile(point.lines.directions[wrong], (2, 1)),
            np.repeat([0, 1], len(wrong)),
        )
        found = self.judge.findings(lines, places)
        other = np.abs(found.residual - np.tile(point.findings.residual[wrong], 2)) > found.allowed
        contradicted = (~found.wrong & (other | found.kink)).reshape(2, -1)
        stands = np.zeros_like(point.findings.wrong)
        stands[wrong] = ~np.all(contradicted, axis=0)
        unclear = point.findings.kink | (point.findings.wrong & ~stands)
        return replace(point, findings=replace(point.findings, wrong=stands, kink=unclear))

    def failed(self, point: Examined) -> GradientCheck:
        """A confirmed failure, with the wrong components named."""
        at, gradient = point.place.at[0], point.gradient
        found = locate(self.judge, point)
        measured, wrong, more = found.measured, found.components, found.more
        if more and len(gradient) <= COMPLETE:
            measured = numerical_gradient(self.losses, at, seed=self.seed)
            slack = 0.0 if self.judge.slack is None else self.judge.slack * point.place.size[0]
            compared = agree(gradient, measured, slack=slack)
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
        sharp = any(
            point.verdict is Verdict.PASSED and point.resolution <= TARGET for point in examined
        )
        if self.claim.complex_losses is not None and not sharp:
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
        return self.record(verdict, point.lines, point.resolution)

    def record(self, verdict: Verdict, lines: Lines, resolution: float) -> GradientCheck:
        """The record of a decision at the first point of some lines."""
        return GradientCheck(
            verdict=verdict,
            notes=tuple(dict.fromkeys(self.notes)),
            resolution=resolution,
            at=lines.at[0],
            claimed=lines.gradients[0],
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
