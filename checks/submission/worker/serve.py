"""The loop of a worker: read a frame, call the submission's function, send what came.

Started as `python -I -S -B -c "…; from worker.serve import main; main(FD)"`, with a folder on
sys.path that holds NumPy and SciPy and nothing of this project but this package.
"""

from __future__ import annotations

# The bare C modules: `socket` and `tracemalloc` bring along what costs a fifth of NumPy's start.
import _tracemalloc
import gc
import os
import sys
import time
import types
import warnings
from _socket import socket
from collections.abc import Mapping
from typing import Any

import numpy as np

from . import wire
from .binding import BindingError
from .confinement import confine
from .contract import AdapterError, Call, read_contract
from .likeness import likeness
from .loading import LoadingError, describe, load
from .recognition import recognise
from .text import printable
from .values import Decoder, UnsendableError, encode
from .wire import framed

# By Python's own thresholds a graph of objects, and all that is imported, is searched for garbage
# again and again as it grows: a gradient that builds one sample by sample takes time like N².  So
# new objects are searched by themselves, and all of them after a call that has made many, when its
# answer is on the way.
THRESHOLDS = (10_000, 1_000, 1_000)
FLUSH_SECONDS = 0.1
WARNINGS_CAP = 20
REQUEST_CAP = 1 << 40  # the grading side is trusted; only answers are capped

Refusal = dict[str, str]


def main(fd: int) -> None:
    """Serve the socket until it closes.  The first frame says what to load."""
    connection = Connection(socket(fileno=fd))
    sequence, header, _ = connection.receive()
    try:
        confine(header["orders"])
    except OSError as error:
        connection.send(sequence, {"unconfined": printable(str(error))}, [])
        sys.exit(1)
    os.dup2(1, 2)  # what went wrong before is told; what the submission prints is discarded
    sys.argv[:] = [header["path"]]
    session = Session(connection)
    connection.send(sequence, {"ready": True}, [])
    connection.send(sequence, session.load(header), [])
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    while True:
        session.answer(*connection.receive())


class Connection:
    """Whole frames over a stream socket."""

    def __init__(self, stream: socket) -> None:
        self._stream = stream
        self._reader = wire.Reader(stream.recv_into)

    def receive(self) -> tuple[int, dict[str, Any], bytes]:
        """(sequence, header, payload) of the next frame; ends the process at end of file."""
        try:
            return self._reader.frame(REQUEST_CAP)
        except (EOFError, OSError):
            sys.exit(0)

    def send(self, sequence: int, header: object, payload: list[bytes]) -> None:
        """One frame, whole."""
        self._stream.sendall(framed(sequence, header, payload))


