"""A file is loaded as it is, or in its definitions only, or says in one sentence why not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from checks.selftest.submission.conftest import HandIn, handed_in
from checks.submission.limits import Limits
from checks.submission.supervisor import open_submission
from reference.catalogue import entry

RIGHT = "def loss(X, y, w, b):\n    r = w * X + b - y\n    return float((r * r).mean())\n"
DATA = {"X": np.arange(3.0), "y": np.arange(3.0)}
POINT = {"w": 1.0, "b": 2.0}
HASTE = Limits(wall_seconds=0.5)

SCRIPTS = {
    "plots": RIGHT + "import matplotlib.pyplot as plt\nplt.plot([1.0])\nplt.show()\n",
    "reads a file": "import numpy as np\n" + RIGHT + "data = np.loadtxt('not_here.csv')\n",
    "asks": RIGHT + "name = input('your name? ')\n",
    "exits": RIGHT + "import sys\nsys.exit('done')\n",
    "kills itself": RIGHT + "import os\nos.kill(os.getpid(), 9)\n",
    "overwrites its function": RIGHT + "loss = loss(1.0, 2.0, 3.0, 4.0) if False else 0.5\n",
    "trains for ever": RIGHT + "while True:\n    pass\n",
}

SQUARE = "def loss(X, y, w, b):\n    return float(np.mean(square(w * X + b - y)))\n"
NEEDS = {
    "an array": "C = np.array([0, 0, 1])\n"
    + SQUARE.replace("square(", "np.polynomial.polynomial.polyval(").replace(" - y)", " - y, C)"),
    "a vectorised function": "square = np.vectorize(lambda r: r * r)\n" + SQUARE,
    "what another one needs": "TWO = int('2')\nsquare = np.vectorize(lambda r: r**TWO)\n" + SQUARE,
    "a record": "P = namedtuple('P', 'w b')\n"
     "def loss(X, y, w, b):\n    p = P(w, b)\n    return float(np.mean((p.w * X + p.b - y)**2))\n",
    "methods": "class M:\n    def loss(self, X, y, w, b): return np.mean((w * X + b - y)**2)\n"
     "m = M()\nloss = m.loss\n",
    "a partial": "def power(X, y, w, b, k): return np.mean((w * X + b - y)**k)\n"
     "loss = partial(power, k=int('2'))\n",
    "several of a factory": "def make(k):\n    return lambda r: r**k, lambda r: k * r\n"
     "square, slope = make(2)\n" + SQUARE,
    "in a try": "try:\n    square = np.vectorize(lambda r: r * r)\nexcept ValueError:\n    pass\n"
    + SQUARE,
}  # fmt: skip

REFUSED = {
    "syntax": ("def loss(X, y, w, b)\n    return 0\n", "a syntax error in line 1: expected ':'"),
    "indentation": ("def loss():\nreturn 0\n", "a syntax error in line 2"),
    "no UTF-8": (b"name = '\xe9'\n", "a syntax error"),
    "unknown encoding": (b"# -*- coding: klingon -*-\n", "a syntax error"),
}


@pytest.mark.parametrize("source", SCRIPTS.values(), ids=SCRIPTS)
def test_a_script_with_side_effects_is_loaded_in_its_definitions(
    source: str, hand_in: HandIn
) -> None:
    worker = hand_in(source, limits=HASTE)
    assert worker.problem is None
    (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.value == 4.0
    assert worker.notes[0].startswith("the file did not run to its end: ")
    assert "none" not in worker.notes[0]
    assert worker.notes[1] == "only its imports, definitions and constants were loaded"


def test_a_script_that_runs_is_loaded_as_it_is(hand_in: HandIn) -> None:
    worker = hand_in("offset = sum(range(5))\ndef loss(X, y, w, b): return float(offset)\n")
    (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.value == 10.0
    assert worker.notes == ()


def test_definitions_keep_constants_lambdas_and_classes(hand_in: HandIn) -> None:
    source = (
        "import numpy as np\nTWO = 1 + 1\nTURN = TWO * np.pi\nsquare = lambda r: r ** TWO\n"
        "class Model:\n    def loss(self, r): return float(np.mean(square(r)))\n"
        "def loss(X, y, w, b): return Model().loss(w * X + b - y) + TURN * 0\n"
        "raise SystemExit\n"
    )
    (answer,) = hand_in(source).ask("loss", DATA, [POINT])
    assert answer.value == 4.0


@pytest.mark.parametrize("source", NEEDS.values(), ids=NEEDS)
def test_definitions_keep_what_they_need(source: str, hand_in: HandIn) -> None:
    imports = "import matplotlib.pyplot as plt\nfrom collections import namedtuple\n"
    imports += "from functools import partial\nimport numpy as np\n"
    worker = hand_in(imports + source + "plt.show()\n")
    (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.value == 4.0
    assert worker.notes[1].endswith("definitions, constants and what these need were loaded")


def test_what_no_definition_needs_is_not_run(hand_in: HandIn) -> None:
    source = (
        "ran = []\ndef train(w):\n    ran.append(w)\n    return w, 0.0\n"
        + RIGHT
        + "def update(X, y, learning_rate, w, b): return float(len(ran)), 0.0\n"
        "w, b = train(1.0)\nbest = train(2.0)\nloss = loss(1.0, 2.0, *train(3.0))\nraise SystemExit"
    )
    worker = hand_in(source)
    (kept,) = worker.ask("loss", DATA, [POINT])
    (answer,) = worker.ask("update", DATA, [{**POINT, "learning_rate": 0.5}])
    assert (kept.value, answer.value) == (4.0, (0.0, 0.0))


def test_a_need_that_hangs_is_left_out(hand_in: HandIn) -> None:
    source = (
        RIGHT + "def forever():\n    while True: pass\ntable = forever()\n"
        "def predict(X, w, b): return table\n"
    )
    worker = hand_in(source, limits=HASTE)
    (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.value == 4.0
    assert worker.notes[1] == "only its imports, definitions and constants were loaded"


def test_a_missing_package_is_named_where_it_is_used(hand_in: HandIn) -> None:
    worker = hand_in("import torch\ndef loss(X, y, w, b): return torch.tensor(0.0)\n")
    (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.problem is not None
    assert "No module named 'torch'" in answer.problem.observed


@pytest.mark.parametrize(("source", "said"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_python_says_where(
    source: str | bytes, said: str, hand_in: HandIn
) -> None:
    worker = hand_in(source)
    assert worker.problem is not None
    assert str(worker.problem).startswith("line.py: expected a file that loads, got ")
    assert said in worker.problem.observed
    assert worker.functions == frozenset()


def test_a_file_without_a_function_of_the_contract_names_what_it_has(hand_in: HandIn) -> None:
    problem = hand_in("def cost(): pass\ndef train(): pass\n").problem
    expected = "line: expected functions predict, loss, gradient, update, got cost, train"
    assert expected == str(problem)


def test_an_exception_at_import_without_functions_is_the_problem(hand_in: HandIn) -> None:
    problem = hand_in("x = 1\ny = x / 0\n").problem
    assert problem is not None
    assert problem.observed == "an exception in line 2, ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbf" + RIGHT.encode(),
        RIGHT.replace("\n", "\r\n"),
        b"# coding: latin-1\ns = '\xe9'\n" + RIGHT.encode(),
    ],
    ids=["byte order mark", "windows lines", "declared latin-1"],
)
def test_a_file_is_decoded_as_python_does(source: str | bytes, hand_in: HandIn) -> None:
    (answer,) = hand_in(source).ask("loss", DATA, [POINT])
    assert answer.value == 4.0


def test_files_of_the_own_folder_can_be_imported(tmp_path: Path) -> None:
    ana = tmp_path / "ana"
    ana.mkdir()
    (ana / "squares.py").write_text("def mean_square(r): return float((r * r).mean())\n")
    source = (
        "from squares import mean_square\ndef loss(X, y, w, b): return mean_square(w * X + b - y)"
    )
    with open_submission(handed_in(ana, source), entry("line")) as worker:
        (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.value == 4.0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("from .metrics import mean_square", None),
        ("from . import metrics; mean_square = metrics.mean_square", None),
        ("from ..ben.metrics import mean_square", "beyond top-level package"),
    ],
    ids=["a name", "a file", "another folder"],
)
def test_files_of_the_own_folder_can_be_imported_as_of_a_package(
    statement: str, said: str | None, tmp_path: Path
) -> None:
    for student in ("ana", "ben"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "metrics.py").write_text(
            "def mean_square(r):\n    return float((r * r).mean())\n"
        )
    source = f"{statement}\ndef loss(X, y, w, b): return mean_square(w * X + b - y)\n"
    with open_submission(handed_in(tmp_path / "ana", source), entry("line")) as worker:
        (answer,) = worker.ask("loss", DATA, [POINT])
    if said is None:
        expected = float(np.mean((POINT["w"] * DATA["X"] + POINT["b"] - DATA["y"]) ** 2))
        assert answer.value == expected
    else:
        assert said in str(answer.problem)


def test_other_peoples_files_are_not_there(tmp_path: Path) -> None:
    from checks.submission.discovery import discover

    (tmp_path / "ben.py").write_text(RIGHT)
    (tmp_path / "ana.py").write_text("from ben import loss\n")
    ana, _ = discover([str(tmp_path)], "line")
    with open_submission(ana, entry("line")) as worker:
        assert worker.problem is not None
        assert "No module named 'ben'" in worker.problem.observed


@pytest.mark.parametrize("package", ["reference", "checks", "benchmarks", "pytest", "sklearn"])
def test_the_worker_cannot_import_what_grades_it(package: str, hand_in: HandIn) -> None:
    problem = hand_in(f"import {package}\n").problem
    assert problem is not None
    assert f"No module named '{package}'" in problem.observed


def test_the_worker_can_import_scipy(hand_in: HandIn) -> None:
    source = "from scipy.special import expit\ndef loss(X, y, w, b): return float(expit(w - 1))\n"
    (answer,) = hand_in(source).ask("loss", DATA, [POINT])
    assert answer.value == 0.5


def test_nothing_of_the_hosts_environment_reaches_the_worker(
    hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADPROOF_CANARY", "seed 7")
    source = (
        "import os\nseen = [k for k in os.environ if 'CANARY' in k or k.startswith('PYTHON')]\n"
        "def loss(X, y, w, b): return len(seen)\n"
    )
    (answer,) = hand_in(source).ask("loss", DATA, [POINT])
    assert answer.value == 0
