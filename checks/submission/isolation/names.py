"""The tiers of isolation by name, strongest first, for options that import nothing else."""

from __future__ import annotations

from enum import Enum


class Tier(Enum):
    """How far a worker is contained."""

    FULL = "full"
    RESTRICTED = "restricted"
    PROCESS = "process"


AUTO = "auto"
ASKED = (AUTO, *(tier.value for tier in Tier))


class TierError(Exception):
    """The tier that was asked for cannot be used; the text says why and what to try."""
