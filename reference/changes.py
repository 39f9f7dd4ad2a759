"""What is done to a standard draw so that a mistake in a model cannot hide there.

Each change takes a draw and gives another; `Point` lists which ones make a case.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference.contract import UPSTREAM, Array
from reference.drawing import LABELLED, Change, Drawn, Signature

# σ is flat to 2 % beyond this logit; the less extreme side is stretched to it.
SATURATED_LOGIT = 4.0
SMALL = 1e-3


def mirrored(signature: Signature, drawn: Drawn) -> Drawn:
    """The gradient reversed: targets reflected at the prediction, labels exchanged, upstream or
    the place on a surface negated.
    """
    if UPSTREAM in drawn.data:
        return drawn.with_data(upstream=-drawn.data[UPSTREAM])
    if not drawn.data:
        return Drawn({}, {name: -value for name, value in drawn.parameters.items()})
    y = drawn.data["y"]
    if signature.name in LABELLED:
        return drawn.with_data(y=1 - y)
    return drawn.with_data(y=2 * prediction(signature, drawn) - y)


def prediction(signature: Signature, drawn: Drawn) -> Array:
    """The reference's prediction there, in its documented shape."""
    given = {name: value for name, value in drawn.data.items() if name != "y"}
    return np.asarray(signature.module.predict(**given, **drawn.parameters))


def at_zero(_: Signature, drawn: Drawn) -> Drawn:
    """Every parameter 0, where descents often start: none is divided by, or taken for missing."""
    return drawn.with_parameters(**{name: 0 * value for name, value in drawn.parameters.items()})


