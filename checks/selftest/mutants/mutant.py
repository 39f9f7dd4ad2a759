"""What a mutant is, and how one is made from the reference by changing one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from checks.candidate import Candidate
from checks.respondent import Local
from reference.catalogue import CATALOGUE
from reference.contract import LEARNING_RATE, Array, Entry, Kind

ENTRIES: Mapping[str, Entry] = {entry.name: entry for entry in CATALOGUE}

Function: TypeAlias = Callable[..., Any]
Given: TypeAlias = Mapping[str, Any]  # the arguments of one call, by name
Gradient: TypeAlias = dict[str, Array]
Change: TypeAlias = Callable[[Gradient, Given], Mapping[str, Any]]
LossChange: TypeAlias = Callable[[float, Given], float]

# What a wrong gradient leaves in order: it is the derivative that is wrong, nothing else.
OTHERS = frozenset({"contract", "predict", "loss", "update"})
BOTH_GRADIENTS = frozenset({"gradient_own", "gradient_reference"})


@dataclass(frozen=True)
class Mutant:
    """One wrong implementation of the model `of`.

    caught_by: the questions that must be FAILED.  spared: those that must not be, because the
    mistake is not theirs.  diagnosis: the pattern that must come, as `examination` counts it; None
    where nothing in the tables explains the mistake, and then nothing may be said.
    """

    name: str
    of: str
    functions: Mapping[str, Function]
    caught_by: frozenset[str]
    diagnosis: str | None = None
    spared: frozenset[str] = frozenset()

    @property
    def candidate(self) -> Candidate:
        """The mutant as the battery asks it."""
        return Candidate(self.name, ENTRIES[self.of], Local(self.functions), "mutant")


def reference_functions(of: str) -> dict[str, Function]:
    """The contract functions of the reference."""
    entry = ENTRIES[of]
    return {name: getattr(entry.module, name) for name in entry.functions}


def named(entry: Entry, value: Any) -> Gradient:
    """A returned gradient by parameter name, as arrays."""
    parts = value if isinstance(value, tuple) else (value,)
    return {
        name: np.array(part, dtype=float)
        for name, part in zip(entry.parameter_names, parts, strict=True)
    }


def returned(entry: Entry, values: Mapping[str, Any]) -> Any:
    """Values by name as the contract returns them: a tuple in order, a single one bare."""
    parts = tuple(values[name] for name in entry.parameter_names)
    return parts[0] if len(parts) == 1 else parts


def descending(of: str, gradient: Function) -> Function:
    """The documented update with this gradient in it."""
    entry = ENTRIES[of]

    def update(**given: Any) -> Any:
        rate = given.pop(LEARNING_RATE)
        slopes = named(entry, gradient(**given))
        return returned(entry, {name: given[name] - rate * slopes[name] for name in slopes})

    return update


def with_gradient(of: str, gradient: Function) -> dict[str, Function]:
    """The reference with another gradient, which its update follows."""
    functions = reference_functions(of)
    if ENTRIES[of].kind is Kind.LAYER:
        return {**functions, "backward": gradient}
    return {**functions, "gradient": gradient, "update": descending(of, gradient)}


def changed_gradient(of: str, change: Change) -> Function:
    """The reference's gradient, computed right and then changed."""
    entry = ENTRIES[of]
    right = getattr(entry.module, "backward" if entry.kind is Kind.LAYER else "gradient")

    def gradient(**given: Any) -> Any:
        return returned(entry, change(named(entry, right(**given)), given))

    return gradient


def wrong_gradients(
    diagnosis: str | None,
    change: Change,
    *models: str,
    what: str = "",
    caught_by: frozenset[str] = BOTH_GRADIENTS,
) -> tuple[Mutant, ...]:
    """The same change to the gradient of several models.  what: the name, if not the diagnosis."""
    return tuple(
        written_gradient(diagnosis, of, changed_gradient(of, change), what, caught_by)
        for of in models
    )


def written_gradient(
    diagnosis: str | None,
    of: str,
    gradient: Function,
    what: str = "",
    caught_by: frozenset[str] = BOTH_GRADIENTS,
) -> Mutant:
    """A gradient (a layer's backward) written out with its mistake."""
    name = f"{of}: {what or diagnosis}"
    return Mutant(name, of, with_gradient(of, gradient), caught_by, diagnosis, OTHERS - caught_by)


def wrong_losses(
    diagnosis: str | None,
    change: LossChange,
    *models: str,
    what: str = "",
    caught_by: frozenset[str] = frozenset({"loss", "gradient_own"}),
) -> tuple[Mutant, ...]:
    """The loss of several models, computed right and then changed; the gradient stays right."""

    def changed(of: str) -> Function:
        right = ENTRIES[of].module.loss
        return lambda **given: change(right(**given), given)

    spared = frozenset({"contract", "predict", "gradient_reference", "update"})
    return tuple(
        Mutant(
            f"{of}, loss: {what or diagnosis}",
            of,
            {**reference_functions(of), "loss": changed(of)},
            caught_by,
            diagnosis,
            spared - caught_by,
        )
        for of in models
    )


def written_loss(diagnosis: str | None, of: str, loss: Function, what: str = "") -> Mutant:
    """A loss written out with its mistake."""
    made = wrong_losses(diagnosis, lambda right, given: loss(**given), of, what=what)
    return made[0]


def wrong_updates(
    diagnosis: str | None,
    make: Callable[[str], Function],
    *models: str,
    what: str = "",
    caught_by: frozenset[str] = frozenset({"update"}),
) -> tuple[Mutant, ...]:
    """Another update rule for several models: make(model's name) gives the function."""
    spared = frozenset({"contract", "predict", "loss"}) | BOTH_GRADIENTS
    return tuple(
        Mutant(
            f"{of}, update: {what or diagnosis}",
            of,
            {**reference_functions(of), "update": make(of)},
            caught_by,
            diagnosis,
            spared - caught_by,
        )
        for of in models
    )
