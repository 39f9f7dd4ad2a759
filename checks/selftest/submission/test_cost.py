"""What a worker costs to start, as a ratio measured side by side in one run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from checks.selftest.submission.conftest import handed_in
from checks.submission.isolation.choice import choose
from checks.submission.supervisor import open_submission
from reference.catalogue import entry

PAIRS = 7


def _seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def test_a_fresh_isolated_worker_costs_at_most_two_starts_of_numpy(tmp_path: Path) -> None:
    submission, model = handed_in(tmp_path, "def loss(X, y, w, b): return 0.5\n"), entry("line")
    tier = choose(trusted=True).tier

    def worker() -> None:
        open_submission(submission, model, tier=tier).close()

    def numpy_alone() -> None:
        subprocess.run([sys.executable, "-c", "import numpy"], check=True)

    worker()
    ratios = [_seconds(worker) / _seconds(numpy_alone) for _ in range(PAIRS)]
    assert statistics.median(ratios) <= 2, ratios
