"""What the child gives up before it reads a line of the submission."""

from __future__ import annotations

from collections.abc import Mapping


def confine(rlimits: Mapping[str, int]) -> None:
    """Set resource limits by name, soft and hard alike; what the platform lacks is left out."""
    try:
        import resource
    except ImportError:
        return
    for name, value in rlimits.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        hard = resource.getrlimit(number)[1]
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(number, (ceiling, ceiling))
        except (ValueError, OSError):
            continue
