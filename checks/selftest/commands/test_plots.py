"""`--plots=DIR` draws submissions from their workers, and says what it could not draw."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.commands.main import main
from checks.commands.options import USAGE_ERROR

RIGHT = """
def loss(x):
    return x**2

def gradient(x):
    return 2 * x
"""
PNG = b"\x89PNG"


@pytest.fixture(autouse=True)
def _matplotlib() -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is optional")


def hand_in(folder: Path, source: str = RIGHT) -> Path:
    folder.mkdir(parents=True)
    path = folder / "parabola.py"
    path.write_text(source, encoding="utf-8")
    return path


def test_a_submission_is_drawn_from_its_worker(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = hand_in(tmp_path / "ana")
    assert main([f"--plots={tmp_path / 'plots'}", str(path)]) == 0
    (picture,) = (tmp_path / "plots").glob("*.png")
    assert picture.read_bytes().startswith(PNG)
    assert capsys.readouterr().out == f"wrote {picture}\n"


def test_two_of_one_name_are_both_drawn(tmp_path: Path) -> None:
    paths = [hand_in(tmp_path / part / "ana") for part in ("morning", "evening")]
    assert main([f"--plots={tmp_path / 'plots'}", *map(str, paths)]) == 0
    names = sorted(path.name for path in (tmp_path / "plots").glob("*.png"))
    assert len(names) == 2


def test_what_cannot_be_drawn_is_named_and_the_others_are_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = hand_in(tmp_path / "ben", "def loss(x):\n    return x**2\n")
    right = hand_in(tmp_path / "ana")
    assert main([f"--plots={tmp_path / 'plots'}", str(wrong), str(right)]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert "was not drawn: " in first
    assert second.startswith("wrote ")


def test_a_missing_path_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"--plots={tmp_path / 'plots'}", str(tmp_path / "nobody.py")]) == 1
    assert "was not drawn: " in capsys.readouterr().out


def test_plots_and_the_ledger_together_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"--plots={tmp_path}", "--documents"])
    assert ended.value.code == USAGE_ERROR
    assert "--documents stands alone" in capsys.readouterr().err
