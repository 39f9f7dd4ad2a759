"""Starter files: the contract of one model with holes for the student to fill.

They are written from the catalogue and from the reference module's own first paragraph, so that
names, shapes and formulas cannot drift from what is graded.  What the gradient is, they do not say.
"""

from __future__ import annotations

import inspect

from reference.catalogue import entry as entry_of
from reference.contract import LEARNING_RATE, UPSTREAM, Entry, Kind, Variable

HOLE = "replace this line by your own"
STEP_RULE_ARGUMENTS = (
    "parameters a dict of arrays by name",
    "gradient   a dict of arrays by the same names",
    "state      what init returned, or the step before: numbers, arrays, tuples, lists, dicts",
)
STEP_RULE_PURPOSES = {
    "init": "The state before the first step.",
    "step": "(parameters, state) after one step; the arguments stay as they were.",
}


def starter(name: str) -> str:
    """The text of a starter file; a KeyError with the nearest names for no model of that name."""
    entry = entry_of(name)
    parts = [_heading(entry), *(_function(entry, function) for function in entry.functions)]
    return "\n\n\n".join(parts) + "\n"


def _heading(entry: Entry) -> str:
    words = inspect.getdoc(entry.module) or entry.title
    return "\n".join(
        [
            f'"""{words}',
            "",
            "The arguments:",
            *(f"    {line}" for line in argument_lines(entry)),
            "",
            "Arguments are given by these names; numbers come as floats, arrays as float64.",
            "Do not change them in place.  Grade this file as it is named:",
            f"    python -m checks {entry.name}.py",
            '"""',
            "",
            "import numpy as np",
        ]
    )


def argument_lines(entry: Entry) -> tuple[str, ...]:
    """A line for each argument: its name and its shape in letters."""
    if entry.kind is Kind.STEP_RULE:
        return STEP_RULE_ARGUMENTS
    return tuple(_line(variable) for variable in (*entry.data, *entry.parameters))


def _line(variable: Variable) -> str:
    if not variable.shape:
        return f"{variable.name:<10} a number"
    if variable.shape == ("...",):
        return f"{variable.name:<10} an array of any shape"
    return f"{variable.name:<10} an array of shape {str(variable)[len(variable.name) + 1 :]}"


def _function(entry: Entry, function: str) -> str:
    arguments = ", ".join(entry.arguments(function))
    hole = f'    raise NotImplementedError("{function}: {HOLE}")'
    return f'def {function}({arguments}):\n    """{purpose(entry, function)}"""\n{hole}'


def purpose(entry: Entry, function: str) -> str:
    """What a function returns, in words and shapes."""
    if entry.kind is Kind.STEP_RULE:
        return STEP_RULE_PURPOSES[function]
    names = entry.parameter_names
    if function in ("predict", "forward"):
        return f"The {entry.output}, an array." if entry.output else "The output."
    if function == "loss":
        word = "The height" if entry.kind is Kind.SURFACE else "The loss, one number"
        return f"{word}: {entry.loss_in_words}."
    returned = _tuple([f"d{name}" for name in names])
    if function == "gradient":
        return f"The derivatives of the loss, each shaped as its parameter: {returned}."
    if function == "backward":
        return f"The derivatives of sum({UPSTREAM} * output), shaped as the arguments: {returned}."
    step = f"Each is parameter - {LEARNING_RATE} * derivative, all at once."
    return f"One step of gradient descent: {_tuple(list(names))}.\n\n    {step}\n    "


def _tuple(names: list[str]) -> str:
    return f"({', '.join(names)})" if len(names) > 1 else names[0]
