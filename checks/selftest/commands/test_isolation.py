"""--isolation, --trust-submissions and --probe mean what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.commands.main import main
from checks.submission.isolation import choice
from checks.submission.isolation.choice import EXAMPLES, come_with_the_suite
from checks.submission.isolation.names import Tier
from checks.submission.isolation.probe import Probe, probe

SEXTIC = "def loss(x): return x**6 - 5 * x**4 + 6 * x**2\n"


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A submission that is graded quickly."""
    (tmp_path / "ana").mkdir()
    path = tmp_path / "ana" / "sextic.py"
    path.write_text(SEXTIC)
    return str(path)


@pytest.fixture
def _nothing_contains(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine where only a plain process is to be had."""

    def found(tier: Tier) -> Probe:
        return Probe(tier, "" if tier is Tier.PROCESS else "it is not installed")

    monkeypatch.setattr(choice, "probe", found)


def test_a_plain_process_needs_consent(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([file, "--isolation=process"]) == 4
    said = capsys.readouterr().err
    assert "add --trust-submissions where you trust all of them" in said
    assert len(said.splitlines()) == 1


def test_consent_is_answered_with_a_notice(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([file, "--isolation=process", "--trust-submissions", "--report-only"]) == 0
    said = capsys.readouterr()
    assert "isolation process, seed" in said.out
    assert "notice: isolation is process: a submission can do whatever you can" in said.err


@pytest.mark.usefixtures("_nothing_contains")
def test_a_tier_that_is_missing_is_a_usage_error(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([file, "--isolation=full"]) == 4
    assert "isolation full is not available here: it is not installed" in capsys.readouterr().err


@pytest.mark.usefixtures("_nothing_contains")
def test_where_nothing_contains_only_the_suites_own_examples_run_without_consent(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([file]) == 4
    example = sorted(EXAMPLES.glob("class/*/*.py"))[0]
    assert main([str(example), "--report-only"]) == 0
    assert "notice: isolation is process" in capsys.readouterr().err


def test_what_comes_with_the_suite(tmp_path: Path) -> None:
    assert come_with_the_suite([str(EXAMPLES / "class")])
    assert not come_with_the_suite([str(EXAMPLES / "class"), str(tmp_path)])
    assert not come_with_the_suite([str(EXAMPLES / ".." / "commands")])
    assert not come_with_the_suite([])


def test_an_unknown_tier_names_the_known_ones(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([file, "--isolation=jail"])
    assert ended.value.code == 4
    assert "full" in capsys.readouterr().err


def test_the_probe_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--probe"]) == 0
    out = capsys.readouterr().out
    for tier in Tier:
        state = "available" if probe(tier).available else "not available: "
        assert f"tier {tier.value}: {state}" in out
