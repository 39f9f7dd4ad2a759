"""The names by which programs call what the contract calls X, y, learning_rate, loss or update.

Used for forms only: a file with functions of the contract's own names is held to its own words.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "predict": ("predict", "forward", "prediction", "model"),
    "loss": ("loss", "cost", "compute_loss", "compute_cost", "loss_function", "cost_function"),
    "gradient": ("gradient", "gradients", "grad", "compute_gradient", "compute_gradients"),
    "update": ("update", "step", "train_step", "gradient_step", "update_parameters"),
    "forward": ("forward",),
    "backward": ("backward", "backprop"),
}

ARGUMENTS: dict[str, tuple[str, ...]] = {
    "X": ("x", "inputs", "features", "data"),
    "y": ("Y", "t", "target", "targets", "labels", "y_true"),
    "learning_rate": ("lr", "alpha", "eta", "rate", "step_size", "mu"),
    "upstream": ("grad", "gradient", "dout", "d_out", "grad_output", "partial_gradient", "dY"),
    "z": ("x", "X", "inputs", "Z"),
    "w": ("weights", "weight", "theta"),
    "W": ("weights", "weight", "mat"),
    "b": ("bias", "intercept"),
    "m": ("slope",),
}


def spellings(name: str, documented: Collection[str]) -> list[str]:
    """The documented name, then others for it that mean nothing else in this contract."""
    others = [name.lower(), name.upper(), *ARGUMENTS.get(name, ())]
    return [name, *(other for other in dict.fromkeys(others) if other not in documented)]


def matched(function: Callable[..., Any], documented: Collection[str]) -> dict[str, str] | None:
    """The function's own argument name by documented name; None where it needs anything else."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return None
    kinds = inspect.Parameter
    own = [p for p in parameters if p.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY)]
    found: dict[str, str] = {}
    for name in documented:
        for parameter in own:
            if parameter.name in spellings(name, documented) and name not in found:
                found[name] = parameter.name
    required = {p.name for p in own if p.default is kinds.empty}
    return found if required <= set(found.values()) else None


def call_by(
    function: Callable[..., Any], names: Mapping[str, str], given: Mapping[str, Any]
) -> Any:
    """Call a matched function with the documented arguments that it takes."""
    return function(**{own: given[name] for name, own in names.items() if name in given})
