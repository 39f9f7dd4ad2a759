"""How single components of parameters are named: "b" of a scalar, "W1[2, 0]" of an array."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np


def component_name(name: str, index: Iterable[int]) -> str:
    """The name of one entry of a parameter; index () for a scalar."""
    place = ", ".join(map(str, index))
    return f"{name}[{place}]" if place else name


def component_names(arrays: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of all P entries of these arrays, in order."""
    return tuple(
        component_name(name, index)
        for name, value in arrays.items()
        for index in np.ndindex(value.shape)
    )
