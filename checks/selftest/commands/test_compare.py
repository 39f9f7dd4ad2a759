"""--compare puts two submissions side by side, and says what it could not compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from checks.battery.speed import SAMPLES
from checks.candidate import Candidate
from checks.commands.compare import (
    CLOSEST,
    compared_speed,
    own_seconds,
    side_by_side,
)
from checks.commands.main import main
from checks.commands.session import Settings
from checks.report.sidebyside import Side, SideBySide, Speed, text
from checks.respondent import NOTHING, Answer, Arguments
from checks.result import Verdict
from checks.submission.discovery import discover
from checks.submission.isolation.names import Tier
from checks.submission.limits import Limits
from reference.catalogue import entry
from reference.contract import Array

RIGHT = """
def loss(X, y, w, b):
    gap = w * X + b - y
    return (gap * gap).mean()

def gradient(X, y, w, b):
    gap = w * X + b - y
    return 2 * (gap * X).mean(), 2 * gap.mean()
"""
EXCESS = 2.0**-20  # of the bias's derivative, relative to itself
OFF = RIGHT.replace("2 * gap.mean()", f"{2 + 2 * EXCESS} * gap.mean()")
TIMES = 60
SLOW = f"""{RIGHT}
once = gradient
def gradient(X, y, w, b):
    return [once(X, y, w, b) for _ in range({TIMES})][0]
"""
GREEDY = f"""{RIGHT}
once = gradient
def gradient(X, y, w, b):
    held = [X + 0 for _ in range({TIMES})]
    return once(X, y, w, b)
"""
SURFACE = """
def loss(x):
    return x * x

def gradient(x):
    for _ in range(100_000):
        pass
    return 2 * x
