"""Decides the tier of a run from what was asked for and what this machine gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.submission.isolation.names import ASKED, AUTO, Tier, TierError
from checks.submission.isolation.probe import probe

CONSENT = "--trust-submissions"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass(frozen=True)
class Choice:
    """The tier of a run.  notice: one sentence where it is weaker than it might be, or empty."""

    tier: Tier
    notice: str = ""


def come_with_the_suite(paths: Sequence[str]) -> bool:
    """Whether all paths are the suite's own examples, which need no consent."""
    return bool(paths) and all(Path(path).resolve().is_relative_to(EXAMPLES) for path in paths)


def choose(asked: str = AUTO, *, trusted: bool = False) -> Choice:
    """The strongest tier available for "auto", else the one named; TierError where it is not there.

    trusted: the user has said that the submissions mean no harm (`--trust-submissions`), without
    which nothing runs in the tier process.
    """
    if asked == AUTO:
        return _strongest(trusted)
    if asked not in ASKED:
        raise TierError(f"expected an isolation of {', '.join(ASKED)}, got {asked}")
    tier = Tier(asked)
    if tier is Tier.PROCESS:
        _require_consent(trusted)
        return Choice(tier, _unprotected())
    found = probe(tier)
    if not found.available:
        raise TierError(
            f"isolation {asked} is not available here: {found.reason}; "
            "try --isolation=auto, or python -m checks --probe to see what is"
        )
    return Choice(tier)


def _strongest(trusted: bool) -> Choice:
    full = probe(Tier.FULL)
    if full.available:
        return Choice(Tier.FULL)
    if probe(Tier.RESTRICTED).available:
        notice = f"isolation is restricted, not full: {full.reason}"
        return Choice(Tier.RESTRICTED, notice)
    _require_consent(trusted)
    return Choice(Tier.PROCESS, _unprotected())


def _require_consent(trusted: bool) -> None:
    if not trusted:
        raise TierError(
            "isolation process does not protect this machine from a submission that means harm: "
            f"add {CONSENT} where you trust all of them"
        )


def _unprotected() -> str:
    return "isolation is process: a submission can do whatever you can do on this machine"
