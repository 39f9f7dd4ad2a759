"""Code of any names is graded through an adapter, and an adapter that does not fit says why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.commands.main import main
from checks.selftest.forms.examples import EXAMPLES, FOLDER, Example, failing, graded
from checks.submission.adapters import DIALECTS, Adapter, read_adapter
from checks.submission.discovery import discover
from checks.submission.limits import SIZE_CAP
from checks.submission.supervisor import open_submission
from reference.catalogue import entry

OWN_NAMES = """
def height(point, xs):
    return point[0] * xs + point[1]

def badness(point, xs, ts):
    return ((height(point, xs) - ts) ** 2).mean()

def slopes(point, xs, ts):
    gap = height(point, xs) - ts
    return 2 * (gap * xs).mean(), FACTOR * gap.mean()
"""
RIGHT, WRONG = OWN_NAMES.replace("FACTOR", "2"), OWN_NAMES.replace("FACTOR", "1")
ADAPTER = Adapter(
    "mine.py",
    """
def adapt(module):
    return {
        "loss": lambda X, y, w, b: module.badness((w, b), X, y),
        "gradient": lambda y, X, b, w: module.slopes((w, b), X, y),
    }
""",
)
UNFIT = {
    "syntax": ("def adapt(module)", "an exception, SyntaxError: expected ':'"),
    "no adapt": ("def adopt(module): return {}", "it has no function adapt(module)"),
    "raises": (
        "def adapt(module):\n    return {'loss': module.cost}\n",
        "an exception in line 2, AttributeError: module 'line' has no attribute 'cost'",
    ),
    "raises KeyError": ("def adapt(module): return {}['x']", "in line 1, KeyError: 'x'"),
    "no dict": ("def adapt(module): return [1]", "returned no dict of functions"),
    "empty": ("def adapt(module): return {}", "returned no dict of functions"),
    "unknown": ("def adapt(module): return {'cost': len}", "cost is no function of line"),
    "not callable": ("def adapt(module): return {'loss': 3}", "loss is not callable"),
    "leaves": ("def adapt(module): raise SystemExit(3)", "SystemExit: 3"),
}


def _hand_in(folder: Path, source: str, name: str = "ana/line.py") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(source)
    return path


@pytest.mark.parametrize(("source", "expected"), [(RIGHT, ()), (WRONG, ("gradient_own",))])
def test_an_adapter_puts_own_names_under_the_contract(
    source: str, expected: tuple[str, ...], tmp_path: Path
) -> None:
    report = graded(_hand_in(tmp_path, source), adapter=ADAPTER)
    assert failing(report) == expected
    assert report.notes == ("graded through the adapter mine.py: loss, gradient",)


@pytest.mark.parametrize(("source", "said"), UNFIT.values(), ids=UNFIT)
def test_an_adapter_that_does_not_fit_says_why(source: str, said: str, tmp_path: Path) -> None:
    adapter = Adapter("mine.py", source)
    (submission,) = discover([str(_hand_in(tmp_path, RIGHT))], None, adapter)
    with open_submission(submission, entry("line")) as worker:
        assert worker.problem is not None
        assert worker.problem.where == "--adapter=mine.py"
        assert worker.problem.expected == "an adapter that fits this file"
        assert said in worker.problem.observed


def test_an_adapters_wrong_signature_is_a_contract_failure(tmp_path: Path) -> None:
    source = "def adapt(m): return {'loss': lambda X, y: 0.0, 'gradient': lambda *a: (0.0, 0.0)}"
    report = graded(_hand_in(tmp_path, RIGHT), adapter=Adapter("mine.py", source))
    assert failing(report) == ("contract",)


SPOKEN = [one for one in EXAMPLES if one.path[:2].upper() in DIALECTS]


@pytest.mark.parametrize(
    "example", [pytest.param(one, id=one.path.removesuffix(".py")) for one in SPOKEN]
)
def test_a_dialect_asked_for_is_the_dialect_recognised(example: Example) -> None:
    path = str(FOLDER / "right" / example.path)
    notes = []
    for adapter in (None, Adapter(example.path[:2].upper())):
        (submission,) = discover([path], None, adapter)
        with open_submission(submission, entry(submission.model)) as worker:
            assert worker.problem is None
            notes.append(worker.notes)
    assert notes[0] == notes[1]


@pytest.mark.parametrize(
    ("dialect", "said"),
    [
        ("D4", "the names of D4 are not all there: line_func, MSE, get_gradient"),
        ("D1", "D1 has no model line"),
    ],
)
def test_a_dialect_that_is_not_spoken_says_what_it_needs(
    dialect: str, said: str, tmp_path: Path
) -> None:
    (submission,) = discover([str(_hand_in(tmp_path, RIGHT))], None, Adapter(dialect))
    with open_submission(submission, entry("line")) as worker:
        assert worker.problem is not None
        assert worker.problem.observed == said


def test_the_contracts_own_names_go_before_a_dialects(tmp_path: Path) -> None:
    source = (FOLDER / "right/class_arguments/line.py").read_text()
    functions = "line = Model()\nloss, gradient = line.loss, line.gradient\n"
    spoken = (
        "def line_func(x, w, b): pass\ndef MSE(Y, Yhat): pass\ndef get_gradient(X, Y, Yhat): 0\n"
    )
    report = graded(_hand_in(tmp_path, source + functions + spoken))
    assert failing(report) == ()
    assert report.notes == ()


def test_a_file_is_read_and_what_is_none_is_refused(tmp_path: Path) -> None:
    path = _hand_in(tmp_path, "\ufeff" + ADAPTER.source, "mine.py")
    assert read_adapter(str(path)) == Adapter(str(path), ADAPTER.source)
    assert read_adapter("D3") == Adapter("D3")
    (tmp_path / "latin.py").write_bytes(b"# \xe9\n")
    # Two bytes a letter: too large in bytes, not in letters.
    (tmp_path / "large.py").write_bytes(b"#" + "é".encode() * (SIZE_CAP // 2))
    os.mkfifo(tmp_path / "pipe.py")
    for name, said in {
        "nowhere.py": "No such file",
        ".": "which is no file",
        "pipe.py": "which is no file",
        "latin.py": "which is not in UTF-8",
        "large.py": f"which is larger than {SIZE_CAP} bytes",
    }.items():
        with pytest.raises(ValueError, match=said):
            read_adapter(str(tmp_path / name))


def test_the_command_takes_an_adapter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _hand_in(tmp_path, ADAPTER.source, "mine.py")
    adapter = f"--adapter={tmp_path / 'mine.py'}"
    path = str(_hand_in(tmp_path, RIGHT))
    arguments = [path, adapter, "--only=contract", "--seed=4", "--trust-submissions"]
    assert main(arguments) == 0
    assert "graded through the adapter" in capsys.readouterr().out
    _hand_in(tmp_path, "def adapt(module): return {}\n", "mine.py")
    assert main(arguments) == 1
    out = capsys.readouterr().out
    assert "an adapter that fits this file" in out
    assert f"again      python -m checks {path} {adapter} " in out


def test_an_adapter_that_is_not_there_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["line.py", "--adapter=D9"])
    assert left.value.code == 4
    assert "expected one of D0, D1, D2, D3, D4 or a Python file" in capsys.readouterr().err
