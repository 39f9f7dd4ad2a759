"""Does the lock file hold what the project asks for, from the public index alone?"""

from __future__ import annotations

import re
import tomllib

from checks.guard import SUITE

PROJECT = tomllib.loads((SUITE / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = tomllib.loads((SUITE / "uv.lock").read_text("utf-8"))
(OWN,) = [package for package in LOCK["package"] if package["name"] == PROJECT["name"]]


def names(requirements: list[str]) -> list[str]:
    """The names of some requirements, without their versions."""
    return sorted(re.split(r"[<>=!~\[; ]", text)[0] for text in requirements)


def test_every_dependency_is_locked_and_no_other() -> None:
    observed = sorted({one["name"] for one in OWN["dependencies"]})
    assert observed == names(PROJECT["dependencies"])


def test_every_optional_dependency_is_locked_and_no_other() -> None:
    expected = {extra: names(wanted) for extra, wanted in PROJECT["optional-dependencies"].items()}
    observed = {
        extra: sorted({one["name"] for one in locked})
        for extra, locked in OWN["optional-dependencies"].items()
    }
    assert observed == expected


def test_everything_comes_from_one_public_index() -> None:
    sources = {
        package["source"].get("registry", "")
        for package in LOCK["package"]
        if package["name"] != PROJECT["name"]
    }
    assert len(sources) == 1
    assert all(source.startswith("https://") for source in sources)
