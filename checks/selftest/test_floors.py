"""Who may import whom: the lower a floor, the less it knows."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Longest prefix first; what a room may import of the house, and of the world beside the standard
# library.  A room may always import itself.
FLOORS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "reference.datasets": (frozenset({"reference"}), frozenset({"numpy", "sklearn"})),
    "reference": (frozenset(), frozenset({"numpy"})),
    "checks.engine": (frozenset(), frozenset({"numpy"})),
    "checks.result": (frozenset(), frozenset()),
    "checks.judging": (frozenset({"checks.engine", "checks.result"}), frozenset({"numpy"})),
    "checks.reading": (
        frozenset({"checks.result", "reference.contract"}),
        frozenset({"numpy"}),
    ),
    "checks.respondent": (
        frozenset({"checks.reading", "checks.result", "reference.contract"}),
        frozenset({"numpy"}),
    ),
    "checks.candidate": (
        frozenset({"checks.reading", "checks.respondent", "checks.result", "reference.contract"}),
        frozenset({"numpy"}),
    ),
    "checks.battery": (
        frozenset(
            {
                "checks.candidate",
                "checks.engine",
                "checks.judging",
                "checks.reading",
                "checks.respondent",
                "checks.result",
                "reference",
            }
        ),
        frozenset({"numpy", "scipy"}),
    ),
    "checks.submission.worker": (frozenset(), frozenset({"numpy"})),
    "checks.report": (frozenset({"checks.result"}), frozenset({"jinja2"})),
}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module of the three packages, by dotted name."""
    for package in ("reference", "checks", "benchmarks"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(name: str, path: Path) -> set[str]:
    """The dotted names that a module imports, relative ones made absolute."""
    found: set[str] = set()
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            found.add(".".join([*base, *([node.module] if node.module else [])]))
    return found


def floor_of(name: str) -> str | None:
    """The room that a module belongs to, the deepest one that has a rule."""
    rooms = [room for room in FLOORS if name == room or name.startswith(room + ".")]
    return max(rooms, key=len, default=None)


def forbidden(name: str, names: set[str]) -> list[str]:
    """The imports of a module that its floor does not allow."""
    room = floor_of(name)
    wrong = [other for other in names if ".selftest" in other and ".selftest" not in name]
    if room is None:
        return wrong
    house, world = FLOORS[room]
    for other in sorted(names):
        top = other.split(".")[0]
        if top in ("reference", "checks", "benchmarks"):
            allowed = {room, *house}
            if not any(other == a or other.startswith(a + ".") for a in allowed):
                wrong.append(other)
        elif top not in world and top not in sys.stdlib_module_names:
            wrong.append(other)
    return wrong


@pytest.mark.parametrize(("name", "path"), [pytest.param(*m, id=m[0]) for m in modules()])
def test_a_module_imports_from_its_own_floor_and_below(name: str, path: Path) -> None:
    assert forbidden(name, imported(name, path)) == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("checks.engine.lines", "checks.result"),
        ("checks.judging.agreement", "checks.battery"),
        ("reference.models.line", "scipy.optimize"),
        ("checks.submission.worker.serve", "reference.contract"),
        ("benchmarks.paired", "checks.selftest.mutants"),
    ],
)
def test_an_import_from_above_is_found(name: str, other: str) -> None:
    assert forbidden(name, {other}) == [other]


def test_grading_borrows_nothing_from_the_benchmarks() -> None:
    borrowing = {
        name
        for name, path in modules()
        if name.startswith("checks.") and ".selftest" not in name
        if any(other.split(".")[0] == "benchmarks" for other in imported(name, path))
    }
    assert borrowing == set()
