"""The options of `python -m checks`, read and refused in one clear sentence each."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from checks.commands.values import adapter, count, destination, folder, mebibytes, seconds, seed
from checks.report.message import Hints
from checks.report.rubric import Rubric, RubricError, read_rubric
from checks.submission.isolation.names import ASKED, AUTO

USAGE_ERROR = 4
REPORTS = {
    "json": "all results, for programs",
    "html": "the class on one page, for people",
    "csv": "a line for each submission, for spreadsheets",
    "markdown": "the comparison, for a CI job's summary",
}

EPILOG = (
    "exit status: 0 everything passed; 1 something failed, or nothing was graded; 4 the command "
    "could not be understood; 130 interrupted.  With --report-only 0 once everything was graded."
)


class Parser(argparse.ArgumentParser):
    """Leaves with exit status 4 on a usage error, as pytest does."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong and which command tells more."""
        self.exit(USAGE_ERROR, f"{self.prog}: {message}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The command line as a whole."""
    whole = Parser(
        prog="python -m checks",
        description="Grade submissions: is the gradient right, does descent converge, is it fast?",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    whole.add_argument(
        "paths", nargs="*", metavar="PATH", help="a file, a folder of files, or a class of folders"
    )
    whole.add_argument("--model", metavar="NAME", help="the model of files not named after one")
    whole.add_argument("--only", metavar="CHECK,…", help="ask these questions and no others")
    whole.add_argument("--seed", type=seed, metavar="N", help="repeat a run (default: a fresh one)")
    whole.add_argument(
        "--hints",
        choices=[hints.value for hints in Hints],
        default=Hints.PATTERN.value,
        help="how much a message gives away (default: pattern)",
    )
    add_limits(whole.add_argument)
    _add_reports(whole.add_argument_group("reports").add_argument)
    whole.add_argument(
        "--report-only", action="store_true", help="exit 0 once everything was graded"
    )
    whole.add_argument("--workers", type=count, metavar="N", help="submissions graded at a time")
    whole.add_argument(
        "--resume", action="store_true", help="grade only what an interrupted run has left"
    )
    whole.add_argument(
        "--journal", type=destination, metavar="FILE", help="keep the results of this run here"
    )
    _add_other(whole.add_argument_group("instead of grading").add_argument)
    return whole


def _add_reports(add: Callable[..., object]) -> None:
    """What is written about what was graded, and for whom."""
    for name, what in REPORTS.items():
        add(f"--{name}", type=destination, metavar="FILE", help=what)
    add("--gradescope", type=folder, metavar="DIR", help="a results.json for each submission")
    add("--rubric", type=Path, metavar="FILE", help="weights of the questions, in TOML")
    add(
        "--audience",
        choices=["teacher", "student"],
        default="teacher",
        help="whom the page is for: the class (student) sees numbers in the place of names",
    )


def _add_other(add: Callable[..., object]) -> None:
    """What is printed or drawn in the place of grading."""
    add(
        "--compare", nargs=2, metavar=("A", "B"), help="two submissions side by side, timed in turn"
    )
    add("--starter", metavar="MODEL", help="print a file to fill in")
    add("--explain-contract", metavar="MODEL", help="print what to hand in, with an example call")
    add("--documents", action="store_true", help="print every claim of the documents and its state")
    add(
        "--plots",
        type=folder,
        metavar="DIR",
        help="draw the reference, or the submissions under PATH, into this folder",
    )
    add("--probe", action="store_true", help="print what isolation can do here")
    add("--power", action="store_true", help="print what the checks detect")


def add_limits(add: Callable[..., object]) -> None:
    """What a submission may do and use, in the same words here and in pytest."""
    add(
        "--adapter",
        type=adapter,
        metavar="FILE",
        help="code of other names: a file with adapt(module), or a document's dialect, D0 to D4",
    )
    add(
        "--allow-finite-differences",
        action="store_true",
        help="accept a gradient that is computed by finite differences, with a remark",
    )
    add(
        "--isolation",
        choices=ASKED,
        default=AUTO,
        help="how far a submission is contained (default: as far as this machine can)",
    )
    add(
        "--trust-submissions",
        action="store_true",
        help="run them where nothing keeps them from harm: isolation process",
    )
    add("--limit-seconds", type=seconds, metavar="S", help="wall time of one answer")
    add("--limit-session", type=seconds, metavar="S", help="wall time of all answers together")
    add("--limit-memory", type=mebibytes, metavar="MIB", help="memory of a submission")
    add("--limit-output", type=mebibytes, metavar="MIB", help="size of one answer")


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """The options; SystemExit with status 4 and one sentence where they make no sense."""
    whole = parser()
    options = whole.parse_args(arguments)
    instead = [
        name
        for name in ("compare", "starter", "explain_contract", "documents", "probe", "power")
        if getattr(options, name)
    ]
    if len(instead) > 1 or (instead and (options.paths or options.plots)):
        whole.error(f"--{instead[-1].replace('_', '-')} stands alone")
    if not instead and not options.paths and not options.plots:
        whole.error("expected a file or folder to grade, such as ana/line.py")
    for option in ("model", "starter", "explain-contract"):
        name = getattr(options, option.replace("-", "_"))
        if name is not None and name not in models():
            whole.error(f"--{option}: {unknown('model', name, models())}")
    if options.audience == "student" and not options.html:
        whole.error("--audience=student: expected the page that it is for; try --html=FILE")
    options.only = _questions(whole, options.only)
    options.rubric = _rubric(whole, options.rubric)
    return options


def writes(chosen: argparse.Namespace) -> bool:
    """Whether the command leaves files that were asked for, and not only what it prints."""
    files = (*REPORTS, "gradescope", "journal", "plots")
    return any(getattr(chosen, name) is not None for name in files)


def _questions(whole: argparse.ArgumentParser, text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    from checks.battery import BATTERY

    known = [check.name for check in BATTERY]
    wanted = text.split(",")
    for name in wanted:
        if name not in known:
            whole.error(f"--only: {unknown('question', name, known)}")
    return frozenset(wanted)


def _rubric(whole: argparse.ArgumentParser, path: Path | None) -> Rubric | None:
    if path is None:
        return None
    from checks.battery import BATTERY

    try:
        return read_rubric(path, [check.name for check in BATTERY], models())
    except RubricError as error:
        whole.error(f"--rubric: {error}")


def models() -> list[str]:
    """The names of the documented models."""
    from reference.catalogue import ENTRIES

    return [entry.name for entry in ENTRIES]


def unknown(kind: str, name: str, known: Sequence[str]) -> str:
    """The sentence about a name that is not there, with the nearest one that is."""
    close = difflib.get_close_matches(name, known, 1)
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"expected a {kind} ({', '.join(known)}), got {name!r}{hint}"
