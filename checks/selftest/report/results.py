"""Results made by hand, for tests of how they are shown."""

from __future__ import annotations

from dataclasses import replace

from checks.result import CheckResult, Diagnosis, Excess, Report, Verdict

LACKS_MEAN = Diagnosis(
    pattern="sum instead of mean",
    sentence="looks like the gradient lacks the division by N = 40",
    factor=40.0,
    residual=2e-14,
    hint="return 2 * X @ residual / len(y)",
)
FAILED = CheckResult(
    check="gradient_own",
    subject="ana",
    model="line",
    case="tall",
    verdict=Verdict.FAILED,
    expected="0.4173 ± 3e-13, the slope of your own loss there",
    observed="16.69, your gradient",
    component="w",
    diagnosis=LACKS_MEAN,
    remarks=("the loop is 12 times slower",),
    functions=("gradient",),
    measurements={"evaluations": 280.0, "ratio": float("inf")},
    seed=7,
    seconds=0.25,
)
PASSED = replace(FAILED, check="loss", verdict=Verdict.PASSED, diagnosis=None, component="")
BLOCKED = replace(
    FAILED,
    check="update",
    verdict=Verdict.BLOCKED,
    diagnosis=None,
    component="",
    observed="there is no function update",
)
TIMED = replace(
    PASSED,
    check="vectorised",
    measurements={
        "timed_samples": 1024.0,
        "timed_pairs": 9.0,
        "update_over_vectorised": 1.7,
        "update_over_vectorised_low": 1.2,
        "update_over_vectorised_high": 2.1,
        "update_over_loop": 0.012,
        "update_over_loop_low": 0.01,
        "update_over_loop_high": 0.014,
    },
)
LOCATED = replace(
    FAILED,
    where=(
        Excess("W", (2, 3), 2, (1, 1), ("009", "100")),
        Excess("b", (), 0, (1, 1), ("0",)),
    ),
)
# What a hostile student would like a terminal, a browser and a spreadsheet to do.
HOSTILE = "=cmd|' /C calc'!A0\x1b[2J\u202e<script>alert(1)</script>&amp;\ud800\x00"


def report(*results: CheckResult, subject: str = "ana", notes: tuple[str, ...] = ()) -> Report:
    """A complete report of these results."""
    results = tuple(replace(result, subject=subject) for result in results)
    planned = tuple((result.check, result.case) for result in results)
    return Report(subject, "line", "class/ana/line.py", "submission", planned, results, notes)
