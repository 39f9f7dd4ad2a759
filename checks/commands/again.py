"""The command that repeats what one submission was asked."""

from __future__ import annotations

import shlex
from argparse import Namespace
from pathlib import Path

# Options that a verdict can rest on, with the unit in which each is typed.
SIZES = {"limit_memory": 20, "limit_output": 20}
VALUES = ("model", "limit_seconds", "limit_session", "limit_memory", "limit_output")
SWITCHES = ("allow_finite_differences", "trust_submissions")
AUTO = "auto"


def again_line(path: str, chosen: Namespace) -> str:
    """Such as `python -m checks ana/line.py --seed=7`, with every option that matters."""
    given = [_there(path), *options(chosen)]
    return "python -m checks " + " ".join(shlex.quote(part) for part in given)


def options(chosen: Namespace) -> list[str]:
    """The options of a run that its verdicts rest on, as they were typed; the seed is last."""
    typed = []
    if chosen.adapter is not None:
        typed.append(f"--adapter={chosen.adapter.name}")
    for name in VALUES:
        value = getattr(chosen, name)
        if value is not None:
            value = value >> SIZES[name] if name in SIZES else value
            text = f"{value:g}" if isinstance(value, float) else value
            typed.append(f"--{name.replace('_', '-')}={text}")
    if chosen.isolation != AUTO:
        typed.append(f"--isolation={chosen.isolation}")
    typed += [f"--{name.replace('_', '-')}" for name in SWITCHES if getattr(chosen, name)]
    return [*typed, f"--seed={chosen.seed}"]


def _there(path: str) -> str:
    """The path itself, or the archive that it lies in."""
    place = Path(path)
    while not place.exists() and place != place.parent:
        place = place.parent
    return path if place == Path(".") else str(place)
