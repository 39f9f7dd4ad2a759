"""Does a large class stay in bounds?  Long runs, outside the default one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from checks.guard import CHECKS, SUITE

CLASS = CHECKS / "examples" / "class"
SMALL, LARGE = 300, 1500
WORST = 10_000  # submissions that must be graded in
WORST_BYTES = 500 << 20
# The child's own peak is printed last; the pool's and the workers' processes are not in it.
GRADE = """
import resource, sys
from checks.commands.main import main
status = main(sys.argv[1:])
print(status, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def graded(folder: Path, number: int) -> tuple[int, int, list[dict[str, object]]]:
    """Exit status, peak bytes of the grading process, and the subjects of so many students."""
    students = sorted(path for path in CLASS.glob("*/line.py"))
    for index in range(number):
        student = folder / "class" / f"student{index:05}"
        if not student.exists():
            student.mkdir(parents=True)
            shutil.copy(students[index % len(students)], student / "line.py")
    out = folder / "out.json"
    command = [sys.executable, "-c", GRADE, str(folder / "class"), "--only=loss"]
    ended = subprocess.run(
        [*command, "--seed=1", "--workers=2", "--trust-submissions", f"--json={out}"],
        cwd=SUITE,
        env={**os.environ, "XDG_CACHE_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    status, peak = ended.stdout.splitlines()[-1].split()
    return int(status), int(peak), json.loads(out.read_text("utf-8"))["subjects"]


@pytest.mark.exhaustive
def test_memory_of_the_grading_process_allows_ten_thousand(tmp_path: Path) -> None:
    _, small, _ = graded(tmp_path, SMALL)
    status, large, subjects = graded(tmp_path, LARGE)
    assert (status, len(subjects)) == (0, LARGE)
    assert all(subject["complete"] for subject in subjects)
    each = (large - small) / (LARGE - SMALL)
    assert large + each * (WORST - LARGE) < WORST_BYTES
