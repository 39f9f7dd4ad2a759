"""The grading side's end of the wire: a running worker, asked under a deadline and ended by force.

Deadlines are this process's monotonic clock.  Nothing that the child does with signals, alarms or
its own clock moves them.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from checks.submission.worker import wire
from checks.submission.worker.text import printable

REAP_SECONDS = 5.0


class TimeLimitError(Exception):
    """No whole frame before the deadline."""


class WorkerDiedError(Exception):
    """The worker closed the wire; the text says how its process ended."""


class Channel:
    """One worker process.  `launch(fd)` gives the command line that serves descriptor fd."""

    def __init__(
        self, launch: Callable[[int], Sequence[str]], environment: Mapping[str, str], folder: Path
    ) -> None:
        if os.name != "posix":
            raise OSError("submissions are graded on Linux and macOS; on Windows, inside WSL")
        self._stream, theirs = socket.socketpair()
        self._sequence = secrets.randbits(31)
        self._deadline = 0.0
        self._reader = wire.Reader(self._receive_into)
        try:
            self._process = subprocess.Popen(
                launch(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=folder,
                env=dict(environment),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        except OSError:
            self._stream.close()
            raise
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """The process that was started (in a sandbox: the sandbox)."""
        return self._process.pid

    def send(self, header: object, payload: list[bytes], deadline: float) -> None:
        """One frame.

        Raises TimeLimitError where the worker does not take it in time, WorkerDiedError where it
        is gone.
        """
        self._sequence = (self._sequence + 1) % (1 << 32)
        view = memoryview(wire.framed(self._sequence, header, payload))
        while view:
            self._stream.settimeout(_remaining(deadline))
            try:
                view = view[self._stream.send(view) :]
            except TimeoutError as error:
                raise TimeLimitError from error
            except OSError as error:
                raise WorkerDiedError(self._epitaph()) from error

    def receive(self, payload_cap: int, deadline: float) -> tuple[dict[str, Any], bytes]:
        """(header, payload) of the next frame that answers the last one sent.

        Raises TimeLimitError where it is late, WorkerDiedError where the worker is gone and
        WireError where what came is no such frame.
        """
        self._deadline = deadline
        try:
            sequence, header, payload = self._reader.frame(payload_cap)
        except TimeoutError as error:
            raise TimeLimitError from error
        except (OSError, EOFError) as error:
            raise WorkerDiedError(self._epitaph()) from error
        if sequence != self._sequence:
            raise wire.WireError("a frame out of turn")
        return header, payload

    def begin(self, header: object, deadline: float) -> str:
        """Send the first frame and wait until the worker has confined itself.

        The reason where it could not; empty where it did, and what it writes from there on is lost.
        """
        try:
            self.send(header, [], deadline)
            said, _ = self.receive(0, deadline)
        except TimeLimitError:
            return "it was not ready in time"
        except WorkerDiedError as error:
            return self._complaint() or str(error)
        self._settled()
        return str(said.get("unconfined", ""))

    def _complaint(self) -> str:
        """What the process wrote before it was ready, such as a sandbox's refusal."""
        if self._process.stderr is None or self._process.stderr.closed:
            return ""
        os.set_blocking(self._process.stderr.fileno(), False)
        return printable((self._process.stderr.read(2000) or b"").decode(errors="replace"))

    def _settled(self) -> None:
        if self._process.stderr is not None:
            self._process.stderr.close()

    def kill(self) -> None:
        """End the worker and every process of its group, at once."""
        self._stream.close()
        self._settled()
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _receive_into(self, view: memoryview) -> int:
        self._stream.settimeout(_remaining(self._deadline))
        return self._stream.recv_into(view)

    def _epitaph(self) -> str:
        """How the process ended: "the process died (signal SIGSEGV)"."""
        try:
            status = self._process.wait(REAP_SECONDS)
        except subprocess.TimeoutExpired:
            return "the process closed its connection and went on"
        # A sandbox reports its child's signal as a shell does, by 128 + number.
        number = -status if status < 0 else status - 128
        with contextlib.suppress(ValueError):
            return f"the process died (signal {signal.Signals(number).name})"
        return f"the process ended by itself (exit status {status})"


def _remaining(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeLimitError
    return left
