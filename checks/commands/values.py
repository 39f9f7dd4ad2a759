"""The values of options; what is refused is an ArgumentTypeError of one clear sentence each."""

from __future__ import annotations

import argparse
import math
import secrets
from pathlib import Path

from checks.submission.adapters import Adapter, read_adapter

SEEDS = 10**6


def whole(text: str, least: int, what: str = "a whole number") -> int:
    """A whole number from `least` on; `what` the sentence calls it."""
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise argparse.ArgumentTypeError(f"expected {what} from {least} on, got {text!r}")
    return int(text)


def seed(text: str) -> int:
    """A whole number from 0 on."""
    return whole(text, 0)


def fresh_seed() -> int:
    """A seed that nobody could have prepared for."""
    return secrets.randbelow(SEEDS)


def seconds(text: str) -> float:
    """A positive number of seconds."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"expected a positive number of seconds, got {text!r}")
    return value


def count(text: str) -> int:
    """A whole number from 1 on."""
    return whole(text, 1)


def adapter(text: str) -> Adapter:
    """D0 to D4, or a file with adapt(module)."""
    try:
        return read_adapter(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def mebibytes(text: str) -> int:
    """A size in MiB, as bytes."""
    return whole(text, 1, "a whole number of MiB") << 20


def destination(text: str) -> Path:
    """A file that can be written: its folder is there, and it is no folder itself."""
    path = Path(text)
    if not text or path.is_dir():
        raise argparse.ArgumentTypeError(f"expected a file to write, got {text!r}")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"the folder of {text!r} does not exist; make it first")
    return path


def folder(text: str) -> Path:
    """A folder that is there or can be made: its own folder is there."""
    path = Path(text)
    if not text or (path.exists() and not path.is_dir()):
        raise argparse.ArgumentTypeError(f"expected a folder to write into, got {text!r}")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"the folder of {text!r} does not exist; make it first")
    return path