def zero_target(signature: Signature, drawn: Drawn) -> Drawn:
    """A target of exactly 0 for the largest prediction, where it makes the most difference."""
    y = drawn.data["y"].copy()
    y[np.argmax(prediction(signature, drawn)) // y[0].size] = 0.0
    return drawn.with_data(y=y)


def logits_from(low: float, high: float, *, power: int = 1) -> Change:
    """The logits of a sigmoid model without hidden layer, from low to high: every row of X is
    moved along w, or z itself is exchanged.

    power: an odd power crowds them around the middle; 1 spaces them evenly.
    """
    middle, half = (low + high) / 2, (high - low) / 2

    def change(_: Signature, drawn: Drawn) -> Drawn:
        if "z" in drawn.parameters:
            z = drawn.parameters["z"]
            wanted = middle + half * np.linspace(-1, 1, z.size).reshape(z.shape) ** power
            return drawn.with_parameters(z=wanted)
        X, w = drawn.data["X"], drawn.parameters["w"]
        z = X @ w + drawn.parameters.get("b", 0.0)
        wanted = middle + half * np.linspace(-1, 1, z.size) ** power
        return drawn.with_data(X=X + np.outer(wanted - z, w / (w @ w)))

    return change


def wrong_side(signature: Signature, drawn: Drawn) -> Drawn:
    """Predictions on the wrong side of ½: the largest has y = 0, the smallest has y = 1."""
    given = drawn.parameters.get("p")
    probabilities = prediction(signature, drawn) if given is None else given
    y = drawn.data["y"].copy()
    y[np.argmax(probabilities)], y[np.argmin(probabilities)] = 0.0, 1.0
    return drawn.with_data(y=y)


def stretched(size: float, side: Callable[[float, float], float] = min) -> Change:
    """The first layer stretched until its logits reach `size` on both sides (or, with max, on the
    larger one).
    """

    def change(_: Signature, drawn: Drawn) -> Drawn:
        X, W1 = drawn.data["X"], drawn.parameters["W1"]
        b1 = drawn.parameters.get("b1")
        z = X @ W1 if b1 is None else X @ W1 + b1
        factor = size / side(float(np.max(z)), float(-np.min(z)))
        widened = drawn.with_parameters(W1=factor * W1)
        return widened if b1 is None else widened.with_parameters(b1=factor * b1)

    return change


def output_logits(high: float) -> Change:
    """The logits of the mlp's last layer, from −high to high: W3 stretched and b3 moved."""

    def change(signature: Signature, drawn: Drawn) -> Drawn:
        z = signature.module.forward(**drawn.parameters, X=drawn.data["X"])[2]
        factor = 2 * high / (np.max(z) - np.min(z))
        W3, b3 = drawn.parameters["W3"], drawn.parameters["b3"]
        middle = (np.max(z) + np.min(z)) / 2
        return drawn.with_parameters(W3=factor * W3, b3=factor * (b3 - middle))

    return change


def output_logit(high: float) -> Change:
    """The largest logit of the mlp's last layer is `high`: only b3 is moved."""

    def change(signature: Signature, drawn: Drawn) -> Drawn:
        z = signature.module.forward(**drawn.parameters, X=drawn.data["X"])[2]
        return drawn.with_parameters(b3=drawn.parameters["b3"] + high - np.max(z))

    return change


def uneven_feature(_: Signature, drawn: Drawn) -> Drawn:
    """The first feature a thousand times smaller, and with it its weights' gradient."""
    name = "A" if "A" in drawn.data else "X"
    holder = drawn.data if name in drawn.data else drawn.parameters
    smaller = {name: holder[name] * np.r_[SMALL, np.ones(holder[name].shape[1] - 1)]}
    return drawn.with_data(**smaller) if holder is drawn.data else drawn.with_parameters(**smaller)


def uneven_input(signature: Signature, drawn: Drawn) -> Drawn:
    """The only input a thousand times smaller, and the bias far from its best value."""
    smaller = drawn.with_data(X=SMALL * drawn.data["X"])
    residual = smaller.data["y"] - prediction(signature, smaller)
    return smaller.with_data(y=smaller.data["y"] + np.copysign(1.0, np.mean(residual)))


def uneven_probability(_: Signature, drawn: Drawn) -> Drawn:
    """Every sample but the first is confidently wrong: only its derivative is not large."""
    p = drawn.parameters["p"].copy()
    p[1:] *= SMALL
    return Drawn({"y": np.ones_like(p)}, {"p": p})


def uneven_logit(_: Signature, drawn: Drawn) -> Drawn:
    """The first logit deep in saturation, on the right side where there are labels."""
    z = drawn.parameters["z"].copy()
    z[0] = np.log(SMALL)
    exchanged = drawn.with_parameters(z=z)
    if "y" not in drawn.data:
        return exchanged
    return exchanged.with_data(y=np.r_[0.0, drawn.data["y"][1:]])


def place(**factors: float) -> Change:
    """A place on a surface: the drawn one, its coordinates multiplied."""

    def change(_: Signature, drawn: Drawn) -> Drawn:
        return drawn.with_parameters(
            **{name: np.asarray(drawn.parameters[name] * f) for name, f in factors.items()}
        )

    return change


def data_times(factor: float) -> Change:
    """The data multiplied: inputs and targets, or a dense layer's inputs and upstream."""

    def change(_: Signature, drawn: Drawn) -> Drawn:
        scaled = Drawn({k: factor * v for k, v in drawn.data.items()}, drawn.parameters)
        if "X" in drawn.parameters:
            return scaled.with_parameters(X=factor * drawn.parameters["X"])
        return scaled

    return change


def inputs_times(factor: float) -> Change:
    """The inputs of a sigmoid multiplied, and its weights divided where they were made larger."""

    def change(_: Signature, drawn: Drawn) -> Drawn:
        scaled = drawn.with_data(X=factor * drawn.data["X"])
        weights = "w" if "w" in drawn.parameters else "W1"
        divided = {weights: drawn.parameters[weights] / max(1.0, factor)}
        return scaled.with_parameters(**divided)

    return change


def edge_probabilities(smallest: float) -> Change:
    """Probabilities down to `smallest` and up to 1 − `smallest`, each end with either label."""

    def change(_: Signature, drawn: Drawn) -> Drawn:
        p = drawn.parameters["p"].copy()
        p[:2], p[-2:] = smallest, 1 - smallest
        return Drawn({"y": np.arange(p.size, dtype=np.float64) % 2}, {"p": p})

    return change


def labelled(label: float) -> Change:
    """Every sample of this class."""

    def change(_: Signature, drawn: Drawn) -> Drawn:
        return drawn.with_data(y=np.full_like(drawn.data["y"], label))

    return change
