"""Is every command of the README's section on speed one that there is?"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks import __main__ as command
from benchmarks import checkers, peers
from benchmarks.pairs import BENCHMARKS
from benchmarks.selftest import power
from benchmarks.versions import SUITE
from checks import Verdict, check_gradient
from reference.catalogue import CATALOGUE
from reference.contract import Arrays, Case, Entry, Kind, Role
from reference.vectors import flat

SPEED = (SUITE / "README.md").read_text("utf-8").partition("\n## Speed\n")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"`(python -m [^`]+)`", SPEED.replace("\n", " "))
OPTIONS = re.findall(r"`(--[a-z][^`]*)`", SPEED)
WORDS = {shown: tuple(shlex.split(shown)[2:]) for shown in COMMANDS}


def of(module: str) -> list[tuple[str, ...]]:
    return [words[1:] for words in WORDS.values() if words[0] == module]


def test_the_section_shows_each_of_the_three_programs() -> None:
    assert {words[0] for words in WORDS.values()} == {
        "benchmarks",
        "benchmarks.selftest.power",
        "pytest",
    }


@pytest.mark.parametrize("arguments", [*of("benchmarks"), *((option,) for option in OPTIONS)])
def test_a_command_of_the_benchmarks_is_understood(arguments: tuple[str, ...]) -> None:
    command.parser().parse_args(arguments)


def test_every_option_of_the_table_is_shown() -> None:
    """What chooses, writes, draws or keeps; how long it may take is told by --help."""
    named = {option.partition("=")[0] for option in OPTIONS}
    asked = {"models", "peers", "counts", "plots", "json", "markdown", "record", "history"}
    assert named == {f"--{name}" for name in asked}


@pytest.mark.parametrize("arguments", of("pytest"))
def test_a_command_of_pytest_names_options_that_there_are(
    arguments: tuple[str, ...], pytestconfig: pytest.Config
) -> None:
    folder, option = arguments
    assert (SUITE / folder).exists()
    name = option.lstrip("-").partition("=")[0].replace("-", "_")
    assert hasattr(pytestconfig.option, name)


def test_the_study_of_power_is_a_program() -> None:
    ((option,),) = of("benchmarks.selftest.power")
    assert power.processes(option.partition("--processes=")[2]) == 40


def test_the_tables_name_models_and_libraries_that_there_are() -> None:
    speeds, libraries = re.findall(r"^\| \|.*\n\|-.*\n((?:\|.*\n)+)", SPEED, re.MULTILINE)
    cells = re.findall(r"^\| ([a-z -]+)", speeds + libraries, re.MULTILINE)
    named = {re.sub("[ -]", "_", cell.strip()) for cell in cells}
    assert named <= {one.model for one in BENCHMARKS}
    (heading,) = re.findall(r"^\| \| (torch.*) \|$", SPEED, re.MULTILINE)
    assert {cell.strip().lower() for cell in heading.split("|")} <= set(peers.PEERS)


def test_the_table_of_costs_names_checkers_that_are_compared() -> None:
    (rows,) = re.findall(r"^\| checker \|.*\n\|-.*\n((?:\|.*\n)+)", SPEED, re.MULTILINE)
    named = re.findall(r"^\| ([^|]+) \|", rows, re.MULTILINE)
    rivals = {rival.lower() for rival in checkers.RIVALS}
    assert {name.replace("`", "").lower() for name in named} <= rivals


def asked(model: Entry, case: Case) -> tuple[int, int]:
    """How many losses and gradients a passing check of the reference asks for."""
    counted: Counter[str] = Counter()

    def loss(**parameters: Arrays) -> float:
        counted["loss"] += 1
        return float(model.module.loss(**case.data, **parameters))

    def gradient(**parameters: Arrays) -> object:
        counted["gradient"] += 1
        return model.module.gradient(**case.data, **parameters)

    assert check_gradient(loss, gradient, case.parameters).verdict is Verdict.PASSED
    return counted["loss"], counted["gradient"]


def points() -> Iterator[tuple[Entry, Case]]:
    """The points of every model that has a loss of its own."""
    for model in CATALOGUE:
        for case in model.cases(0) if model.kind is not Kind.LAYER else ():
            if case.role is Role.POINT:
                yield model, case


def test_a_passing_check_asks_for_as_much_as_is_said() -> None:
    pattern = r"four gradients and mostly for (\d+) .*\((\d+) to (\d+) for fewer than five"
    usual, low, high = map(int, re.findall(pattern, SPEED.replace("\n", " "))[0])
    costs: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for model, case in points():
        costs[flat(case.parameters).size < 5].append(asked(model, case))
    assert Counter(costs[False]).most_common(1)[0][0] == (usual, 4)
    few = sorted(losses for losses, _ in costs[True])
    assert (few[0], few[len(few) * 9 // 10]) == (low, high)
    assert max(losses for losses, _ in costs[False]) < 150
    assert max(gradients for _, gradients in costs[False]) <= 8
