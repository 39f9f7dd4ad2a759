"""What the one who grades may not read costs nobody else, and nobody more than that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.guard import SUITE
from checks.selftest.commands.students import RIGHT, TRUSTED

# Root reads what its permissions forbid, unless it gave up these capabilities before it began.
BOUND = """
import ctypes, os, sys
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
if os.geteuid() == 0:
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def python(*arguments: str) -> str:
    """What a Python with these arguments prints, where permissions bind it."""
    if os.geteuid() == 0 and sys.platform != "linux":
        pytest.skip("root reads everything, and only Linux can take that from it")
    return subprocess.run(
        [sys.executable, "-c", BOUND, *arguments],
        cwd=SUITE,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def students(tmp_path: Path) -> Iterator[Path]:
    """A class: in ana's folder two things cannot be read, ben's can be listed but not entered."""
    folder = tmp_path / "class"
    for name in ("ana", "ben", "cleo"):
        (folder / name).mkdir(parents=True)
        (folder / name / "line.py").write_text(RIGHT, "utf-8")
    (folder / "ana" / "data").mkdir()
    (folder / "ana" / "image.txt").touch()
    (folder / "ana" / "notes.txt").touch()
    closed = [folder / "ana" / "data", folder / "ana" / "image.txt", folder / "ben"]
    for path, mode in zip(closed, (0, 0, 0o400), strict=True):
        path.chmod(mode)
    yield folder
    for path in closed:
        path.chmod(0o700)


def test_what_cannot_be_read_is_left_out_and_noted(students: Path) -> None:
    out = students.parent / "out.json"
    command = ("-m", "checks", str(students), "--only=predict", TRUSTED, "--report-only")
    python(*command, f"--json={out}")
    subjects = json.loads(out.read_text("utf-8"))["subjects"]
    assert {one["name"]: one["notes"] for one in subjects} == {
        "ana": ["cannot be read and is left out: data, image.txt"],
        "ben": [],
        "cleo": [],
    }
    verdicts = {one["name"]: {r["verdict"] for r in one["results"]} for one in subjects}
    assert verdicts == {"ana": {"passed"}, "ben": {"failed"}, "cleo": {"passed"}}
    observed = [r["observed"] for one in subjects for r in one["results"] if r["observed"]]
    assert observed == ["Permission denied"]


def test_what_lies_after_it_still_tells_two_versions_apart(students: Path) -> None:
    """A run that is resumed grades again what has changed."""
    said = python(
        "-c",
        "import sys\n"
        "from pathlib import Path\n"
        "from checks.commands.identity import content\n"
        "from checks.submission.discovery import discover\n"
        "(submission,) = discover(sys.argv[1:])\n"
        "first = content(submission)\n"
        "Path(sys.argv[1], 'notes.txt').write_text('later')\n"
        "print(first != content(submission))\n",
        str(students / "ana"),
    )
    assert said == "True\n"
