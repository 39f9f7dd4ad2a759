"""The one list of documented models, top to bottom in the order of the documents' table."""

from __future__ import annotations

import difflib
from functools import partial
from types import ModuleType

from reference.cases import cases, drawn_case
from reference.contract import UPSTREAM, Entry, Kind, Reduction, Variable
from reference.drawing import Signature
from reference.models import (
    binary_cross_entropy,
    bowl,
    dense,
    hill,
    line,
    line_half_sse,
    linear_system,
    mlp,
    multilinear,
    network,
    network_biased,
    neuron,
    parabola,
    plane,
    sextic,
    sigmoid,
    sigmoid_cross_entropy,
    sigmoid_unit,
    slope,
)
from reference.step_rules import STEP_RULES

MEAN_SQUARED = "mean over the samples of (y - prediction)²"
HALF_SUM_SQUARED = "half the sum over the samples of (y - prediction)²"
HALF_SUM_SQUARED_OUTPUTS = "half the sum over the samples and outputs of (y - prediction)²"
CROSS_ENTROPY = "mean over the samples of -y ln p - (1 - y) ln(1 - p)"
UPSTREAM_SUM = "sum of upstream · output"


def _per_sample(name: str, *shape: str) -> Variable:
    return Variable(name, shape, per_sample=True)


def _entry(
    module: ModuleType,
    title: str,
    kind: Kind,
    data: tuple[Variable, ...],
    parameters: tuple[Variable, ...],
    output: Variable | None,
    loss: str,
    reduction: Reduction,
    source: str,
) -> Entry:
    """The entry of a module, named as the module is."""
    name = module.__name__.rpartition(".")[2]
    signature = Signature(name, module, data, parameters)
    return Entry(
        name=name,
        title=title,
        kind=kind,
        module=module,
        data=data,
        parameters=parameters,
        output=output,
        loss_in_words=loss,
        reduction=reduction,
        source=source,
        draw=partial(drawn_case, signature),
        cases=partial(cases, signature),
    )


def _surface(module: ModuleType, title: str, coordinates: str, height: str, source: str) -> Entry:
    """A surface over these coordinates: no data, and its height is its loss."""
    parameters = tuple(Variable(name) for name in coordinates.split())
    return _entry(module, title, Kind.SURFACE, (), parameters, None, height, Reduction.NONE, source)


