"""Does the line that repeats a failure say everything that the failure rests on?"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from checks.commands import options
from checks.commands.again import again_line

BARE = ["line.py", "--seed=7"]


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["--model=line"],
        ["--adapter=D4"],
        ["--limit-seconds=0.5"],
        ["--limit-session=1e3"],
        ["--limit-memory=512", "--limit-output=3"],
        ["--isolation=process", "--trust-submissions"],
        ["--allow-finite-differences"],
    ],
    ids=lambda given: " ".join(given) or "nothing",
)
def test_every_option_that_a_verdict_rests_on_comes_back(given: list[str]) -> None:
    chosen = options.read([*BARE, *given])
    line = again_line("line.py", chosen)
    assert line.startswith("python -m checks ")
    assert options.read(shlex.split(line)[3:]) == chosen


def test_what_no_verdict_rests_on_is_left_out(tmp_path: Path) -> None:
    chosen = options.read([*BARE, "--report-only", f"--json={tmp_path / 'out.json'}"])
    assert again_line("line.py", chosen) == "python -m checks line.py --seed=7"


def test_a_path_is_quoted_for_the_shell() -> None:
    chosen = options.read(BARE)
    assert shlex.split(again_line("my work/$(rm).py", chosen))[3] == "my work/$(rm).py"


def test_a_file_of_an_archive_is_repeated_by_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "class.zip"
    archive.write_bytes(b"")
    line = again_line(f"{archive}/ana/line.py", options.read(BARE))
    assert shlex.split(line)[3] == str(archive)
