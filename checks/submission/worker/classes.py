"""Models written as a class: parameters as arguments of its methods, or as attributes of self.

Every call gets a fresh instance, so that nothing is remembered between calls.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .contract import LEARNING_RATE, SIZES, Call, Contract
from .names import FUNCTIONS, call_by, matched, spellings
from .probing import attempt
from .program import Program


@dataclass(frozen=True)
class Method:
    """One method and the contract's arguments that it takes, by its own names for them."""

    name: str
    takes: Mapping[str, str]


class Blueprint:
    """How instances of one class are made, and which attributes hold which parameters.

    methods: by contract function.  attributes: own attribute name by documented name.
    columns: the parameters that the class itself keeps in another shape, such as (d, 1).
    """

    def __init__(self, kind: type, contract: Contract) -> None:
        self.kind = kind
        self.contract = contract
        self.methods = dict(self._methods())
        self.columns: set[str] = set()
        point = {**contract.point(), LEARNING_RATE: 0.5}
        sample = attempt(lambda: self._construct(point))
        self.constructed = sample is not None
        self.attributes = self._attributes(sample) if self.constructed else {}
        self.columns = {
            name
            for name, own in self.attributes.items()
            if name in contract.parameters and _is_column(getattr(sample, own, None), point[name])
        }

    def _methods(self) -> list[tuple[str, Method]]:
        found = []
        for function, documented in self.contract.functions.items():
            for name in FUNCTIONS[function]:
                method = getattr(self.kind, name, None)
                if not inspect.isroutine(method):
                    continue
                static = inspect.getattr_static(self.kind, name)
                own = isinstance(static, (staticmethod, classmethod))
                takes = matched(method if own else _without_self(method), documented)
                if takes is not None:
                    found.append((function, Method(name, takes)))
                    break
        return found

    def _construct(self, given: Mapping[str, Any]) -> Any:
        """An instance: parameters by name, sizes in the order of the layers, defaults else."""
        documented = [*self.contract.parameters, LEARNING_RATE]
        given = {LEARNING_RATE: 0.5, **given}
        sizes = iter(self._sizes(given))
        arguments = {}
        for parameter in inspect.signature(self.kind).parameters.values():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            name = next((n for n in documented if parameter.name in spellings(n, documented)), None)
            if name in given:
                arguments[parameter.name] = self._kept(str(name), given)
            elif parameter.default is parameter.empty:
                arguments[parameter.name] = next(sizes)
        return self.kind(**arguments)

    def _sizes(self, given: Mapping[str, Any]) -> list[int]:
        """The sizes that the shapes' letters have in these arguments, in order."""
        found: dict[str, int] = {}
        for name, letters in self.contract.parameters.items():
            found.update(zip(letters, np.shape(given.get(name, ())), strict=False))
        return [found.get(letter, SIZES[letter]) for letter in self.contract.sizes]

    def _attributes(self, sample: Any) -> dict[str, str]:
        """The attribute that holds each parameter (or the rate) that no method takes as such."""
        methods = self.methods.values()
        mentioned = {name for m in methods for name in _mentioned(getattr(self.kind, m.name))}
        there = {*getattr(sample, "__dict__", {}), *mentioned}
        documented = [*self.contract.variables, LEARNING_RATE]
        found = {}
        for name in (*self.contract.parameters, LEARNING_RATE):
            own = next((s for s in spellings(name, documented) if s in there), None)
            if own is not None:
                found[name] = own
        return found

    def _kept(self, name: str, given: Mapping[str, Any]) -> Any:
        """The value as an attribute, whose owner may change it in place."""
        value = np.copy(given[name]) if isinstance(given[name], np.ndarray) else given[name]
        return np.reshape(value, (-1, 1)) if name in self.columns else value

    def instance(self, given: Mapping[str, Any]) -> Any:
        """A fresh instance that holds these parameters."""
        made = self._construct(given)
        for name, own in self.attributes.items():
            if name in given:
                setattr(made, own, self._kept(name, given))
        return made

    def missing(self, function: str) -> list[str]:
        """The arguments of a function that reach neither its method nor an attribute."""
        reached = {*self.methods[function].takes, *self.attributes, *self._beforehand(function)}
        return [name for name in self.contract.functions[function] if name not in reached]

    def _beforehand(self, function: str) -> Mapping[str, str]:
        """What the prediction takes, where a method relies on its having been called."""
        first = self.first(function)
        return first.takes if first is not None else {}

    def first(self, function: str) -> Method | None:
        """The prediction's method, to be called before one that leaves some data to it."""
        before = self.methods.get("predict") or self.methods.get("forward")
        method = self.methods[function]
        if before is None or before is method:
            return None
        left = [n for n in before.takes if n not in method.takes and n not in self.attributes]
        return before if left else None


