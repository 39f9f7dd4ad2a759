"""Says in one sentence what a worker did instead of answering."""

from __future__ import annotations

from checks.result import Problem
from checks.submission.channel import TimeLimitError, WorkerDiedError
from checks.submission.limits import Limits
from checks.submission.worker.wire import OversizedError, WireError

WORKER_ERRORS = (TimeLimitError, WorkerDiedError, WireError)


def problem_of(error: Exception, where: str, limits: Limits) -> Problem:
    """The problem with one of WORKER_ERRORS, at a function or a file."""
    if isinstance(error, TimeLimitError):
        limit = seconds_text(limits.wall_seconds)
        expected = f"an answer within {limit} (--limit-seconds)"
        return Problem(where, expected, f"none: stopped after {limit}", pattern="time limit")
    if isinstance(error, OversizedError):
        expected = f"an answer of at most {limits.output_bytes >> 20} MiB (--limit-output)"
        return Problem(where, expected, f"{error.size >> 20} MiB", pattern="output limit")
    if isinstance(error, WireError):
        observed = f"{error}, from a submission that wrote on the wire"
        return Problem(where, "an answer", observed, pattern="wrote on the wire")
    if "SIGXCPU" in str(error):
        expected = f"at most {seconds_text(limits.cpu_seconds)} of processor time in one worker"
        return Problem(where, expected, str(error), pattern="time limit")
    return Problem(where, "a value", str(error), pattern="process ended")


def session_over(where: str, limits: Limits) -> Problem:
    """The problem of a call for which no time of the submission's is left."""
    limit = seconds_text(limits.session_seconds)
    expected = f"all calls within {limit} (--limit-session)"
    return Problem(where, expected, "more", pattern="time limit")


def seconds_text(number: float) -> str:
    """A number of seconds in words: "1 second", "0.5 seconds"."""
    return f"{number:g} second" + ("" if number == 1 else "s")
