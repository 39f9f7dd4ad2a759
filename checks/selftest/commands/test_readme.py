"""Does everything that the README says hold?  Its commands are run, its lists are compared.

The two commands of its first section are run by .ci/run, in a fresh copy and environment.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

import checks
from checks.battery import BATTERY
from checks.commands.options import parser
from checks.guard import SUITE
from checks.selftest.claims import right_claims, wrong_claims
from checks.selftest.commands.students import TRUSTED, grade
from checks.selftest.power import SEED
from reference.catalogue import ENTRIES

README = (SUITE / "README.md").read_text("utf-8")
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return [text for tag, text in fenced if tag == language]


STARTER, GRADE, CLASS = (block.strip() for block in blocks("sh")[2:])
FILLED = {
    "predict": "return X @ w + b",
    "loss": "r = X @ w + b - y; return r @ r / 2",
    "gradient": "r = X @ w + b - y; return X.T @ r, r.sum()",
    "update": "r = X @ w + b - y; "
    "return w - learning_rate * (X.T @ r), b - learning_rate * r.sum()",
}


def shell(command: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """One command as a person types it in that folder, `python` being the one of these tests."""
    programs = folder / ".programs"
    programs.mkdir(exist_ok=True)
    if not (programs / "python").exists():
        (programs / "python").write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', "utf-8"
        )
        (programs / "python").chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(SUITE),
        "XDG_CACHE_HOME": str(folder / ".cache"),
        **more,
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_first_two_commands_are_one_line_each_and_install_first() -> None:
    observed = [block.count("\n") for block in blocks("sh")[:2]]
    assert observed == [1, 1]
    assert [block.startswith("python -m pip install") for block in blocks("sh")[:2]] == [True] * 2


def test_a_new_user_grades_a_file_of_their_own(tmp_path: Path) -> None:
    assert shell(STARTER, tmp_path).returncode == 0
    empty = shell(f"{GRADE} {TRUSTED}", tmp_path)
    assert (empty.returncode, "replace this line by your own" in empty.stdout) == (1, True)
    filled = (tmp_path / "plane.py").read_text("utf-8")
    for function, body in FILLED.items():
        filled = re.sub(rf'raise NotImplementedError\("{function}:.*"\)', body, filled)
    (tmp_path / "plane.py").write_text(filled, "utf-8")
    graded = shell(f"{GRADE} {TRUSTED}", tmp_path)
    assert graded.returncode == 0, graded.stdout + graded.stderr


def test_the_class_is_reported_in_three_formats(tmp_path: Path) -> None:
    shutil.copytree(
        SUITE / "checks" / "examples" / "class" / "ana", tmp_path / "checks/examples/class/ana"
    )
    ended = shell(f"{CLASS} {TRUSTED}", tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    names = [word.partition("=")[2] for word in CLASS.split() if "=" in word]
    assert [name for name in names if (tmp_path / name).stat().st_size] == names


def test_the_message_is_the_one_that_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    (shown,) = [block for block in blocks("") if "looks like" in block]
    again = re.search(r"again +python -m checks (.*)", shown)
    assert again is not None
    grade([word.replace("checks/", f"{SUITE}/checks/") for word in shlex.split(again[1])])
    printed = capsys.readouterr().out.replace(f"{SUITE}/", "").replace(f" {TRUSTED}", "")
    expected = [_masked(line) for line in shown.splitlines()]
    lines = [line for line in printed.splitlines() if line and _masked(line) in expected]
    assert expected == [_masked(line) for line in lines]
    for ours, theirs in zip(_numbers(shown), _numbers("\n".join(lines)), strict=True):
        # Error bars and residuals by their size, all others but for what rounding does.
        assert theirs == pytest.approx(ours, rel=0.9 if abs(ours) < 1e-9 else 1e-9)


@pytest.mark.parametrize(("factor", "right"), [(1, True), (2, False)], ids=["right", "doubled"])
def test_the_python_example_passes_what_is_right_and_nothing_else(factor: int, right: bool) -> None:
    (example,) = blocks("python")
    names: dict[str, object] = {
        "w": np.array([0.5, -2.0]),
        "b": 0.25,
        "loss": lambda w, b: float(w @ w) + b**2,
        "gradient": lambda w, b: {"w": factor * 2 * w, "b": 2 * b},
    }
    with nullcontext() if right else pytest.raises(AssertionError, match="w"):
        exec(compile(example, "README.md", "exec"), names)


def test_the_power_table_is_of_about_as_many_claims_as_there_are() -> None:
    """Measured by `--power` with the other checkers installed; a tenth more ask for it again."""
    said = re.findall(r"^(\d+) wrong gradients .* (\d+) right but unusual", README, re.MULTILINE)
    wrong, right = map(int, said[0])
    assert wrong == pytest.approx(len(list(wrong_claims(SEED))), rel=0.1)
    assert right == pytest.approx(len(list(right_claims(SEED))), rel=0.1)


def test_every_public_function_is_named() -> None:
    public = {name for name in checks.__all__ if name.startswith("check_")}
    section = README.partition("\n## With pytest\n")[2].partition("\n## ")[0]
    assert public == set(re.findall(r"\b(check_\w+)\b", section))


def _masked(line: str) -> str:
    """A line with every number replaced, which may differ in the last digit elsewhere."""
    return " ".join(NUMBER.sub("#", line).split())


def _numbers(text: str) -> list[float]:
    return [float(found[0]) for found in NUMBER.finditer(text)]


def test_every_option_is_documented_and_no_other() -> None:
    of_checks = README.partition("\n## Speed\n")[0]  # the rest: benchmarks/selftest/test_readme.py
    documented = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", of_checks))
    # pytest's and its plugins' own, a container's, and that of a gate against slowdowns.
    elsewhere = {"--submission", "--against", "--dist", "--init"}
    options = {
        name
        for action in parser()._actions
        for name in action.option_strings
        if name.startswith("--")
    }
    assert documented - elsewhere == options - {"--help"}


def test_the_questions_and_models_are_those_that_there_are() -> None:
    table = re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)
    assert table == [check.name for check in BATTERY]
    listed = README[README.index("The models:") : README.index("## The questions")]
    models = re.findall(r"`(\w+)`", listed)
    assert sorted(models) == sorted(entry.name for entry in ENTRIES)


def _steps() -> list[str]:
    return [
        command
        for block in blocks("yaml")
        for command in re.findall(r"^ *- run: (.*)$", block, re.MULTILINE)
    ]


@pytest.mark.parametrize("command", [step for step in _steps() if "checks work" in step])
def test_a_recipe_for_ci_does_what_it_says(tmp_path: Path, command: str) -> None:
    (tmp_path / "work").mkdir()
    for name, of in (("line", "ben"), ("plane", "ben")):
        shutil.copy(SUITE / "checks/examples/class" / of / f"{name}.py", tmp_path / "work")
    ended = shell(
        f"{command} {TRUSTED}", tmp_path, GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md")
    )
    assert ended.returncode == (0 if "--report-only" in command else 1), ended.stderr
    assert "**FAIL**" in (tmp_path / "summary.md").read_text("utf-8")


def test_the_other_recipes_are_commands_that_there_are() -> None:
    others = [step for step in _steps() if "checks work" not in step]
    assert [step.split()[:3] for step in others] == [
        ["python", "-m", "pip"],
        ["python", "-m", "benchmarks"],
    ]
