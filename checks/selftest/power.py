"""How many wrong gradients are detected, how many right ones refused: python -m checks --power.

The claims are the mutants, the twins and random right gradients under stress; the checkers are
this suite's and whichever others are installed, at their documented defaults.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.result import Verdict
from checks.selftest.checkers import CHECKERS, Checker
from checks.selftest.claims import Posed, right_claims, stressed_claims, wrong_claims

SEED = 0
TRIALS = 200


@dataclass(frozen=True)
class Count:
    """How a checker answered claims of one sort.

    wrong_answers: the right ones refused or the wrong ones accepted.  examples: their names.
    """

    asked: int
    wrong_answers: int
    undecided: int
    examples: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Wrong answers of all that were asked."""
        return self.wrong_answers / self.asked if self.asked else 0.0


@dataclass(frozen=True)
class Power:
    """One checker's counts: mutants missed, twins refused, stressed right ones refused."""

    checker: str
    missed: Count
    refused: Count
    refused_under_stress: Count


def count(checker: Checker, claims: Iterable[Posed]) -> Count:
    """Ask a checker about every claim."""
    asked = undecided = 0
    examples = []
    for posed in claims:
        asked += 1
        verdict = checker.verdict(posed)
        undecided += verdict is Verdict.UNDECIDED
        if verdict is (Verdict.FAILED if posed.right else Verdict.PASSED):
            examples.append(posed.name)
    return Count(asked, len(examples), undecided, tuple(examples))


def study(
    checkers: Sequence[Checker] = CHECKERS, *, every: int = 1, trials: int = TRIALS
) -> tuple[Power, ...]:
    """The counts of every installed checker.  every: only each k-th mutant and twin is asked."""
    wrong = list(wrong_claims(SEED))[::every]
    right = list(right_claims(SEED))[::every]
    stressed = list(stressed_claims(range(trials)))
    return tuple(
        Power(
            checker.name,
            count(checker, wrong),
            count(checker, right),
            count(checker, stressed),
        )
        for checker in checkers
        if not checker.absent
    )


def table(powers: Sequence[Power], absent: Sequence[str] = ()) -> str:
    """The study as text: a sentence on what was asked, a row for each checker, what is missing."""
    first = powers[0]
    asked = (
        f"{first.missed.asked} wrong gradients (mutants), {first.refused.asked} right ones "
        f"(twins) and {first.refused_under_stress.asked} right ones under stress, seed {SEED}"
    )
    lines = [
        asked,
        "",
        f"{'':32}{'wrong detected':>15}{'right refused':>15}{'under stress':>15}{'undecided':>12}",
    ]
    for power in powers:
        undecided = sum(
            c.undecided for c in (power.missed, power.refused, power.refused_under_stress)
        )
        lines.append(
            f"{power.checker:32}{_percent(1 - power.missed.share):>15}"
            f"{_percent(power.refused.share):>15}"
            f"{_percent(power.refused_under_stress.share):>15}{undecided:>12}"
        )
    lines += ["", "undecided: answered neither way, which counts neither as detected nor refused"]
    lines += [f"{name}: not installed, not compared" for name in absent]
    return "\n".join(lines) + "\n"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def text() -> str:
    """The whole study."""
    return table(study(), [checker.name for checker in CHECKERS if checker.absent])


if __name__ == "__main__":
    print(text(), end="")
