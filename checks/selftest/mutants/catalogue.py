"""The one list of mutants, top to bottom."""

from __future__ import annotations

from checks.selftest.mutants.behaviour import BEHAVIOUR
from checks.selftest.mutants.chains import CHAINS
from checks.selftest.mutants.factors import FACTORS
from checks.selftest.mutants.layouts import LAYOUTS
from checks.selftest.mutants.losses import CONSISTENT, LOSSES, PREDICTIONS, TWO_MODELS
from checks.selftest.mutants.mutant import Mutant
from checks.selftest.mutants.updates import UPDATES

MUTANTS: tuple[Mutant, ...] = (
    *FACTORS,
    *LAYOUTS,
    *CHAINS,
    *LOSSES,
    *CONSISTENT,
    *PREDICTIONS,
    *TWO_MODELS,
    *UPDATES,
    *BEHAVIOUR,
)
