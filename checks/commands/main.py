"""Runs one command: grades what was handed in, or prints what was asked for."""

from __future__ import annotations

import io
import sys
from argparse import Namespace
from collections.abc import Sequence

from checks.commands import options, texts
from checks.commands.pipes import ReaderLeftError, Streams
from checks.submission.isolation.names import TierError


def main(arguments: Sequence[str]) -> int:
    """The exit status of one command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # ± and σ on a terminal that lacks them
            stream.reconfigure(errors="backslashreplace")
    try:
        with Streams() as streams:
            chosen = options.read(arguments)
            streams.outlive = options.writes(chosen)
            return _status(chosen)
    except ReaderLeftError:
        return 1


def _status(chosen: Namespace) -> int:
    try:
        return _done(chosen)
    except TierError as error:
        print(f"python -m checks: {error}", file=sys.stderr)
        return options.USAGE_ERROR
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


def _done(chosen: Namespace) -> int:
    if chosen.plots is not None:
        from checks.commands.plots import plots

        return plots(chosen)
    if chosen.compare:
        from checks.commands.compare import compare

        return compare(chosen)
    if chosen.paths:
        # The battery and SciPy are imported only by a command that needs them.
        from checks.commands.run import run

        return run(chosen)
    print(texts.text(chosen), end="")
    return 0
