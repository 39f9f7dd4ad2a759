"""A notebook is the Python of its code cells; everything else in it is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from checks.selftest.forms.examples import FOLDER, failing, graded
from checks.submission.discovery import discover
from checks.submission.notebook import NotebookError, python_of, read_notebook
from checks.submission.supervisor import open_submission
from reference.catalogue import entry

V4: Any = nbformat.v4
WRITES: Callable[[Any], str] = nbformat.writes


def notebook(*cells: str, language: str = "python") -> bytes:
    """A notebook of these code cells between texts, each with an output that is no Python."""
    parts = [V4.new_markdown_cell("# Not *code*: (")]
    for cell in cells:
        output = V4.new_output("stream", text="this is (no Python\n")
        parts.append(V4.new_code_cell(cell, outputs=[output], execution_count=7))
    kernel = {"kernelspec": {"name": "k", "display_name": "K", "language": language}}
    return WRITES(V4.new_notebook(cells=parts, metadata=kernel)).encode()


MAGICS = {
    "line magic": ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    "shell": ("!pip install numpy\nx = 1", "pass\nx = 1"),
    "help before": ("?print\nx = 1", "pass\nx = 1"),
    "help after": ("np.mean?\nx = 1", "pass\nx = 1"),
    "indented": ("if x:\n    %time f()\n", "if x:\n    pass"),
    "assigned": ("files = !ls\nt = %timeit -o f()", "pass\npass"),
    "cell of another language": ("%%bash\nls -l\n", "pass\npass"),
    "timed cell": ("%%time\nx = 1", "pass\nx = 1"),
    "after an apostrophe in a comment": ("x = 1  # don't (\n!ls", "x = 1  # don't (\npass"),
}

PYTHON = {
    "remainder on a line of its own": "x = (a\n     % b)",
    "remainder after a backslash": "x = a \\\n% b",
    "format inside a string": 's = """\n%d of\n!important\nreally?\n"""',
    "bracket inside a string": "s = '('\nx = y % 3",
    "escaped quote": "s = 'it\\'s'\nx = 1",
    "conditional": "x = 1 if y else 2",
    "not equal": "x != y",
}


@pytest.mark.parametrize(("cell", "expected"), MAGICS.values(), ids=MAGICS)
def test_a_magic_is_replaced_and_lines_stay(cell: str, expected: str) -> None:
    text, magics = python_of(cell)
    assert expected == text
    assert magics >= 1


@pytest.mark.parametrize("cell", PYTHON.values(), ids=PYTHON)
def test_python_stays_as_it_is(cell: str) -> None:
    assert python_of(cell) == (cell, 0)


def test_code_cells_are_joined_in_order() -> None:
    source = read_notebook(notebook("%load_ext x\na = 1", "b = a"))
    assert source.text == "pass\na = 1\nb = a\n"
    assert source.note == (
        "2 code cells read in order, 1 line of magics left out; lines count over all of them"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"def loss(): pass", "a file that is no notebook"),
        (b"[" * 100_000, "a file that is no notebook"),
        (b"\xff\xfe\x00", "a file that is no notebook"),
        (
            b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
            "a notebook that breaks its own format",
        ),
        (b'{"nbformat": 4, "metadata": 3, "cells": 5}', "a file that is no notebook"),
        (b'{"cells": []}', "a notebook without a code cell"),
        (notebook(), "a notebook without a code cell"),
        (notebook("x <- 1", language="R"), "a notebook in R"),
    ],
    ids=["Python", "deep", "bytes", "no cells", "wrong types", "no format", "empty", "R"],
)
def test_what_is_no_python_notebook_says_so(data: bytes, said: str) -> None:
    with pytest.raises(NotebookError) as raised:
        read_notebook(data)
    assert said == str(raised.value)


def _hand_in(folder: Path, data: bytes) -> Path:
    path = folder / "ana" / "line.ipynb"
    path.parent.mkdir()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("side", "expected"), [("right", ()), ("wrong", ("update",))])
def test_a_notebook_is_graded_as_its_code(
    side: str, expected: tuple[str, ...], tmp_path: Path
) -> None:
    code = (FOLDER / side / "class_arguments/line.py").read_text()
    report = graded(_hand_in(tmp_path, notebook("%matplotlib inline\n!ls", code, "%%html\n<b>")))
    assert failing(report) == expected
    assert report.notes[0].startswith("3 code cells read in order, 4 lines of magics left out")


def test_what_is_wrong_with_a_notebook_is_the_problem(tmp_path: Path) -> None:
    (submission,) = discover([str(_hand_in(tmp_path, b"{}"))])
    with open_submission(submission, entry("line")) as worker:
        assert worker.problem is not None
        expected = (
            "expected a notebook with Python in it, got a notebook that breaks its own format"
        )
        assert str(worker.problem).endswith(expected)


def test_a_mistake_in_a_notebook_names_the_notebook(tmp_path: Path) -> None:
    (submission,) = discover([str(_hand_in(tmp_path, notebook("x = 1", "def f(:")))])
    with open_submission(submission, entry("line")) as worker:
        assert worker.problem is not None
        assert str(worker.problem).startswith("line.ipynb: expected a file that loads")
        assert "line 2" in worker.problem.observed


def test_a_notebook_lies_beside_a_file(tmp_path: Path) -> None:
    path = _hand_in(tmp_path, notebook("x = 1"))
    path.with_suffix(".py").write_text("x = 1\n")
    found = [(s.name, s.model, Path(s.path).name) for s in discover([str(path.parent)])]
    assert found == [("ana", "line", "line.ipynb"), ("ana", "line", "line.py")]
