"""Is the processor time of others counted, whether they have ended or still run?"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from benchmarks.processor_time import PROCESSES, own_seconds, seconds_below

BURNT_SECONDS = 0.2
BURN = f"""
import time
while time.process_time() < {BURNT_SECONDS}: pass
print("burnt", flush=True)
"""
# One process that burns, below another that waits for it.
BELOW = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r} + 'input()'])"
TICK = 1 / os.sysconf("SC_CLK_TCK")


def test_a_process_that_was_waited_for_counts_as_own() -> None:
    before = own_seconds()
    subprocess.run([sys.executable, "-c", BURN], stdout=subprocess.DEVNULL, check=True)
    assert own_seconds() - before >= BURNT_SECONDS


@pytest.mark.skipif(not PROCESSES.exists(), reason="there is no /proc")
def test_what_runs_below_a_process_counts_without_its_own() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BELOW], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "burnt\n"
        found = seconds_below(process.pid)
        process.communicate("\n")
    assert found >= BURNT_SECONDS - 2 * TICK  # user and system time are cut to whole ticks


@pytest.mark.skipif(not PROCESSES.exists(), reason="there is no /proc")
def test_nothing_runs_below_a_process_alone() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BURN + "input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "burnt\n"
        assert seconds_below(process.pid) == 0
        process.communicate("\n")
