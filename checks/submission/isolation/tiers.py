"""The sandbox of each tier of isolation."""

from __future__ import annotations

from checks.submission.isolation import full, process, restricted
from checks.submission.isolation.names import Tier
from checks.submission.isolation.sandbox import Sandbox
from checks.submission.limits import Limits
from checks.submission.snapshot import Snapshot


def sandbox(tier: Tier, snapshot: Snapshot, limits: Limits) -> Sandbox:
    """The sandbox of one tier for one submission; OSError where the tier is not to be had."""
    if tier is Tier.FULL:
        return full.sandbox(snapshot, limits)
    if tier is Tier.RESTRICTED:
        return restricted.sandbox(snapshot, limits)
    return process.sandbox(snapshot, limits)
