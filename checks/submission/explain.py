"""Everything that a student needs to know of one model's contract, with a call to try.

The words come from the catalogue and the starter, the numbers from the reference: neither can
drift from what is graded.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Mapping

import numpy as np

from checks.submission.starters import argument_lines, purpose
from reference.catalogue import entry as entry_of
from reference.contract import LEARNING_RATE, Array, Entry, Kind

WIDTH = 88
SIZES = {"N": 3, "m": 3, "n": 2, "d": 2, "h": 2, "h1": 2, "h2": 2, "o": 1}
RATE = 0.5
SEED = 1

ENOUGH = {
    Kind.DATA_MODEL: "Enough to be graded: loss or predict, and gradient or update.",
    Kind.SURFACE: "Enough to be graded: loss, and gradient or update.",
    Kind.LAYER: "Enough to be graded: forward and backward.",
    Kind.STEP_RULE: "Enough to be graded: init and step.",
}

RULES = """\
Arguments are given by name, so their order is free.  Scalars come as floats, arrays as float64;
none may be changed in place.  A gradient has its parameter's shape; several are returned as a
tuple in the documented order or as a dict by name.  The same question asked twice has the same
answer.  NumPy, SciPy, the standard library and files of the same folder may be imported."""

FORMS = """\
Other forms are recognised where none of these functions is there: methods of a class (parameters
as arguments or as attributes such as self.w), one function that returns (loss, gradient), only an
update or step, gradients of single samples that the program averages, targets and parameters as
columns where the program itself makes columns, and code along any of the five documents
(--adapter=D0 to D4 asks for one).  A notebook and a zip are read as well."""

ADAPTER = """\
For any other names, --adapter=FILE names a file that puts them under these, such as

    def adapt(module):
        return {FUNCTION: module.my_function}"""


def explain(name: str) -> str:
    """The text of --explain-contract for one model; KeyError where there is none of that name."""
    entry = entry_of(name)
    words = inspect.getdoc(entry.module) or entry.title
    parts = [
        f"{entry.name}: {entry.title} ({entry.source})",
        words,
        f"A file {entry.name}.py (or {entry.name}.ipynb) with these functions:",
        "\n".join(_function(entry, function) for function in entry.functions),
        "The arguments:",
        "\n".join(f"    {line}" for line in argument_lines(entry)),
        f"{ENOUGH[entry.kind]}\n{RULES}",
        ADAPTER.replace("FUNCTION", repr(entry.functions[0])),
    ]
    if entry.kind is not Kind.STEP_RULE:
        parts.insert(-1, FORMS)
        parts.append(f"With a right {entry.name}.py in this folder, Python answers:")
        parts.append(textwrap.indent(example(entry), "    "))
    parts.append(
        f"A file to fill in:  python -m checks --starter={entry.name} > {entry.name}.py\n"
        f"To grade it:        python -m checks {entry.name}.py"
    )
    return "\n\n".join(parts) + "\n"


def _function(entry: Entry, function: str) -> str:
    call = f"    {function}({', '.join(entry.arguments(function))})"
    first = " ".join(purpose(entry, function).split())
    return (
        call + "\n" + textwrap.fill(first, WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
    )


def example(entry: Entry) -> str:
    """A session at a small seeded point, with the answers of a right file."""
    sizes = {letter: SIZES[letter] for letter in _letters(entry)}
    case = entry.draw(SEED, **sizes)
    given = {name: np.round(value, 1) for name, value in {**case.data, **case.parameters}.items()}
    lines = [">>> import numpy as np", f">>> from {entry.name} import {', '.join(entry.functions)}"]
    lines += [f">>> {name} = {_written(value)}" for name, value in given.items()]
    if "update" in entry.functions:
        lines.append(f">>> {LEARNING_RATE} = {RATE}")
    for function in entry.functions:
        lines += _asked(entry, function, given)
    return "\n".join(lines)


def _letters(entry: Entry) -> list[str]:
    axes = {axis for v in (*entry.data, *entry.parameters) for axis in v.shape}
    return sorted({"N" if axis == "..." else axis for axis in axes} & set(SIZES))


def _asked(entry: Entry, function: str, given: Mapping[str, Array]) -> list[str]:
    """One call and its answer, rounded to the printed digits."""
    names = entry.arguments(function)
    values: dict[str, object] = {
        name: float(value) if np.ndim(value) == 0 else value for name, value in given.items()
    }
    values[LEARNING_RATE] = RATE
    answer = getattr(entry.module, function)(**{name: values[name] for name in names})
    call = f"{function}({', '.join(names)})"
    if not isinstance(answer, tuple):
        return [f">>> {_printed(call)}", _written_answer(answer)]
    slope = "d" if function in ("gradient", "backward") else "new_"
    targets = [f"{slope}{name}" for name in entry.parameter_names]
    lines = [f">>> {', '.join(targets)} = {call}"]
    for target, part in zip(targets, answer, strict=True):
        lines += [f">>> {_printed(target)}", _written_answer(part)]
    return lines


def _printed(expression: str) -> str:
    return f"np.round({expression}, 6).tolist()"


def _written_answer(value: object) -> str:
    return repr((np.round(np.asarray(value), 6) + 0.0).tolist())


def _written(value: Array) -> str:
    return repr(float(value)) if np.ndim(value) == 0 else f"np.array({value.tolist()})"
