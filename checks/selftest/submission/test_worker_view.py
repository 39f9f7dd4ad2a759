"""The worker sees the interpreter, NumPy, SciPy and its own folder, and not one file more."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.selftest.submission.conftest import handed_in
from checks.submission.isolation import files, probe
from checks.submission.isolation.full import KIT, SCRATCH, SUBMISSION
from checks.submission.isolation.names import Tier
from checks.submission.kit import kit, package_folders
from checks.submission.supervisor import open_submission
from reference.catalogue import entry

CONTAINING = [t for t in (Tier.FULL, Tier.RESTRICTED) if probe.probe(t).available]
SEARCH = """
import os
ALLOWED = {allowed!r}
def openable():
    for folder, folders, names in os.walk("/"):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ALLOWED]
        for name in names:
            path = os.path.join(folder, name)
            if path in ALLOWED or path.startswith(os.path.dirname(__file__)):
                continue
            try:
                os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
            except OSError:
                continue
            return path
def loss(X, y, w, b):
    path = openable()
    if path: raise ValueError("opened " + path)
    return 0.0
"""


@pytest.mark.parametrize("tier", CONTAINING, ids=lambda tier: tier.value)
def test_no_other_file_can_be_opened(tier: Tier, tmp_path: Path) -> None:
    known = [*files.standard_library(), *files.executables(), *package_folders(), kit()]
    allowed = {str(path) for path in known} | {KIT, SCRATCH if tier is Tier.FULL else "/sys"}
    allowed |= {*files.SYSTEM_LIBRARIES, *files.DEVICES, SUBMISSION}
    source = SEARCH.format(allowed=allowed)
    with open_submission(handed_in(tmp_path, source), entry("line"), tier=tier) as worker:
        (answer,) = worker.ask("loss", {}, [{"X": 0.0, "y": 0.0, "w": 0.0, "b": 0.0}])
    assert answer.problem is None, answer.problem
    assert answer.value == 0.0


def test_the_search_finds_a_file_where_nothing_contains_it(tmp_path: Path) -> None:
    with open_submission(
        handed_in(tmp_path, SEARCH.format(allowed=set())), entry("line"), tier=Tier.PROCESS
    ) as worker:
        (answer,) = worker.ask("loss", {}, [{"X": 0.0, "y": 0.0, "w": 0.0, "b": 0.0}])
    assert "ValueError: opened /" in str(answer.problem)