class Session:
    """One loaded submission and its answers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._functions: dict[str, Call | BindingError] = {}
        self._path = ""

    def load(self, header: dict[str, Any]) -> dict[str, Any]:
        """Load the file and bind its functions: the header of the first answer."""
        self._path = header["path"]
        sys.path.insert(0, header["folder"])
        alike = likeness(self._path)  # before the file runs and could have a say in it
        try:
            module, notes = load(self._path, header["name"], header["extent"], header["functions"])
        except LoadingError as refusal:
            return {"refused": refusal.observed, "retry": refusal.retry}
        try:
            self._functions, said = recognise(module, read_contract(header), header["adapter"])
        except AdapterError as error:
            return {"unadapted": printable(str(error))}
        return {
            "functions": list(self._functions),
            "others": [printable(name, 60) for name in _callables(module)[:20]],
            "notes": [printable(note) for note in (notes[:10] + said)],
            "likeness": alike,
        }

    def answer(self, sequence: int, header: dict[str, Any], payload: bytes) -> None:
        """Make every call of one frame; send the answers as they come, at least all at the end."""
        decoder = Decoder(payload)
        names: list[str] = header["names"]
        fixed = [decoder.take(spec) for spec in header["fixed"]]
        function = header["function"]
        trace = header["trace"]
        answers: list[dict[str, Any]] = []
        numbers: list[bytes] = []
        flushed = time.monotonic()
        last = len(header["varying"]) - 1
        for index, specs in enumerate(header["varying"]):
            given = fixed + [decoder.take(spec) for spec in specs]
            part, data = self._call(function, dict(zip(names, given, strict=True)), trace)
            answers.append(part)
            numbers += data
            if index == last or time.monotonic() - flushed > FLUSH_SECONDS:
                self._connection.send(sequence, {"answers": answers}, numbers)
                answers, numbers = [], []
                flushed = time.monotonic()
            if any(gc.get_count()[1:]):
                gc.collect()

    def _call(
        self, function: str, arguments: dict[str, Any], trace: bool
    ) -> tuple[dict[str, Any], list[bytes]]:
        # A call of no function costs what the way here and back costs.
        bound: Call | BindingError = self._functions[function] if function else _nothing
        if isinstance(bound, BindingError):
            return {"unbound": [bound.expected, bound.observed, bound.hint]}, []
        given = {name: _fresh(value) for name, value in arguments.items()}
        part: dict[str, Any] = {}
        data: list[bytes] = []
        with (
            warnings.catch_warnings(record=True) as caught,
            np.errstate(all="warn", under="ignore"),
        ):
            warnings.simplefilter("always")
            value, peak, refusal = _guarded(bound, given, trace, self._path)
        if refusal is None:
            try:
                part["value"] = encode(value, data)
            except UnsendableError as error:
                refusal = {"type": str(error)}
            except BaseException as error:
                refusal = {"raised": describe(error, self._path)}
        if refusal is not None:
            part, data = dict(refusal), []
        changed = [name for name, was in arguments.items() if _changed(was, given[name])]
        if changed:
            part["changed"] = changed
        if caught:
            part["warnings"] = _told(caught)
        if trace:
            part["peak_bytes"] = peak
        return part, data


def _callables(module: types.ModuleType) -> list[str]:
    """The names of what can be called, the file's own functions before what it imports."""

    def order(name: str) -> tuple[bool, str]:
        value = vars(module)[name]
        own = type(value) is types.FunctionType and value.__module__ == module.__name__
        return not own, name

    there = [name for name, value in vars(module).items() if callable(value) and name[:1] != "_"]
    return sorted(there, key=order)


def _nothing(given: Mapping[str, Any]) -> tuple[float, float]:
    return (0.0, 0.0)


def _guarded(
    bound: Call, given: dict[str, Any], trace: bool, path: str
) -> tuple[Any, int, Refusal | None]:
    """(value, peak bytes, refusal) of one call; nothing that is raised gets past here."""
    value, peak, refusal = None, 0, None
    if trace:
        _tracemalloc.start(1)
    try:
        value = bound(given)
    except MemoryError as error:
        refusal = {"memory": describe(error, path)}
    except BaseException as error:
        refusal = {"raised": describe(error, path)}
    if trace:
        peak = _tracemalloc.get_traced_memory()[1]
        _tracemalloc.stop()
    return value, peak, refusal


def _fresh(value: Any) -> Any:
    """A copy of an argument that the submission may do with as it likes."""
    if type(value) is dict:  # a step rule's parameters, gradient and state
        return {key: _fresh(part) for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_fresh(part) for part in value)
    return value.copy() if type(value) is np.ndarray else value


def _changed(was: object, now: object) -> bool:
    """Whether a shape, or any bit of the numbers, differs from what was handed over."""
    if type(was) is np.ndarray and type(now) is np.ndarray:
        return was.shape != now.shape or was.dtype != now.dtype or was.tobytes() != now.tobytes()
    return type(was) in (dict, tuple, list) and _written(was) != _written(now)


def _written(value: object) -> object:
    """A value as the wire would have it; None where it was given what the wire does not carry."""
    numbers: list[bytes] = []
    try:
        return encode(value, numbers), numbers
    except UnsendableError:
        return None


def _told(caught: list[warnings.WarningMessage]) -> list[str]:
    """The warnings of one call as "Category: message", each once."""
    told = (printable(f"{w.category.__name__}: {w.message}", 200) for w in caught)
    return list(dict.fromkeys(told))[:WARNINGS_CAP]