def from_class(program: Program) -> tuple[dict[str, Call], list[str]] | None:
    """(functions, notes) of the class that offers most of the contract; None where none fits."""
    best: tuple[dict[str, Call], list[str]] | None = None
    for name, kind in program.classes().items():
        blueprint = Blueprint(kind, program.contract)
        if not blueprint.constructed:
            continue
        usable = [f for f in blueprint.methods if not blueprint.missing(f)]
        if not set(usable) & {"gradient", "update", "backward"}:
            continue
        made = {function: _call(blueprint, function) for function in usable}
        if best is None or len(made) > len(best[0]):
            best = made, _notes(name, blueprint, usable)
    return best


def _notes(name: str, blueprint: Blueprint, usable: list[str]) -> list[str]:
    methods = ", ".join(blueprint.methods[function].name for function in usable)
    notes = [f"recognised as the class {name} ({methods}), a fresh instance for each call"]
    kept = [own for n, own in blueprint.attributes.items() if n in blueprint.contract.parameters]
    if kept:
        notes.append(f"parameters are set as its attributes {', '.join(kept)}")
    if blueprint.columns:
        columns = ", ".join(sorted(blueprint.columns))
        notes.append(f"its own shape is kept: {columns} as a column, where the contract has 1-D")
    return notes


def _call(blueprint: Blueprint, function: str) -> Call:
    method = blueprint.methods[function]
    first = blueprint.first(function)

    def call(given: Mapping[str, Any]) -> Any:
        instance = blueprint.instance(given)
        own = {name: _data(blueprint, name, value) for name, value in given.items()}
        if first is not None:
            call_by(getattr(instance, first.name), first.takes, own)
        returned = call_by(getattr(instance, method.name), method.takes, own)
        return _read(blueprint, function, instance, returned, given)

    return call


def _data(blueprint: Blueprint, name: str, value: Any) -> Any:
    """Targets go as columns where the class keeps its vector of parameters as one."""
    column = name in blueprint.columns or (name == "y" and blueprint.columns)
    return np.reshape(value, (-1, 1)) if column and np.ndim(value) == 1 else value


def _read(
    blueprint: Blueprint, function: str, instance: Any, returned: Any, given: Mapping[str, Any]
) -> Any:
    """What a method returned, or left in attributes, in the contract's order and shapes."""
    parameters = list(blueprint.contract.parameters)
    if function == "update" and (returned is None or returned is instance):
        returned = tuple(getattr(instance, blueprint.attributes[name]) for name in parameters)
    elif function in ("gradient", "backward"):
        returned = _with_left_slopes(blueprint, instance, returned)
    if not blueprint.columns:
        return returned
    if function == "predict":
        return np.ravel(returned)
    if function == "loss":
        return returned
    parts = returned if isinstance(returned, (tuple, list)) else (returned,)
    if len(parts) != len(parameters):
        return returned
    return tuple(as_given(part, given[name]) for part, name in zip(parts, parameters, strict=True))


def _with_left_slopes(blueprint: Blueprint, instance: Any, returned: Any) -> Any:
    """The returned derivatives; those that were left in attributes such as dW beside them."""
    names = list(blueprint.contract.parameters)
    single = returned is not None and len(names) == 1
    if single or isinstance(returned, (tuple, list, dict)):
        return returned
    left = {name: _slope_left(blueprint, instance, name) for name in names}
    if returned is not None and left[names[0]] is None:
        left[names[0]] = returned  # a layer hands the upstream gradient on and keeps its own
    if any(value is None for value in left.values()):
        return returned
    return tuple(left.values())


def _slope_left(blueprint: Blueprint, instance: Any, name: str) -> Any:
    for stem in (name, blueprint.attributes.get(name, name)):
        for own in (f"d{stem}", f"d_{stem}", f"grad_{stem}", f"{stem}_grad"):
            if vars(instance).get(own) is not None:
                return vars(instance)[own]
    return None


def as_given(part: Any, parameter: Any) -> Any:
    """A column put back into the parameter's own shape, where only the shape differs."""
    if isinstance(part, np.ndarray) and part.size == np.size(parameter):
        return np.reshape(part, np.shape(parameter))
    return part


def _is_column(kept: Any, documented: Any) -> bool:
    return np.ndim(documented) == 1 and np.shape(kept) == (np.size(documented), 1)


def _without_self(method: Callable[..., Any]) -> Callable[..., Any]:
    """A stand-in with the method's signature but for its first argument."""
    signature = inspect.signature(method)
    rest = list(signature.parameters.values())[1:]

    def stand_in() -> None:
        raise NotImplementedError

    stand_in.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
    return stand_in


def _mentioned(method: Callable[..., Any]) -> tuple[str, ...]:
    return method.__code__.co_names if inspect.isfunction(method) else ()
