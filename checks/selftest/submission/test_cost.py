"""What a worker costs, as ratios measured side by side in one run."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from checks.respondent import Local
from checks.selftest.submission.conftest import handed_in
from checks.submission.isolation.choice import choose
from checks.submission.supervisor import open_submission
from reference.catalogue import entry

PAIRS = 7
CALLS = 2000


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


def test_a_call_costs_a_tenth_of_saying_its_numbers_as_json(tmp_path: Path) -> None:
    """1000 floats each way; the least of many calls is what the machine can do undisturbed."""
    X = np.linspace(-1.0, 1.0, 1000)
    source = "def predict(X, w, b): return w * X + b\n"
    model = entry("line")
    point = [{"w": 2.0, "b": 1.0}]
    local = Local({"predict": model.module.predict})
    with open_submission(handed_in(tmp_path, source), model, tier=choose(trusted=True).tier) as far:
        rows = [
            (
                _seconds(lambda: far.ask("predict", {"X": X}, point)),
                _seconds(lambda: local.ask("predict", {"X": X}, point)),
                _seconds(lambda: json.loads(json.dumps(X.tolist()))),
            )
            for _ in range(CALLS)
        ]
    through, within, as_json = (min(column) for column in zip(*rows, strict=True))
    assert through - within <= 2 * as_json / 10, (through, within, as_json)
