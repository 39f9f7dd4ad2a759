"""Every form is graded as it is meant: the right example passes, the mistake is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.result import Verdict
from checks.selftest.forms.examples import EXAMPLES, FOLDER, Example, failing, graded, told

EACH = pytest.mark.parametrize(
    "example", [pytest.param(one, id=one.path.removesuffix(".py")) for one in EXAMPLES]
)


@EACH
def test_a_right_program_of_this_form_passes(example: Example) -> None:
    report = graded(FOLDER / "right" / example.path)
    assert failing(report) == ()
    assert report.passed
    assert Verdict.PASSED in {r.verdict for r in report.results if r.check == "gradient_own"}
    assert example.said in " | ".join(report.notes)


@EACH
def test_its_mistake_is_found(example: Example) -> None:
    report = graded(FOLDER / "wrong" / example.path)
    assert failing(report) == example.failing
    assert (example.said in " | ".join(report.notes)) == ("D1.2" not in example.mistake)


@pytest.mark.parametrize("name", ["dense", "mlp"])
def test_a_layer_may_move_its_own_weights_in_place(name: str, tmp_path: Path) -> None:
    source = (FOLDER / f"right/d2/{name}.py").read_text()
    for held in ("self.mat", "self.bias"):
        source = source.replace(f"{held} = {held} - ", f"{held} -= ")
    assert source.count("-= self.lr") == 2
    path = tmp_path / f"{name}.py"
    path.write_text(source)
    report = graded(path)
    assert failing(report) == ()
    assert report.passed


def test_the_derivative_at_the_prediction_is_told() -> None:
    report = graded(FOLDER / "wrong" / "d1/neuron.py")
    assert "activation_sop_deriv is asked at the prediction, as its script does" in report.notes


def test_columns_by_accident_are_a_wrong_shape() -> None:
    report = graded(FOLDER / "wrong" / "by_accident/multilinear.py")
    assert "contract" in failing(report)
    assert "predict: shape" in told(report)


def test_every_example_is_listed() -> None:
    listed = {one.path for one in EXAMPLES}
    assert listed == _files("right") == _files("wrong") - {"by_accident/multilinear.py"}


def _files(name: str) -> set[str]:
    folder: Path = FOLDER / name
    return {str(path.relative_to(folder)) for path in folder.rglob("*.py")}
