"""`python -m benchmarks`: the closing table, a comparison with another version, or the history."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from benchmarks import comparing, history, measuring
from benchmarks.counts import CountsError
from benchmarks.history import HistoryError
from benchmarks.pairs import chosen
from benchmarks.peers import PEERS
from benchmarks.regression import BUDGET_SECONDS
from benchmarks.row import WrongResultError
from benchmarks.versions import VersionError
from checks.commands.pipes import ReaderLeftError, Streams
from checks.commands.values import seconds, seed
from checks.report.folders import report_folder
from reference import catalogue

PASSED, FAILED, USAGE, INTERRUPTED = 0, 1, 4, 130
MERGE_BASE = ""  # --against without a value
# What an option leaves undone, and would pass over in silence.
IDLE = (
    ("history", ("against", "record", "peers", "counts", "json", "markdown")),
    ("against", ("record", "peers", "plots")),
)


class Parser(argparse.ArgumentParser):
    """Exits with the status that the whole suite uses for a wrong command line."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}\n")


def models(text: str) -> tuple[str, ...]:
    """A comma-separated list of models that are timed."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    for name in names or (text,):
        try:
            catalogue.entry(name)
        except KeyError as unknown:
            raise argparse.ArgumentTypeError(str(unknown.args[0])) from None
        if not chosen((name,)):
            raise argparse.ArgumentTypeError(f"{name} is documented, but nothing of it is timed")
    return names


def parser() -> Parser:
    """Every option; a value is attached with `=`."""
    options = Parser(prog="python -m benchmarks", description=__doc__)
    options.add_argument(
        "file", nargs="?", type=Path, help="one implementation of a model, to compare with another"
    )
    options.add_argument(
        "--against",
        nargs="?",
        const=MERGE_BASE,
        metavar="REV|FILE",
        help="compare the work tree (or the file) with a revision or a file; exit 1 if slower",
    )
    options.add_argument(
        "--budget",
        type=seconds,
        default=BUDGET_SECONDS,
        metavar="SECONDS",
        help="for each benchmark of a comparison (default: %(default)g)",
    )
    options.add_argument("--models", type=models, default=(), metavar="NAME,…")
    options.add_argument(
        "--seconds",
        type=seconds,
        default=measuring.SECONDS,
        help="for each row of the table (default: %(default)g)",
    )
    options.add_argument("--peers", action="store_true", help=f"beside {', '.join(PEERS)}")
    options.add_argument("--counts", action="store_true", help="instructions, by callgrind")
    options.add_argument("--record", action="store_true", help="append this run to the history")
    options.add_argument("--history", action="store_true", help="show the recorded runs")
    options.add_argument(
        "--store", type=Path, default=history.DEFAULT_STORE, help="of the history (%(default)s)"
    )
    options.add_argument("--json", type=Path, metavar="FILE")
    options.add_argument("--markdown", type=Path, metavar="FILE")
    options.add_argument("--plots", type=Path, metavar="DIR")
    options.add_argument("--seed", type=seed, default=0)
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for and returns the exit status."""
    try:
        with Streams() as streams:
            options = read(arguments)
            streams.outlive = options.record or any((options.json, options.markdown, options.plots))
            return run(options)
    except ReaderLeftError:
        return FAILED
    except KeyboardInterrupt:
        print("python -m benchmarks: interrupted", file=sys.stderr)
        return INTERRUPTED


def read(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options; SystemExit with status 4 and one sentence where they make no sense."""
    asked = parser()
    options = asked.parse_args(arguments)
    if options.file is not None and options.against in (None, MERGE_BASE):
        asked.error(f"what is {options.file} to be compared with?  Add --against=FILE")
    for mode, idle in IDLE:
        given = [name for name in (mode, *idle) if getattr(options, name) not in (None, False)]
        if len(given) > 1 and given[0] == mode:
            asked.error(f"--{given[1]} means nothing beside --{mode}: leave one of them out")
    for name in ("json", "markdown"):
        path: Path | None = getattr(options, name)
        if path is not None and not path.absolute().parent.is_dir():
            asked.error(f"--{name}: there is no folder {path.parent} to write {path.name} into")
        if path is not None and path.is_dir():
            asked.error(f"--{name}: {path} is a folder: name a file in it")
    if options.plots is not None:
        try:  # now, since nobody wants to learn it after minutes of measuring
            report_folder(options.plots)
        except OSError as error:
            asked.error(f"--plots: {options.plots} cannot be made a folder: {error.strerror}")
    return options


def run(options: argparse.Namespace) -> int:
    """Measures or compares; the exit status."""
    try:
        if options.history:
            return measuring.show_history(options)
        if options.against is not None:
            return PASSED if comparing.run(options) else FAILED
        measuring.run(options)
    except (VersionError, HistoryError, CountsError) as problem:
        print(f"python -m benchmarks: {problem}", file=sys.stderr)
        return USAGE
    except WrongResultError as wrong:
        print(f"python -m benchmarks: {wrong}", file=sys.stderr)
        return FAILED
    return PASSED


if __name__ == "__main__":
    # Ended from outside, it still removes what it checked out.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    sys.exit(main())
