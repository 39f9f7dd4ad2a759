"""A call that hangs, dies or breaks the wire costs that call; the next ones are answered."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest

from checks.selftest.submission.conftest import HandIn, handed_in
from checks.submission.launch import SLACK_SECONDS
from checks.submission.limits import Limits
from checks.submission.supervisor import open_submission
from reference.catalogue import entry

DATA = {"X": np.arange(3.0), "y": np.arange(3.0)}
POINT = {"w": 1.0, "b": 2.0}
HASTE = Limits(wall_seconds=0.3)
PREDICT = "def predict(X, w, b): return w * X + b\n"

HANGS = {
    "loop": "while True: pass",
    "stopped": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
}

DEATHS = {
    "exit at once": ("import os; os._exit(0)", "the process ended by itself (exit status 0)"),
    "bad memory": ("import ctypes; ctypes.string_at(0)", "the process died (signal SIGSEGV)"),
    "closed wire": (
        "import os; os.closerange(3, 100)",
        "the process",
    ),
}


@pytest.mark.parametrize("body", HANGS.values(), ids=HANGS)
def test_a_call_that_hangs_is_stopped_from_outside(body: str, hand_in: HandIn) -> None:
    worker = hand_in(f"def loss(X, y, w, b):\n    {body}\n{PREDICT}", limits=HASTE)
    (answer,) = worker.ask("loss", DATA, [POINT])
    said = "loss: expected an answer within 0.3 seconds (--limit-seconds), got none: stopped after"
    assert str(answer.problem) == f"{said} 0.3 seconds"
    (after,) = worker.ask("predict", {"X": DATA["X"]}, [POINT])
    assert after.problem is None


@pytest.mark.parametrize(("body", "said"), DEATHS.values(), ids=DEATHS)
def test_a_call_that_dies_says_how(body: str, said: str, hand_in: HandIn) -> None:
    worker = hand_in(f"def loss(X, y, w, b):\n    {body}\n{PREDICT}")
    (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.problem is not None
    assert answer.problem.observed.startswith(said)
    (after,) = worker.ask("predict", {"X": DATA["X"]}, [POINT])
    assert after.problem is None


def test_a_file_that_runs_only_once_says_so_at_the_next_call(hand_in: HandIn) -> None:
    worker = hand_in(
        "import os, pathlib\n"
        "mark = pathlib.Path(os.environ['TMPDIR'], 'mark')\n"
        "if mark.exists(): raise RuntimeError('only once')\n"
        "mark.write_text('')\n"
        f"def loss(X, y, w, b): os._exit(1)\n{PREDICT}"
    )
    worker.ask("loss", DATA, [POINT])
    (after,) = worker.ask("predict", {"X": DATA["X"]}, [POINT])
    assert after.problem is not None
    assert (after.problem.where, after.problem.pattern) == ("predict", "file does not run")
    assert "RuntimeError: only once" in after.problem.observed


def test_a_death_in_a_batch_costs_only_its_own_call(hand_in: HandIn) -> None:
    source = "import os\ndef loss(X, y, w, b):\n    if w == 3.0: os._exit(1)\n    return float(w)\n"
    points = [{"w": float(w), "b": 0.0} for w in range(6)]
    answers = hand_in(source).ask("loss", DATA, points)
    assert [answer.value for answer in answers] == [0.0, 1.0, 2.0, None, 4.0, 5.0]
    assert [bool(answer.problem) for answer in answers] == [w == 3 for w in range(6)]


def test_a_function_that_hangs_twice_is_not_asked_again(hand_in: HandIn) -> None:
    worker = hand_in(f"def loss(X, y, w, b):\n    while True: pass\n{PREDICT}", limits=HASTE)
    started = time.monotonic()
    answers = worker.ask("loss", DATA, [POINT] * 100)
    answers += worker.ask("loss", DATA, [POINT] * 100)
    one = HASTE.wall_seconds + SLACK_SECONDS
    assert time.monotonic() - started < 10 * one
    assert len(answers) == 200
    assert len({str(answer.problem) for answer in answers}) == 1


def test_slow_calls_of_a_batch_each_have_the_whole_limit(hand_in: HandIn) -> None:
    source = "import time\ndef loss(X, y, w, b):\n    time.sleep(0.35)\n    return float(w)\n"
    worker = hand_in(source, limits=Limits(wall_seconds=0.5))
    first = worker.pid
    answers = worker.ask("loss", DATA, [POINT] * 5)
    assert first == worker.pid
    assert [answer.value for answer in answers] == [1.0] * 5
    assert all(0.3 < answer.seconds < 0.9 for answer in answers)


def test_all_calls_together_have_a_limit(hand_in: HandIn) -> None:
    source = "import time\ndef loss(X, y, w, b):\n    time.sleep(0.2)\n    return 1.0\n"
    worker = hand_in(source, limits=Limits(session_seconds=0.3))
    answers = [worker.ask("loss", DATA, [POINT])[0] for _ in range(4)]
    assert [answer.problem is None for answer in answers] == [True, True, False, False]
    assert "all calls within 0.3 seconds" in str(answers[-1].problem)


def test_processor_time_past_the_limit_names_the_limit(hand_in: HandIn) -> None:
    worker = hand_in("def loss(X, y, w, b):\n    while True: pass\n", limits=Limits(cpu_seconds=1))
    (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.problem is not None
    assert answer.problem.expected == "at most 1 second of processor time in one worker"
    assert answer.problem.observed == "the process died (signal SIGXCPU)"


FORGERIES = {
    "noise": "os.write(fd, b'x' * 100)",
    "an answer too many": (
        "os.write(fd, struct.pack('!4sIIQ', b'GPF1', 1, 29, 8) + "
        'b\'{"answers":[{"value":["f"]}]}\' + bytes(8))'
    ),
    "an endless answer": "os.write(fd, struct.pack('!4sIIQ', b'GPF1', 1, 2, 1 << 60) + b'{}')",
}


@pytest.mark.parametrize("act", FORGERIES.values(), ids=FORGERIES)
def test_what_a_submission_writes_on_the_wire_is_no_answer(act: str, hand_in: HandIn) -> None:
    source = (
        "import os, stat, struct\ndef loss(X, y, w, b):\n    for fd in range(3, 50):\n"
        "        try:\n            if stat.S_ISSOCK(os.fstat(fd).st_mode):\n"
        f"                {act}\n        except OSError: pass\n    return 0.5\n{PREDICT}"
    )
    worker = hand_in(source)
    (answer,) = worker.ask("loss", DATA, [POINT])
    assert answer.problem is not None
    assert answer.value is None
    (after,) = worker.ask("predict", {"X": DATA["X"]}, [POINT])
    assert after.problem is None


def test_closing_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    source = "def loss(X, y, w, b): return 0.5\n"
    with open_submission(handed_in(tmp_path / "ana", source), entry("line")) as worker:
        assert worker.pid is not None
        pid = worker.pid
        copy = worker._snapshot
        assert copy is not None
        assert copy.root.exists()
    assert not copy.root.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
