"""pytest's side of the benchmarks: when they are timed, what is compared, what is said at the end.

Without a request for figures every benchmark runs once, untimed, so that the everyday test run
stays short and a broken benchmark is noticed at once.  What measures is imported when it is
needed: this module is loaded by every pytest run of the house.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checks.commands.values import seconds
from checks.guard import at_home

if TYPE_CHECKING:
    from benchmarks.checkers import Cost
    from benchmarks.machine import Machine
    from benchmarks.pairs import Workload
    from benchmarks.regression import Comparison
    from benchmarks.row import Row

AGAINST_TESTS = "test_against.py"
# pytest-benchmark's options that ask for figures; any of them turns timing on.
FIGURES = ("only", "enable", "save", "autosave", "compare", "json", "histogram")


class ClosingTable:
    """The rows of this run, and the machine they were measured on."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    @cached_property
    def machine(self) -> Machine:
        """The limits of the machine, measured when the first row needs them."""
        from benchmarks.machine import measure

        return measure()

    def add(self, workload: Workload) -> dict[str, object]:
        """Measures a row and keeps it; returns the figures for pytest-benchmark's extra_info."""
        from benchmarks.row import measure

        row = measure(workload, self.machine)
        self.rows.append(row)
        figures: dict[str, object] = {
            "peak_bytes": row.peak_bytes,
            "machine": self.machine.fingerprint,
        }
        if row.bytes_read:
            figures["share_of_limit"] = row.share
        if row.ratio is not None:
            figures |= {
                "loop_over_vectorised": row.ratio.ratio,
                "low": row.ratio.low,
                "high": row.ratio.high,
                "pairs": row.ratio.pairs,
            }
        return figures


TABLE = pytest.StashKey[ClosingTable]()
COMPARISON = pytest.StashKey["Comparison"]()
CHECKERS = pytest.StashKey["list[Cost]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a comparison; a value is attached with `=`."""
    group = parser.getgroup("benchmarks", "comparing with another version (write options with =)")
    group.addoption(
        "--against",
        metavar="REV|FILE",
        help="compare the reference with a revision or a file; fails where it became slower",
    )
    group.addoption(
        "--budget",
        type=seconds,
        metavar="SECONDS",
        help="for each benchmark compared with --against (default: 3)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Times nothing unless figures are asked for (pytest-benchmark reads this right after)."""
    config.stash[TABLE] = ClosingTable()
    config.stash[CHECKERS] = []
    figures = any(config.getoption(f"benchmark_{name}", None) for name in FIGURES)
    if at_home(config.rootpath) and not figures:
        config.option.benchmark_disable = True


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With --against only the comparison is collected, without it everything else."""
    if not collection_path.is_relative_to(Path(__file__).parent) or collection_path.is_dir():
        return None
    wanted = collection_path.name == AGAINST_TESTS
    return None if wanted == bool(config.getoption("against")) else True


def pytest_sessionstart(session: pytest.Session) -> None:
    """Makes the comparison that --against asks for; what cannot be had is a usage error."""
    if session.config.getoption("against"):
        if session.config.getoption("numprocesses", None):  # each would time, beside the others
            raise pytest.UsageError("--against times one thing after the other: leave out -n")
        session.config.stash[COMPARISON] = _compared(session.config)


def pytest_collection_finish(session: pytest.Session) -> None:
    """A comparison whose verdicts no test asserts would pass whatever became slower."""
    home = Path(__file__).with_name(AGAINST_TESTS)
    if COMPARISON in session.config.stash and all(item.path != home for item in session.items):
        raise pytest.UsageError(
            f"no verdict of --against is among the chosen tests: name the folder "
            f"{home.parent.name} or {home.parent.name}/{home.name}"
        )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each benchmark of the comparison."""
    if metafunc.definition.path == Path(__file__).with_name(AGAINST_TESTS) and (
        "change" in metafunc.fixturenames
    ):
        changes = metafunc.config.stash[COMPARISON].changes
        metafunc.parametrize("change", changes, ids=[change.benchmark for change in changes])


@pytest.fixture(scope="session")
def comparison(request: pytest.FixtureRequest) -> Comparison:
    """The comparison that --against asks for."""
    return request.config.stash[COMPARISON]


@pytest.fixture(scope="session")
def closing_table(request: pytest.FixtureRequest) -> ClosingTable:
    """Collects the rows that are printed at the end of the run."""
    return request.config.stash[TABLE]


@pytest.fixture(scope="session")
def checker_costs(request: pytest.FixtureRequest) -> list[Cost]:
    """Collects what other gradient checkers cost, which is printed at the end of the run."""
    return request.config.stash[CHECKERS]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Prints the comparison, or the closing table of a run that was timed."""
    compared = config.stash.get(COMPARISON, None)
    if compared is not None:
        from benchmarks.table import comparison_text

        terminalreporter.section("compared with another version")
        terminalreporter.write_line(comparison_text(compared))
    timed = config.stash.get(TABLE, None)
    if timed is not None and timed.rows:
        from benchmarks.table import closing_table

        terminalreporter.section("vectorised against the plain loop")
        terminalreporter.write_line(closing_table(timed.rows, timed.machine))
    costs = config.stash.get(CHECKERS, None)
    if costs:
        from benchmarks.checkers import cost_table

        terminalreporter.section("one passing gradient check, in turns")
        terminalreporter.write_line(cost_table(costs))


def _compared(config: pytest.Config) -> Comparison:
    from benchmarks.comparing import asked_benchmarks, asked_versions
    from benchmarks.regression import BUDGET_SECONDS, compare_versions
    from benchmarks.versions import VersionError

    budget = config.getoption("budget") or BUDGET_SECONDS
    try:
        with asked_versions(config.getoption("against")) as (base, head):
            return compare_versions(base, head, asked_benchmarks(base, head), budget=budget)
    except VersionError as problem:
        raise pytest.UsageError(str(problem)) from None
