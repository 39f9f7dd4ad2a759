"""A git repository of its own for a test: a copy of `reference`, committed once."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from benchmarks.versions import SUITE

AUTHOR = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.invalid")


def git(tree: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(tree), *AUTHOR, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def commit(tree: Path, message: str) -> str:
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message", message)
    return git(tree, "rev-parse", "HEAD")


def repository(folder: Path) -> Path:
    """The tree: branch main with one commit, the reference as it is here."""
    tree = folder / "repository"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SUITE / "reference", tree / "reference", ignore=ignored)
    git(tree, "init", "--quiet", "--initial-branch=main")
    (tree / ".gitignore").write_text("__pycache__/\n")
    commit(tree, "start")
    return tree


def rewrite(tree: Path, model: str, old: str, new: str) -> None:
    """Exchanges a piece of a model's source, which must be there."""
    path = tree / "reference" / "models" / f"{model}.py"
    source = path.read_text()
    assert old in source
    path.write_text(source.replace(old, new))
