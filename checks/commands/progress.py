"""How far a run has come: a line that is rewritten on a terminal, now and then one elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TextIO

SECONDS_BETWEEN_LINES = 30.0


class Progress:
    """Counts submissions that are done and estimates the time that is left.

    On a terminal the last line says so and is cleared before anything else is printed; elsewhere
    a plain line is printed at most every SECONDS_BETWEEN_LINES.
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self._total = total
        self._stream = sys.stderr if stream is None else stream
        self._rewritten = self._stream.isatty()
        self._start = self._told = time.monotonic()
        self._done = 0

    def clear(self) -> None:
        """Take the line away, so that other text can be printed."""
        if self._rewritten:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        now = time.monotonic()
        if self._rewritten:
            self._stream.write(f"\r\x1b[K{self.text(now)}")
            self._stream.flush()
        elif now - self._told >= SECONDS_BETWEEN_LINES and self._done < self._total:
            self._told = now
            self._stream.write(self.text(now) + "\n")
            self._stream.flush()

    def text(self, now: float) -> str:
        """Such as "12 of 300 graded, 3:20 left"."""
        if not self._done:
            return f"0 of {self._total} graded"
        left = round((now - self._start) / self._done * (self._total - self._done))
        return f"{self._done} of {self._total} graded, {left // 60}:{left % 60:02} left"
