"""`pytest benchmarks "--against=REV"`: nothing is slower, heavier or other than at that revision.

Collected only where a revision or a file is named: without one there is nothing to compare.
"""

from __future__ import annotations

import pytest

from benchmarks.decision import Outcome
from benchmarks.regression import Change, Comparison
from benchmarks.table import change_cells, verdict_line


def test_something_was_compared(comparison: Comparison) -> None:
    assert comparison.compared > 0, verdict_line(comparison)


def test_not_slower(change: Change) -> None:
    """Slower, heavier, without an answer or with another result fails; undecided is a skip."""
    told = ", ".join(change_cells(change))
    if change.outcome in (Outcome.NEW, Outcome.VANISHED, Outcome.UNDECIDED) and not change.heavier:
        pytest.skip(told)
    assert not change.fails, told
