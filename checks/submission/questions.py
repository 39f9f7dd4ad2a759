"""Writes what a worker is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from checks.respondent import Arguments
from checks.submission.worker.values import encode


def question(
    function: str, fixed: Arguments, varying: Sequence[Arguments], trace: bool
) -> tuple[dict[str, Any], list[bytes]]:
    """The header and the numbers of one frame; what does not vary travels once."""
    payload: list[bytes] = []
    own = list(varying[0])
    shared = [name for name in fixed if name not in own]
    header = {
        "function": function,
        "names": shared + own,
        "fixed": [_encoded(fixed[name], payload) for name in shared],
        "varying": [[_encoded(more[name], payload) for name in own] for more in varying],
        "trace": trace,
    }
    return header, payload


def _encoded(value: object, payload: list[bytes]) -> list[Any]:
    return encode(value.view(np.ndarray) if isinstance(value, np.ndarray) else value, payload)
