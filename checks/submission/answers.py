"""Reads a worker's frames into answers.  Everything in a frame is doubted until it fits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from checks.reading import NO_NUMBERS
from checks.respondent import EXCEPTION, Answer
from checks.result import Problem
from checks.submission.limits import Limits
from checks.submission.worker.text import printable
from checks.submission.worker.values import Decoder
from checks.submission.worker.wire import WireError

ARGUMENTS = "other arguments than documented"
_TEXTS_CAP = 64
_KEYS = frozenset({"value", "raised", "memory", "type", "unbound", "changed", "warnings"})
_OUTCOMES = ("value", "raised", "memory", "type", "unbound")


def read_answers(
    header: Mapping[str, Any],
    payload: bytes,
    function: str,
    arguments: Collection[str],
    limits: Limits,
    *,
    most: int,
    trace: bool,
    seconds: float = 0.0,
) -> list[Answer]:
    """The one to `most` answers of a frame; WireError unless it is exactly such a frame.

    seconds: how long the frame took, which its answers share alike.
    """
    parts = header.get("answers")
    if set(header) != {"answers"} or type(parts) is not list or not 1 <= len(parts) <= most:
        raise WireError("a frame without the answers that were asked for")
    decoder = Decoder(payload)
    share = seconds / len(parts)
    answers = [_answer(part, decoder, function, arguments, limits, trace, share) for part in parts]
    decoder.finish()
    return answers


def _answer(
    part: object,
    decoder: Decoder,
    function: str,
    arguments: Collection[str],
    limits: Limits,
    trace: bool,
    seconds: float,
) -> Answer:
    if type(part) is not dict or not set(part) <= _KEYS | ({"peak_bytes"} if trace else set()):
        raise WireError("an answer that is none")
    outcomes = [key for key in _OUTCOMES if key in part]
    if len(outcomes) != 1:
        raise WireError("an answer without one outcome")
    changed = texts(part.get("changed", []))
    if not set(changed) <= set(arguments):
        raise WireError("an answer that names arguments of its own")
    peak = part.get("peak_bytes", 0 if trace else None)
    if trace and (type(peak) is not int or not 0 <= peak < 1 << 63):
        raise WireError("an answer without its peak of memory")
    value, problem = None, None
    if outcomes == ["value"]:
        value = decoder.take(part["value"])
    else:
        problem = _problem(outcomes[0], part[outcomes[0]], function, limits)
    return Answer(value, problem, changed, texts(part.get("warnings", [])), seconds, peak)


def _problem(outcome: str, said: object, function: str, limits: Limits) -> Problem:
    if outcome == "unbound":
        expected, observed, hint = texts(said, exactly=3)
        return Problem(function, expected, observed, hint, ARGUMENTS)
    if type(said) is not str:
        raise WireError("a refusal that is no text")
    observed = printable(said)
    if outcome == "type":
        expected = "a number, an array, or a tuple, list or dict of these"
        return Problem(function, expected, observed, pattern=NO_NUMBERS)
    if outcome == "memory":
        expected = f"a value within {limits.memory_bytes >> 20} MiB of memory (--limit-memory)"
        return Problem(function, expected, observed, pattern="memory limit")
    return Problem(function, "a value", observed, pattern=EXCEPTION)


def texts(said: object, exactly: int | None = None) -> tuple[str, ...]:
    """A bounded list of texts, made safe to show; WireError for anything else."""
    if type(said) is not list or len(said) > _TEXTS_CAP or not all(type(t) is str for t in said):
        raise WireError("a list of texts that is none")
    if exactly is not None and len(said) != exactly:
        raise WireError("a list of texts of the wrong length")
    return tuple(printable(text) for text in said)
