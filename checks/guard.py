"""Keeps pytest from running a submission's own test files and configuration in this process.

pytest chooses its root folder and configuration from the command line before it knows this
suite's options, and takes a path after an unknown option for a test path.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

SUITE = Path(__file__).resolve().parent.parent
CHECKS = SUITE / "checks"
CONFIGURATION = SUITE / "pyproject.toml"


def at_home(root: Path) -> bool:
    """Whether a pytest run is about this suite, and not about a project that only uses it."""
    return root.resolve() == SUITE


def line_to_type(submissions: Sequence[str], folder: Path) -> str:
    """The one line that grades these submissions by pytest from anywhere."""
    given = (str(folder / submission) for submission in submissions)
    options = " ".join(shlex.quote(f"--submission={path}") for path in given)
    return f"cd {shlex.quote(str(SUITE))} && python -m pytest checks {options}"


def objection(
    submissions: Sequence[str],
    root: Path,
    configuration: Path | None,
    arguments: Sequence[str],
    folder: Path,
) -> str:
    """Why pytest must not go on with these submissions, in one sentence; "" where it may.

    root, configuration: what pytest chose.  arguments: the test paths of the command line.
    folder: the one in which the command was typed.
    """
    if not at_home(root) or configuration is None or (configuration.resolve() != CONFIGURATION):
        chosen = configuration or root
        return (
            f"expected gradproof's own configuration, got {chosen}, which may run code of a "
            f"submission in the grading process; type: {line_to_type(submissions, folder)}"
        )
    for argument in arguments:
        path = (folder / argument.partition("::")[0]).resolve()
        if not is_face(path):
            return (
                f"expected checks as the only test path, got {argument}, which pytest would run "
                f"in the grading process; type: {line_to_type([*submissions, argument], folder)}"
            )
    return ""


def is_face(path: Path) -> bool:
    """Whether the path may be collected beside a submission: the battery's faces, their folder."""
    return path in (SUITE, CHECKS) or (path.parent == CHECKS and path.suffix == ".py")
