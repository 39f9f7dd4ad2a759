"""What is recognised, what goes before what, and what stays a failure of the contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.result import Report
from checks.selftest.forms.examples import FOLDER, failing, graded, told
from checks.submission.discovery import discover
from checks.submission.limits import Limits
from checks.submission.supervisor import open_submission
from reference.catalogue import entry

LINE = (FOLDER / "right/class_arguments/line.py").read_text()
PER_SAMPLE = (FOLDER / "right/persample/multilinear.py").read_text()
COLUMNS = (FOLDER / "right/columns/multilinear.py").read_text()
ONE_BY_ONE = """
def loss(X, y, w, b):
    return ((w * X + b - y) ** 2).mean()

def gradient(X, y, w, b):
    gap = w * X + b - y
    return 2 * (gap * X).mean(keepdims=True), 2 * gap.mean(keepdims=True)
"""
NEAR_MISS = """
def loss(x, y, w, b):
    return ((w * x + b - y) ** 2).mean()

def gradient(x, y, w, b):
    gap = w * x + b - y
    return 2 * (gap * x).mean(), 2 * gap.mean()
"""
OTHER_NAMES = """
def prediction(x, weight, bias):
    return weight * x + bias

def cost(x, target, weight, bias):
    return ((prediction(x, weight, bias) - target) ** 2).mean()

def step(x, target, alpha, weight, bias):
    gap = prediction(x, weight, bias) - target
    return weight - alpha * 2 * (gap * x).mean(), bias - alpha * 2 * gap.mean()
"""


def _graded(folder: Path, source: str, model: str = "line") -> Report:
    path = folder / "ana" / f"{model}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(source)
    return graded(path)


ADAM = """
import numpy as np

class Settings:
    init = None

class Adam:
    def __init__(self, first=0.9, second=0.999, epsilon=1e-8):
        self.first, self.second, self.epsilon = first, second, epsilon

    def init(self, parameters):
        return 0, {name: (0.0, 0.0) for name in parameters}

    def step(self, parameters, gradient, state, learning_rate):
        t, moments = state[0] + 1, {}
        moved = {}
        for name, g in gradient.items():
            m = self.first * state[1][name][0] + (1 - self.first) * g
            v = self.second * state[1][name][1] + (1 - self.second) * g * g
            moments[name] = m, v
            unit = m / (1 - self.first**t) / (np.sqrt(v / (1 - self.second**t)) + self.epsilon)
            moved[name] = parameters[name] - learning_rate * unit
        return moved, (t, moments)
"""
STARRED = """
from numpy import *

def loss(X, y, w, b):
    return mean((w * X + b - y) ** 2)

def update(X, y, learning_rate, w, b):
    gap = w * X + b - y
    return w - learning_rate * 2 * mean(gap * X), b - learning_rate * 2 * mean(gap)
