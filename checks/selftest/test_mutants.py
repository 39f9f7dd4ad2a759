"""Every mutant is caught by the questions that should, spared by the others, and named."""

from __future__ import annotations

from collections import Counter

import pytest

from checks.battery import BATTERY
from checks.selftest.mutants.catalogue import MUTANTS
from checks.selftest.mutants.examination import examine
from checks.selftest.mutants.mutant import Mutant
from reference.catalogue import CATALOGUE

SEED = 1
NAMES = [mutant.name for mutant in MUTANTS]


def declared(mutant: Mutant) -> tuple[frozenset[str], frozenset[str], str | None]:
    """Nothing missed, nothing blamed, and the diagnosis that was declared."""
    return frozenset(), frozenset(), mutant.diagnosis


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_a_mutant_is_caught_spared_and_named(mutant: Mutant) -> None:
    examination = examine(mutant, SEED)
    observed = (examination.missed, examination.blamed, examination.diagnosis)
    assert declared(mutant) == observed, examination.told


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", [2, 3, 4])
@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_a_mutant_is_caught_under_other_seeds(mutant: Mutant, seed: int) -> None:
    examination = examine(mutant, seed, thorough=True)
    observed = (examination.missed, examination.blamed, examination.diagnosis)
    assert declared(mutant) == observed, examination.told


@pytest.mark.parametrize("question", [check.name for check in BATTERY])
def test_every_question_has_a_mutant_that_the_others_spare(question: str) -> None:
    others = {"contract", "predict", "loss", "gradient_own", "gradient_reference", "update"}
    alone = [
        mutant.name
        for mutant in MUTANTS
        if question in mutant.caught_by and mutant.spared >= others - mutant.caught_by - BLOCKED
    ]
    fewest = min(len(mutant.caught_by) for mutant in MUTANTS if question in mutant.caught_by)
    assert alone
    # A wrong model in one of the two gradients always shows in predict or loss as well.
    assert fewest == (2 if question.startswith("gradient") else 1)


# What a contract failure leaves unasked.
BLOCKED = {"gradient_own", "gradient_reference", "update"}


def test_every_model_has_mutants() -> None:
    without = {entry.name for entry in CATALOGUE} - {mutant.of for mutant in MUTANTS}
    assert without == set()


def test_there_are_at_least_150_mutants_of_different_names() -> None:
    twice = [name for name, count in Counter(NAMES).items() if count > 1]
    assert twice == []
    assert len(NAMES) >= 150


@pytest.mark.parametrize(
    "name",
    [
        "neuron: sigma prime at activation",  # D1.2
        "dense: D2.6, bias gradient over the wrong axis",
        "mlp, update: D2.6",
        "plane, update: sequential update",  # D3.3
        "network, loss: D3.4",
        "network: D3.6",
    ],
)
def test_the_defects_of_the_documents_are_mutants(name: str) -> None:
    assert name in NAMES


def test_a_right_implementation_declared_a_mutant_is_reported_as_missed() -> None:
    right = next(mutant for mutant in MUTANTS if mutant.name == "line: sign flipped")
    healthy = Mutant(
        "line, nothing wrong",
        "line",
        {name: getattr(right.candidate.entry.module, name) for name in right.functions},
        right.caught_by,
    )
    assert examine(healthy, SEED).missed == right.caught_by


def test_a_question_that_blames_what_it_should_spare_is_reported() -> None:
    wrong = next(mutant for mutant in MUTANTS if mutant.name == "line: sign flipped")
    misdeclared = Mutant(
        wrong.name, wrong.of, wrong.functions, frozenset({"loss"}), None, wrong.caught_by
    )
    examination = examine(misdeclared, SEED)
    assert (examination.missed, examination.blamed) == (frozenset({"loss"}), wrong.caught_by)
