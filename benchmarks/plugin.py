"""pytest's side of the benchmarks: when they are timed, and what is said at the end.

Without a request for figures every benchmark runs once, untimed, so that the everyday test run
stays short and a broken benchmark is noticed at once.
"""

from __future__ import annotations

from functools import cached_property

import pytest

from benchmarks.machine import Machine, measure
from benchmarks.pairs import Workload
from benchmarks.row import Row
from benchmarks.row import measure as measure_row
from benchmarks.table import closing_table as closing_text

# pytest-benchmark's options that ask for figures; any of them turns timing on.
FIGURES = ("only", "enable", "save", "autosave", "compare", "json", "histogram")


class ClosingTable:
    """The rows of this run, and the machine they were measured on."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    @cached_property
    def machine(self) -> Machine:
        """The limits of the machine, measured when the first row needs them."""
        return measure()

    def add(self, workload: Workload) -> dict[str, object]:
        """Measures a row and keeps it; returns the figures for pytest-benchmark's extra_info."""
        row = measure_row(workload, self.machine)
        self.rows.append(row)
        figures: dict[str, object] = {
            "share_of_limit": row.share,
            "peak_bytes": row.peak_bytes,
            "machine": self.machine.fingerprint,
        }
        if row.ratio is not None:
            figures |= {
                "loop_over_vectorised": row.ratio.ratio,
                "low": row.ratio.low,
                "high": row.ratio.high,
                "pairs": row.ratio.pairs,
            }
        return figures


TABLE = pytest.StashKey[ClosingTable]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Times nothing unless figures are asked for (pytest-benchmark reads this right after)."""
    config.stash[TABLE] = ClosingTable()
    if not any(config.getoption(f"benchmark_{name}", None) for name in FIGURES):
        config.option.benchmark_disable = True


@pytest.fixture(scope="session")
def closing_table(request: pytest.FixtureRequest) -> ClosingTable:
    """Collects the rows that are printed at the end of the run."""
    return request.config.stash[TABLE]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Prints the closing table of a run that was timed."""
    table = config.stash.get(TABLE, None)
    if table is not None and table.rows:
        terminalreporter.section("vectorised against the plain loop")
        terminalreporter.write_line(closing_text(table.rows, table.machine))
