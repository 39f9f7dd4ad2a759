"""Programs of the suite, each run in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from checks.guard import SUITE

# Nothing is asserted there, and nothing drawn by Hypothesis: rewriting asserts and importing it
# take most of pytest's start.
PYTEST = (
    *(sys.executable, "-m", "pytest", "--assert=plain"),
    *("-p", "no:hypothesispytest", "-p", "no:cacheprovider"),
)


def run(program: str, *arguments: str, cwd: Path = SUITE) -> subprocess.CompletedProcess[str]:
    """`python -m program arguments…`, without the settings of the pytest that runs this test."""
    start = PYTEST if program == "pytest" else (sys.executable, "-m", program)
    environment = {name: v for name, v in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        [*start, *arguments],
        cwd=cwd,
        env={**environment, "PYTHONPATH": str(SUITE)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
