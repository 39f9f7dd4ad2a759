"""What lies between fixed bounds: probabilities, the sigmoid's values and the hill."""

from __future__ import annotations

import numpy as np

from checks.battery.guards import CROSS_ENTROPIES
from reference.contract import Arrays, Entry

_OF_PREDICTION = {
    "neuron": 1.0,
    "sigmoid_unit": 1.0,
    "sigmoid_cross_entropy": 1.0,
    "mlp": 1.0,
    "sigmoid": 1.0,
}
_OF_LOSS = {"hill": 1.0}
_PROBABILITY = {"binary_cross_entropy": "p"}


def bound_of_prediction(entry: Entry) -> float:
    """The least bound of |prediction| (a layer: |output|) at any input, 0 where there is none."""
    return _OF_PREDICTION.get(entry.name, 0.0)


def bound_of_loss(entry: Entry) -> float:
    """The least bound of |loss| at any input, 0 where there is none."""
    return _OF_LOSS.get(entry.name, 0.0)


def predicts_probability(entry: Entry) -> bool:
    """Whether the documented loss is the cross-entropy of what the model predicts."""
    return entry.name in CROSS_ENTROPIES and entry.output is not None


def in_domain(entry: Entry, parameters: Arrays) -> bool:
    """Whether the documented loss is meant at these parameters: probabilities lie in (0, 1)."""
    if entry.name not in _PROBABILITY:
        return True
    probability = parameters[_PROBABILITY[entry.name]]
    return bool(np.all((probability > 0) & (probability < 1)))
