"""Standard output and error whose reader may leave: `python -m checks PATH | head -1`."""

from __future__ import annotations

import io
import os
import sys
from types import TracebackType
from typing import Any, Self


class ReaderLeftError(Exception):
    """Nobody reads what is printed any more; what is printed from now on goes nowhere."""


class Streams:
    """While this is entered, stdout and stderr are quiet about a reader that has left.

    outlive: whether the command goes on without its reader, as one does that also writes files;
    else the next print raises ReaderLeftError, as leaving the block does where text was held back.
    """

    def __init__(self) -> None:
        self.outlive = False
        self._replaced: dict[str, io.TextIOWrapper] = {}

    def __enter__(self) -> Self:
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            # Not where a test or another program has put its own in their place.
            buffer = getattr(stream, "buffer", None)
            if type(getattr(buffer, "raw", buffer)) is io.FileIO:
                stream.flush()
                self._replaced[name] = stream
                setattr(sys, name, self._outliving(stream))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        own = {name: getattr(sys, name) for name in self._replaced}
        for name, stream in self._replaced.items():
            setattr(sys, name, stream)
        for stream in own.values():
            stream.flush()

    def _outliving(self, stream: io.TextIOWrapper) -> io.TextIOWrapper:
        pipe: Any = _Pipe(stream.fileno(), self)
        return io.TextIOWrapper(
            pipe if isinstance(stream.buffer, io.RawIOBase) else io.BufferedWriter(pipe),
            encoding=stream.encoding,
            errors=stream.errors,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )


class _Pipe(io.FileIO):
    """A file descriptor that leads nowhere once nobody reads from it."""

    def __init__(self, descriptor: int, streams: Streams) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._streams = streams

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError as error:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if not self._streams.outlive:
                raise ReaderLeftError from error
            return memoryview(data).nbytes