"""

RIGHT = {
    "static methods": (
        "line",
        LINE.replace("self, ", "")
        .replace("self.", "Model.")
        .replace("    def", "    @staticmethod\n    def"),
        "recognised as the class Model (predict, loss, gradient, update)",
    ),
    "the class that offers most": (
        "line",
        f"{LINE}\n\nclass Later:\n    def gradient(self, X, y, w, b): return 0.0, 0.0\n",
        "recognised as the class Model",
    ),
    "initial parameters to the constructor": (
        "slope",
        (
            "class Slope:\n    def __init__(self, w): self.w = w\n"
            "    def predict(self, x): return self.w * x\n"
            "    def loss(self, x, t): return ((self.predict(x) - t) ** 2).mean()\n"
            "    def grad(self, x, t): return 2 * (x * (self.predict(x) - t)).mean()\n"
        ),
        "recognised as the class Slope (predict, loss, grad)",
    ),
    "a step rule": ("adam", ADAM, "recognised as the class Adam (init, step)"),
    "a step rule with one more class": (
        "adam",
        f"class Later:\n    def init(self, parameters): return 0\n{ADAM}",
        "recognised as the class Adam (init, step)",
    ),
    "an update that moves self": (
        "parabola",
        (
            "class Parabola:\n    def __init__(self, x=1.0, lr=0.1): self.x, self.lr = x, lr\n"
            "    def loss(self): return self.x ** 2\n"
            "    def gradient(self): return 2 * self.x\n"
            "    def update(self): self.x = self.x - self.lr * self.gradient()\n"
        ),
        "parameters are set as its attributes x",
    ),
    "other names": (
        "line",
        OTHER_NAMES,
        "cost(x, target, weight, bias) as loss; step(x, target, alpha, weight, bias) as update",
    ),
    "per sample, summed by the program": (
        "line_half_sse",
        (
            "import numpy as np\n"
            "def loss(X, y, m, b): return 0.5 * ((m * X + b - y) ** 2).sum()\n"
            "def gradient(X, y, m, b):\n    gap = m * X + b - y\n    return gap * X, gap\n"
            "def train(X, y, m, b):\n    dm, db = gradient(X, y, m, b)\n"
            "    return m - 0.1 * np.sum(dm), b - 0.1 * db.sum()\n"
        ),
        "gradient is kept for each sample: its sum is taken, as the program does",
    ),
    "columns said in a docstring": (
        "multilinear",
        COLUMNS.partition("if __name__")[0],
        "y, w given as columns",
    ),
}


def test_a_wrong_rule_of_a_class_fails(tmp_path: Path) -> None:
    wrong = ADAM.replace(" / (1 - self.first**t)", "")
    assert failing(_graded(tmp_path, wrong, "adam")) == ("update",)


def test_what_a_star_brings_is_no_function_of_the_file(tmp_path: Path) -> None:
    """`from numpy import *` brings numpy.gradient, which takes other arguments."""
    report = _graded(tmp_path, STARRED)
    assert failing(report) == ()
    assert report.passed


@pytest.mark.parametrize(
    "source",
    [
        STARRED.replace("import *", "import gradient, mean"),
        STARRED + "def gradient(f, *varargs): return f\n",
        STARRED + "from rounded import *\n",
    ],
    ids=["by name", "of the file", "by a star from the own folder"],
)
def test_what_is_named_in_the_file_is_held_to_the_contract(source: str, tmp_path: Path) -> None:
    (tmp_path / "ana").mkdir()
    (tmp_path / "ana/rounded.py").write_text("def gradient(f, *varargs): return f\n")
    report = _graded(tmp_path, source)
    assert "contract" in failing(report)
    assert "varargs" in told(report)


@pytest.mark.parametrize(("model", "source", "said"), RIGHT.values(), ids=RIGHT)
def test_it_is_recognised_and_passes(model: str, source: str, said: str, tmp_path: Path) -> None:
    report = _graded(tmp_path, source, model)
    assert failing(report) == ()
    assert report.passed
    assert said in " | ".join(report.notes)


SHAPES = {
    "per sample, and nothing in the program averages": (
        "multilinear",
        PER_SAMPLE.partition("def update")[0],
        "gradient, component w: shape",
    ),
    "columns, and nothing in the program makes them": (
        "multilinear",
        COLUMNS.partition('"""\n\n')[2].partition("if __name__")[0],
        "an exception",
    ),
    "a gradient of shape (1,)": (
        "line",
        ONE_BY_ONE,
        "component w: a scalar shape (1,)",
    ),
    "a wrong gradient beside a class that is right": (
        "line",
        LINE + "\ndef gradient(X, y, w, b): return 0.0\n",
        "a function loss or predict",
    ),
    "near misses of the contract's arguments": (
        "line",
        NEAR_MISS,
        "did you mean X where you have x?",
    ),
}


@pytest.mark.parametrize(("model", "source", "said"), SHAPES.values(), ids=SHAPES)
def test_a_file_of_the_contracts_names_is_held_to_the_contract(
    model: str, source: str, said: str, tmp_path: Path
) -> None:
    report = _graded(tmp_path, source, model)
    assert "contract" in failing(report)
    assert said in told(report)


HANGING = {
    "constructor": "class Line:\n    def __init__(self):\n        while True: pass\n",
    "constructor that swallows": (
        "class Line:\n    def __init__(self):\n        while True:\n"
        "            try:\n                while True: pass\n"
        "            except BaseException: pass\n"
    ),
    "joint": (
        "def loss_and_gradient(X, y, w, b):\n    while True: pass\n    return 0.0, (0.0, 0.0)\n"
    ),
}


@pytest.mark.parametrize("source", HANGING.values(), ids=HANGING)
def test_what_hangs_while_it_is_recognised_costs_its_time_and_no_more(
    source: str, tmp_path: Path
) -> None:
    method = "    def gradient(self, X, y, w, b): return 0.0, 0.0\n"
    path = tmp_path / "line.py"
    path.write_text(source + (method if source.startswith("class") else ""))
    (submission,) = discover([str(path)])
    with open_submission(submission, entry("line"), Limits(wall_seconds=2.0)) as worker:
        assert worker.problem is not None


def test_what_hangs_while_it_is_tried_does_not_hide_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "line.py"
    path.write_text(HANGING["joint"] + OTHER_NAMES)
    (submission,) = discover([str(path)])
    with open_submission(submission, entry("line")) as worker:
        assert worker.problem is None
        assert worker.functions == {"predict", "loss", "update"}


def test_a_functions_own_death_is_not_met_while_it_is_recognised(tmp_path: Path) -> None:
    source = "import os\ndef loss(X, y, w, b): os._exit(0)\ndef gradient(X, y, w, b): os._exit(0)\n"
    path = tmp_path / "line.py"
    path.write_text(source)
    (submission,) = discover([str(path)])
    with open_submission(submission, entry("line")) as worker:
        assert worker.problem is None
        assert worker.functions == {"loss", "gradient"}


def test_what_is_no_form_says_what_was_expected_and_where_to_read_it(tmp_path: Path) -> None:
    path = tmp_path / "line.py"
    path.write_text("def train(data): pass\n")
    (submission,) = discover([str(path)])
    with open_submission(submission, entry("line")) as worker:
        assert worker.problem is not None
        expected = "line: expected functions predict, loss, gradient, update, got train"
        assert str(worker.problem) == expected
        assert "--explain-contract=line" in worker.problem.hint
