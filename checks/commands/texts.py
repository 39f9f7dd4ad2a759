"""The texts that a command prints instead of grading; each comes from the module that owns it."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace


def text(chosen: Namespace) -> str:
    """The text that the options ask for, with its last newline."""
    if chosen.starter:
        from checks.submission.starters import starter

        return starter(chosen.starter)
    if chosen.explain_contract:
        from checks.submission.explain import explain

        return explain(chosen.explain_contract)
    if chosen.documents:
        from checks.documents import ledger

        return ledger.text().rstrip("\n") + "\n"
    if chosen.probe:
        from checks.submission.isolation import probe

        return probe.text().rstrip("\n") + "\n"
    return _power()


def _power() -> str:
    """The power study's table; selftest is imported by nothing, so it runs as its own program."""
    command = [sys.executable, "-m", "checks.selftest.power"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
