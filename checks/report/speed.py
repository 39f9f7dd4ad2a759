"""A submission's speed beside the reference's, as its measurements have it, and in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.result import CheckResult, Report

CHECK = "vectorised"
FUNCTIONS = ("update", "gradient", "backward")
VECTORISED, LOOP = "vectorised", "loop"
LIMIT = "timed from outside, the way there and back subtracted: small ratios come out too large"


@dataclass(frozen=True)
class Ratio:
    """The median of paired ratios, and the interval that holds it in 19 of 20 runs."""

    ratio: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{_digits(self.ratio)} [{_digits(self.low)}, {_digits(self.high)}]"

    @property
    def resolved(self) -> bool:
        """Whether the interval leaves out 0: else the time of the way has swallowed it."""
        return self.low > 0

    @property
    def brief(self) -> str:
        """The median alone, with its sign; "–" where it is not resolved."""
        return f"{_digits(self.ratio)} ×" if self.resolved else "–"

    @property
    def words(self) -> str:
        """The ratio as people say it: "3.2 [2.9, 3.4] times as long as"."""
        return f"{self} times as long as"


@dataclass(frozen=True)
class Speed:
    """How many times as long a submission's function takes as the reference's, over N samples.

    function: update, or gradient or backward where there is no update.  over_vectorised, over_loop:
    its time over that of the reference's vectorised function and of its loop in plain Python.
    """

    function: str
    samples: int
    pairs: int
    over_vectorised: Ratio
    over_loop: Ratio


def speed_of(report: Report) -> Speed | None:
    """The speed of one report; None where it was not measured."""
    return _measured(result for result in report.results if result.check == CHECK)


def _measured(results: Iterable[CheckResult]) -> Speed | None:
    for result in results:
        given = result.measurements
        for function in FUNCTIONS:
            if f"{function}_over_{VECTORISED}" in given:
                vectorised, loop = (
                    Ratio(*(given[f"{function}_over_{base}{end}"] for end in ("", "_low", "_high")))
                    for base in (VECTORISED, LOOP)
                )
                samples, pairs = int(given["timed_samples"]), int(given["timed_pairs"])
                return Speed(function, samples, pairs, vectorised, loop)
    return None


def sentence(speed: Speed) -> str:
    """Both ratios with their intervals, and what they were measured at."""
    if not speed.over_vectorised.resolved:
        return f"the time of {speed.function} cannot be told from that of the way there and back"
    return (
        f"{speed.function} takes {speed.over_vectorised.words} the reference's vectorised one, "
        f"{speed.over_loop.words} its loop (N = {speed.samples}, {speed.pairs} pairs)"
    )


def _digits(value: float) -> str:
    """Two digits, as people write them: 0.013, 3.2, 110."""
    return f"{float(f'{value:.2g}'):.10g}"