"""
EPSILON = float(np.finfo(np.float64).eps)
SEED = 5
ASKED = Settings(SEED, frozenset({"gradient_own"}), Limits(), Tier.PROCESS)


def _compared(folder: Path, first: str, second: str, model: str = "line") -> SideBySide:
    paths = []
    for name, source in (("ana", first), ("ben", second)):
        path = folder / name / f"{model}.py"
        path.parent.mkdir()
        path.write_text(source)
        paths.append(str(path))
    ana, ben = discover(paths)
    return side_by_side(ana, ben, ASKED)[0]


def test_a_slow_one_is_slower_and_the_interval_says_so(tmp_path: Path) -> None:
    one = _compared(tmp_path, SLOW, RIGHT)
    assert one.speed is not None
    assert 1 < one.speed.low <= one.speed.ratio <= one.speed.high
    assert one.speed.function == "gradient"
    assert "the first is slower" in text(one)
    assert one.first.verdicts == one.second.verdicts == {"gradient_own": Verdict.PASSED}


def test_digits_are_those_that_are_right(tmp_path: Path) -> None:
    one = _compared(tmp_path, OFF, RIGHT)
    assert one.first.verdicts["gradient_own"] is Verdict.FAILED
    wrong, right = one.first.digits["gradient"], one.second.digits["gradient"]
    assert wrong is not None
    assert right is not None
    # Relative to the largest component, the bias is off by EXCESS at most, and by rounding.
    assert -np.log10(EXCESS + 2 * 10**-right) <= wrong < right <= -np.log10(CLOSEST)
    assert one.first.digits["loss"] == one.second.digits["loss"]


def test_memory_is_that_of_the_arrays(tmp_path: Path) -> None:
    one = _compared(tmp_path, GREEDY, RIGHT)
    assert one.first.peak_bytes is not None
    assert one.second.peak_bytes is not None
    assert (
        one.first.peak_bytes - one.second.peak_bytes
        > TIMES // 2 * SAMPLES * np.dtype(np.float64).itemsize
    )


def test_what_cannot_be_read_has_no_digits_and_no_speed(tmp_path: Path) -> None:
    one = _compared(tmp_path, RIGHT.replace("return 2 *", "return None, 2 *"), RIGHT)
    assert one.first.digits["gradient"] is None
    assert one.first.digits["prediction"] is None
    assert one.first.peak_bytes is not None
    assert "digits of gradient    -" in text(one)


def test_what_raises_is_not_timed(tmp_path: Path) -> None:
    one = _compared(tmp_path, RIGHT.replace("return 2 *", "return 1 / 0 *"), RIGHT)
    assert one.speed is None
    assert "an answer was missing: gradient" in one.why
    assert one.first.peak_bytes is None


def test_an_update_is_not_timed_against_a_gradient(tmp_path: Path) -> None:
    step = RIGHT.partition("def gradient")[0] + (
        "def update(X, y, learning_rate, w, b):\n    return w, b\n"
    )
    assert _compared(tmp_path, RIGHT, step).why == "one has gradient, the other update"


def test_a_surface_is_compared_at_its_point(tmp_path: Path) -> None:
    one = _compared(tmp_path, SURFACE, SURFACE, "parabola")
    assert one.speed is not None
    assert one.speed.size == "one point"


@dataclass(frozen=True)
class Clockwork:
    """Right answers that take exactly as long as it says, on a way that takes its own time."""

    gradient_seconds: float
    way_seconds: float
    functions = frozenset({"loss", "gradient"})

    def ask(
        self,
        function: str,
        fixed: Arguments,
        varying: Sequence[Arguments] = ({},),
        *,
        trace: bool = False,
    ) -> list[Answer]:
        own = 0.0 if function == NOTHING else self.gradient_seconds
        return [Answer((0.0, 0.0), seconds=own + self.way_seconds)] * len(varying)


def _timed(*seconds: float, way: float) -> Array:
    both = [Candidate("timed", entry("line"), Clockwork(one, way)) for one in seconds]
    return own_seconds(both, entry("line").draw(SEED), SEED)


def test_the_way_to_the_worker_is_not_timed() -> None:
    slow, fast, way = 6 * EPSILON, 2 * EPSILON, 1.0  # sums with 1 are exact
    assert np.all(_timed(slow, fast, way=way) == [slow, fast])


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [(1.0, 0.0, "more than inf times"), (0.0, 1.0, "less than 0 times")],
    ids=["the second", "the first"],
)
def test_one_that_takes_no_time_is_still_compared(first: float, second: float, said: str) -> None:
    both = [Candidate("timed", entry("line"), Clockwork(one, 1.0)) for one in (first, second)]
    speed, _ = compared_speed(both[0], both[1], entry("line").draw(SEED), SEED)
    assert speed is not None
    side = Side("a/line.py", {}, True, {}, None)
    told = text(SideBySide("line", side, side, speed))
    assert said in told
    assert ("the first is slower" in told) is (first > second)


def test_what_is_lost_on_the_way_there_has_no_speed() -> None:
    both = [Candidate("timed", entry("line"), Clockwork(0.0, 1.0)) for _ in range(2)]
    speed, why = compared_speed(both[0], both[1], entry("line").draw(SEED), SEED)
    assert speed is None
    assert why == "a call takes less time than the way there and back varies by"


def test_an_interval_around_one_resolves_nothing() -> None:
    side = Side("a/line.py", {}, True, {"loss": 15.7}, 2048)
    for low, high, said in (
        (0.9, 1.1, "no difference is resolved"),
        (0.7, 0.9, "the first is faster"),
        (1.1, 1.3, "the first is slower"),
    ):
        speed = Speed("gradient", "N = 7", (low + high) / 2, low, high, 9)
        assert text(SideBySide("line", side, side, speed)).endswith(said)


def test_the_command_compares_model_by_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, model, source in (
        ("ana", "line", RIGHT),
        ("ben", "line", OFF),
        ("ben", "slope", "x = 1\n"),
    ):
        (tmp_path / name).mkdir(exist_ok=True)
        (tmp_path / name / f"{model}.py").write_text(source)
    ana, ben = str(tmp_path / "ana"), str(tmp_path / "ben")
    options = ["--only=gradient_own", f"--seed={SEED}", "--trust-submissions"]
    assert main(["--compare", ana, ben, *options]) == 1
    out = capsys.readouterr().out
    assert f"first   {ana}/line.py" in out
    assert "gradient_own pass FAIL" in " ".join(out.split())
    assert "only one of the two has the model slope" in out
    assert main(["--compare", ana, ana, *options]) == 0
    assert main(["--compare", ana, str(tmp_path / "nowhere"), *options]) == 1
    said = capsys.readouterr().err
    assert "nowhere: expected a file or a folder, got no such file or folder" in said
    assert "expected two submissions of one model" in said


def test_it_stands_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["line.py", "--compare", "a", "b"])
    assert left.value.code == 4
    assert "--compare stands alone" in capsys.readouterr().err
