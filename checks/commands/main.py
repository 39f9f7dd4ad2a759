"""Runs one command: grades what was handed in, or prints what was asked for."""

from __future__ import annotations

import io
import shlex
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from checks.commands import options, texts
from checks.report.message import Hints

INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    """The exit status of one command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # ± and σ on a terminal that lacks them
            stream.reconfigure(errors="backslashreplace")
    chosen = options.read(arguments)
    try:
        if chosen.paths:
            return _grade(chosen)
        print(texts.text(chosen), end="")
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone; there is nobody left to tell
        return 1
    return 0


def _grade(chosen: Namespace) -> int:
    """Grade, print each submission when it is done, and write the reports."""
    # The battery and SciPy are imported only by a command that needs them.
    from checks.battery import BATTERY
    from checks.commands.session import graded, planned, settings
    from checks.report import terminal
    from checks.report.environment import environment
    from checks.report.jsonfile import write_json
    from checks.report.summary import summarise
    from checks.submission.discovery import discover

    run = settings(chosen, chosen.only)
    submissions = discover(chosen.paths, chosen.model)
    facts = environment(run.tier.value, run.seed)
    print(terminal.header(facts, len(submissions), planned(submissions, run)), flush=True)
    reports = []
    summaries = []
    status = 0
    try:
        for report in graded(submissions, run):
            reports.append(report)
            summaries.append(summarise(report))
            again = again_line(report.path, chosen.model, run.seed)
            print("\n" + terminal.block(report, Hints(chosen.hints), again), flush=True)
    except KeyboardInterrupt:
        left = len(submissions) - len(summaries)
        print(f"\ninterrupted: {left} of {len(submissions)} not graded", file=sys.stderr)
        status = INTERRUPTED
    if chosen.json:
        write_json(chosen.json, facts, reports)
    if len(summaries) > 1:
        questions = [check.name for check in BATTERY]
        print("\n" + terminal.comparison(summaries, questions))
    print("\n" + terminal.closing(summaries))
    if status:
        return status
    everything = bool(summaries) and all(row.complete for row in summaries)
    if chosen.report_only:
        return 0 if everything and all(Path(path).exists() for path in chosen.paths) else 1
    return 0 if everything and all(row.passed for row in summaries) else 1


def again_line(path: str, model: str | None, seed: int) -> str:
    """The command that repeats one submission's run."""
    given = [path, *([f"--model={model}"] if model else []), f"--seed={seed}"]
    return "python -m checks " + " ".join(shlex.quote(part) for part in given)