CATALOGUE: tuple[Entry, ...] = (
    _entry(
        slope,
        "a line through the origin",
        Kind.DATA_MODEL,
        (_per_sample("X", "N"), _per_sample("y", "N")),
        (Variable("w"),),
        _per_sample("prediction", "N"),
        MEAN_SQUARED,
        Reduction.MEAN,
        "D0",
    ),
    _entry(
        neuron,
        "one sigmoid neuron",
        Kind.DATA_MODEL,
        (_per_sample("X", "N", "d"), _per_sample("y", "N")),
        (Variable("w", ("d",)),),
        _per_sample("prediction", "N"),
        MEAN_SQUARED,
        Reduction.MEAN,
        "D1",
    ),
    _entry(
        linear_system,
        "a system of linear equations",
        Kind.DATA_MODEL,
        (_per_sample("A", "m", "n"), _per_sample("y", "m")),
        (Variable("x", ("n",)),),
        _per_sample("prediction", "m"),
        "mean over the equations of (Ax - y)²",
        Reduction.MEAN,
        "D2",
    ),
    _entry(
        binary_cross_entropy,
        "the cross-entropy of probabilities",
        Kind.DATA_MODEL,
        (_per_sample("y", "N"),),
        (_per_sample("p", "N"),),
        None,
        CROSS_ENTROPY,
        Reduction.MEAN,
        "D2",
    ),
    _entry(
        sigmoid_cross_entropy,
        "the cross-entropy of logits",
        Kind.DATA_MODEL,
        (_per_sample("y", "N"),),
        (_per_sample("z", "N"),),
        _per_sample("prediction", "N"),
        CROSS_ENTROPY,
        Reduction.MEAN,
        "D2.3",
    ),
    _entry(
        dense,
        "a dense layer",
        Kind.LAYER,
        (_per_sample(UPSTREAM, "N", "o"),),
        (_per_sample("X", "N", "d"), Variable("W", ("d", "o")), Variable("b", ("o",))),
        _per_sample("output", "N", "o"),
        UPSTREAM_SUM,
        Reduction.NONE,
        "D2",
    ),
    _entry(
        sigmoid,
        "a sigmoid layer",
        Kind.LAYER,
        (_per_sample(UPSTREAM, "..."),),
        (_per_sample("z", "..."),),
        _per_sample("output", "..."),
        UPSTREAM_SUM,
        Reduction.NONE,
        "D2",
    ),
    _entry(
        mlp,
        "a perceptron with two hidden layers",
        Kind.DATA_MODEL,
        (_per_sample("X", "N", "d"), _per_sample("y", "N", "1")),
        (
            Variable("W1", ("d", "h1")),
            Variable("b1", ("h1",)),
            Variable("W2", ("h1", "h2")),
            Variable("b2", ("h2",)),
            Variable("W3", ("h2", "1")),
            Variable("b3", ("1",)),
        ),
        _per_sample("prediction", "N", "1"),
        CROSS_ENTROPY,
        Reduction.MEAN,
        "D2",
    ),
    _entry(
        line_half_sse,
        "a line with half the sum of squared errors",
        Kind.DATA_MODEL,
        (_per_sample("X", "N"), _per_sample("y", "N")),
        (Variable("m"), Variable("b")),
        _per_sample("prediction", "N"),
        HALF_SUM_SQUARED,
        Reduction.SUM,
        "D3",
    ),
    _entry(
        plane,
        "a plane over two inputs",
        Kind.DATA_MODEL,
        (_per_sample("X", "N", "2"), _per_sample("y", "N")),
        (Variable("w", ("2",)), Variable("b")),
        _per_sample("prediction", "N"),
        HALF_SUM_SQUARED,
        Reduction.SUM,
        "D3",
    ),
    _entry(
        sigmoid_unit,
        "one sigmoid unit with bias",
        Kind.DATA_MODEL,
        (_per_sample("X", "N", "d"), _per_sample("y", "N")),
        (Variable("w", ("d",)), Variable("b")),
        _per_sample("prediction", "N"),
        HALF_SUM_SQUARED,
        Reduction.SUM,
        "D3",
    ),
    _entry(
        network,
        "a network with one hidden layer, without biases",
        Kind.DATA_MODEL,
        (_per_sample("X", "N", "d"), _per_sample("y", "N", "o")),
        (Variable("W1", ("d", "h")), Variable("W2", ("h", "o"))),
        _per_sample("prediction", "N", "o"),
        HALF_SUM_SQUARED_OUTPUTS,
        Reduction.SUM,
        "D3",
    ),
    _entry(
        network_biased,
        "a network with one hidden layer, with biases",
        Kind.DATA_MODEL,
        (_per_sample("X", "N", "d"), _per_sample("y", "N", "o")),
        (
            Variable("W1", ("d", "h")),
            Variable("b1", ("h",)),
            Variable("W2", ("h", "o")),
            Variable("b2", ("o",)),
        ),
        _per_sample("prediction", "N", "o"),
        HALF_SUM_SQUARED_OUTPUTS,
        Reduction.SUM,
        "D3",
    ),
    _surface(hill, "the hills sin x · sin y", "x y", "sin x · sin y", "D4"),
    _surface(parabola, "the parabola x²", "x", "x²", "D4"),
    _surface(sextic, "the curve x⁶ - 5x⁴ + 6x²", "x", "x⁶ - 5x⁴ + 6x²", "D4.2"),
    _surface(bowl, "the bowl (5x² + y²)/2", "x y", "(5x² + y²)/2", "D4"),
    _entry(
        line,
        "a straight line",
        Kind.DATA_MODEL,
        (_per_sample("X", "N"), _per_sample("y", "N")),
        (Variable("w"), Variable("b")),
        _per_sample("prediction", "N"),
        MEAN_SQUARED,
        Reduction.MEAN,
        "D4",
    ),
    _entry(
        multilinear,
        "a linear model of d inputs",
        Kind.DATA_MODEL,
        (_per_sample("X", "N", "d"), _per_sample("y", "N")),
        (Variable("w", ("d",)), Variable("b")),
        _per_sample("prediction", "N"),
        MEAN_SQUARED,
        Reduction.MEAN,
        "D4.6",
    ),
)


# Everything that may be handed in: the documented models, and the step rules they name.
ENTRIES: tuple[Entry, ...] = (*CATALOGUE, *STEP_RULES)


def entry(name: str) -> Entry:
    """The entry of this name; a KeyError with the nearest names where there is none."""
    for candidate in ENTRIES:
        if candidate.name == name:
            return candidate
    names = [candidate.name for candidate in ENTRIES]
    close = difflib.get_close_matches(name, names)
    advice = f"did you mean {' or '.join(close)}?" if close else f"known: {', '.join(names)}"
    raise KeyError(f"no documented model {name!r}; {advice}")
