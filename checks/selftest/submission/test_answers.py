"""What one call gives: values of exact types, warnings, changed arguments, memory, problems."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from checks.respondent import Arguments
from checks.selftest.submission.conftest import HandIn
from checks.submission.limits import Limits

DATA = {"X": np.arange(3.0), "y": np.arange(3.0)}
POINT = {"w": 1.0, "b": 2.0}

RETURNED: dict[str, tuple[str, Any]] = {
    "float": ("0.5", 0.5),
    "int": ("3", 3),
    "None": ("None", None),
    "NumPy scalar": ("np.float32(0.5)", np.float32(0.5)),
    "tuple": ("(0.5, [1.0, 2.0, 3.0])", (0.5, [1.0, 2.0, 3.0])),
    "dict": ("{'w': 0.5, 'b': 1}", {"w": 0.5, "b": 1}),
    "ordered dict": ("__import__('collections').OrderedDict(w=0.5, b=1)", {"w": 0.5, "b": 1}),
    "default dict": ("__import__('collections').defaultdict(int, b=1)", {"b": 1}),
    "dict of one's own": ("type('D', (dict,), {})(w=0.5)", {"w": 0.5}),
    "list of one's own": ("type('L', (list,), {})([0.5, 1.0])", [0.5, 1.0]),
    "named tuple": ("__import__('collections').namedtuple('G', 'dw db')(1.0, 2.0)", (1.0, 2.0)),
}

REFUSED = {
    "text": ("'0.5'", "a value of type str"),
    "dict of one's own, without numbers": ("type('D', (dict,), {})(w='1')", "a value of type str"),
    "number of one's own": ("type('F', (float,), {})(0.5)", "a value of type F"),
    "matrix": ("np.ma.array([1.0])", "a value of type MaskedArray"),
    "exception": ("1 / 0", "an exception in line 3, ZeroDivisionError: division by zero"),
    "keyboard": ("(_ for _ in ()).throw(KeyboardInterrupt())", "KeyboardInterrupt"),
}


def _loss(expression: str) -> str:
    return f"import numpy as np\ndef loss(X, y, w, b):\n    return {expression}\n"


@pytest.mark.parametrize(("expression", "expected"), RETURNED.values(), ids=RETURNED)
def test_numbers_come_back_as_they_were(expression: str, expected: Any, hand_in: HandIn) -> None:
    (answer,) = hand_in(_loss(expression)).ask("loss", DATA, [POINT])
    assert answer.problem is None
    assert expected == answer.value
    assert type(answer.value) is type(expected)


@pytest.mark.parametrize(("expression", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_number_is_a_problem_and_the_worker_goes_on(
    expression: str, said: str, hand_in: HandIn
) -> None:
    worker = hand_in(_loss(expression) + "def predict(X, w, b): return w * X + b\n")
    before = worker.pid
    (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.problem is not None
    assert answer.problem.where == "loss"
    assert said in answer.problem.observed
    (after,) = worker.ask("predict", {"X": DATA["X"]}, [POINT])
    assert after.problem is None
    assert before == worker.pid


def test_a_batch_is_answered_in_order_with_fresh_arrays(hand_in: HandIn) -> None:
    source = "def loss(X, y, w, b):\n    X *= 0\n    X += w\n    w += 1\n    return float(X[0])\n"
    points: list[Arguments] = [{"w": np.array(float(w)), "b": 0.0} for w in range(5)]
    answers = hand_in(source).ask("loss", DATA, points)
    assert [answer.value for answer in answers] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert {answer.changed for answer in answers} == {("X", "w")}


def test_an_argument_reshaped_in_place_is_changed(hand_in: HandIn) -> None:
    source = "def loss(X, y, w, b):\n    X.shape = (3, 1)\n    return 0.0\n"
    (answer,) = hand_in(source).ask("loss", DATA, [POINT])
    assert answer.changed == ("X",)


def test_warnings_are_told_once_and_underflow_is_none(hand_in: HandIn) -> None:
    source = (
        "import numpy as np\ndef loss(X, y, w, b):\n    np.exp(-1000.0 * np.ones(2))\n"
        "    for _ in range(3): np.exp(1000.0 * np.ones(2))\n    return 0.0\n"
    )
    (answer,) = hand_in(source).ask("loss", DATA, [POINT])
    assert answer.warnings == ("RuntimeWarning: overflow encountered in exp",)


def test_peak_memory_is_traced_when_asked_for(hand_in: HandIn) -> None:
    source = "import numpy as np\ndef loss(X, y, w, b): return float(np.ones(100_000).sum())\n"
    worker = hand_in(source)
    (traced,) = worker.ask("loss", DATA, [POINT], trace=True)
    (untraced,) = worker.ask("loss", DATA, [POINT])
    array_bytes = 100_000 * np.dtype(float).itemsize
    assert traced.peak_bytes is not None
    assert array_bytes <= traced.peak_bytes < 2 * array_bytes
    assert untraced.peak_bytes is None


def test_a_graph_of_many_objects_is_not_searched_for_garbage_as_a_whole(hand_in: HandIn) -> None:
    source = (
        "import gc\ndef searched(): return gc.get_stats()[2]['collections']\n"
        "def loss(X, y, w, b):\n    before, graph = searched(), []\n"
        "    for k in range(1 << 18): graph = [graph, [k]]\n"
        "    return float(searched() - before)\n"
    )
    (answer,) = hand_in(source).ask("loss", DATA, [POINT])
    assert answer.value == 0.0


def test_what_many_objects_held_is_free_for_the_next_call(hand_in: HandIn) -> None:
    source = (
        "import numpy as np\nclass Node:\n    def __init__(self, k): self.me, self.k = self, k\n"
        "def loss(X, y, w, b):\n    nodes = [Node(k) for k in range(20_000)]\n"
        "    nodes[0].array = np.ones(1 << 25)\n    return float(nodes[-1].k)\n"
    )
    answers = hand_in(source).ask("loss", DATA, [POINT] * 6)  # six times 256 MiB
    assert [answer.problem for answer in answers] == [None] * 6


def test_memory_past_the_limit_names_the_limit(hand_in: HandIn) -> None:
    source = "import numpy as np\ndef loss(X, y, w, b): return float(np.ones(1 << 28).sum())\n"
    (answer,) = hand_in(source).ask("loss", DATA, [POINT])
    assert answer.problem is not None
    assert answer.problem.expected == "a value within 1024 MiB of memory (--limit-memory)"
    assert "Unable to allocate 2.00 GiB" in answer.problem.observed


def test_an_answer_past_the_limit_names_the_limit(hand_in: HandIn) -> None:
    source = "import numpy as np\ndef loss(X, y, w, b): return np.ones(1 << 20)\n"
    worker = hand_in(source, limits=Limits(output_bytes=1 << 20))
    (answer,) = worker.ask("loss", DATA, [POINT])
    expected = "loss: expected an answer of at most 1 MiB (--limit-output), got 8 MiB"
    assert expected == str(answer.problem)


def test_what_is_printed_is_discarded(hand_in: HandIn) -> None:
    source = (
        "import sys\ndef loss(X, y, w, b):\n    print('x' * 10_000_000)\n"
        "    print('y' * 10_000_000, file=sys.stderr)\n    return 0.5\n"
    )
    (answer,) = hand_in(source).ask("loss", DATA, [POINT])
    assert answer.value == 0.5
