"""Writes the reports that a command asked for, all from the journal."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence

from checks.report.journal import Journal
from checks.report.jsonfile import write_json
from checks.report.summary import Summary


def write(
    chosen: Namespace,
    facts: Mapping[str, str | int],
    journal: Journal,
    keys: Sequence[str],
    summaries: Sequence[Summary],
) -> bool:
    """Write each report that was asked for; False, and a sentence, where one cannot be."""
    written = True
    if chosen.json:
        try:
            write_json(chosen.json, facts, journal.reports(keys))
        except OSError as error:
            print(
                f"python -m checks: {chosen.json} cannot be written: {error.strerror}; "
                "the same command with --resume writes it without grading again",
                file=sys.stderr,
            )
            written = False
    return written
