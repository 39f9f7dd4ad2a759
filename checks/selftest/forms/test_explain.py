"""What --explain-contract tells is what is graded, and its example answers as it says."""

from __future__ import annotations

import doctest
import re
import sys

import pytest

from checks.commands.main import main
from checks.submission.explain import SIZES, explain
from checks.submission.starters import argument_lines
from reference.catalogue import ENTRIES
from reference.contract import Entry, Kind

EACH = pytest.mark.parametrize("model", [pytest.param(one, id=one.name) for one in ENTRIES])


def _failed(text: str, name: str) -> tuple[int, int]:
    """(failed, attempted) lines of the session in a text."""
    test = doctest.DocTestParser().get_doctest(text, {}, name, None, 0)
    silent = doctest.DocTestRunner(verbose=False)
    result = silent.run(test, out=lambda _: None)
    return result.failed, result.attempted


@EACH
def test_the_example_answers_as_it_says(model: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, model.name, model.module)
    failed, attempted = _failed(explain(model.name), model.name)
    assert failed == 0
    if model.kind is not Kind.STEP_RULE:
        assert attempted > 2 + len(model.data) + len(model.parameters)


def test_a_wrong_file_does_not_answer_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from reference.models import line_half_sse

    monkeypatch.setitem(sys.modules, "line", line_half_sse)
    failed, _ = _failed(explain("line"), "line")
    assert failed > 0


@EACH
def test_the_example_is_small_enough_to_be_read(model: Entry) -> None:
    numbers = [len(re.findall(r"\d+\.\d+", line)) for line in explain(model.name).splitlines()]
    assert max(numbers) <= max(SIZES.values()) ** 2


@EACH
def test_every_function_and_argument_is_told(model: Entry) -> None:
    text = explain(model.name)
    for function in model.functions:
        assert f"    {function}({', '.join(model.arguments(function))})\n" in text
    for line in argument_lines(model):
        assert f"\n    {line}\n" in text
    told = " ".join(text.split())
    assert model.loss_in_words in told or model.kind in (Kind.LAYER, Kind.STEP_RULE)


def test_a_name_that_is_none() -> None:
    with pytest.raises(KeyError, match="did you mean line"):
        explain("lin")


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain-contract=plane"]) == 0
    assert capsys.readouterr().out == explain("plane")
