"""Small submissions for `line`, right ones and clumsy ones, for tests of the commands."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from checks.commands.main import main
from checks.guard import SUITE
from checks.selftest import processes

# These submissions mean no harm: they are graded also where nothing would keep them from it.
TRUSTED = "--trust-submissions"

RIGHT = """
import numpy as np

def predict(X, w, b):
    return w * X + b

def loss(X, y, w, b):
    return np.mean((predict(X, w, b) - y) ** 2)

def gradient(X, y, w, b):
    residual = predict(X, w, b) - y
    return 2 * np.mean(X * residual), 2 * np.mean(residual)
"""
HALVED = (
    RIGHT
    + """
right = gradient

def gradient(X, y, w, b):
    dw, db = right(X, y, w, b)
    return dw / 2, db
"""
)
HALVED_LOSS = RIGHT.replace("** 2)", "** 2) / 2")


def with_gradient(body: str) -> str:
    """RIGHT with another gradient, of which this is the body."""
    return RIGHT + f"\ndef gradient(X, y, w, b):\n    {body}\n"


def grade(arguments: Sequence[str]) -> int:
    """The exit status of `python -m checks` with these arguments, in this process."""
    return main([*arguments, TRUSTED])


def run(*arguments: str, cwd: Path = SUITE) -> subprocess.CompletedProcess[str]:
    """`python -m` with these arguments, in a process of its own."""
    return processes.run(*arguments, TRUSTED, cwd=cwd)
