"""How far clipped sigmoids may move a value (ruling 15), through every layer that follows them.

People keep a logit within ±30, or write σ as ½ (1 + tanh(z/2)): an activation is then off by up to
LARGEST_CLIP, and what is computed from it by as much as its weights carry on.
"""

from __future__ import annotations

import numpy as np

from checks.battery.guards import LARGEST_CLIP
from checks.battery.samples import combines_by_mean
from reference.contract import Array, Case, Entry

# What comes out of a sigmoid, and what has sigmoids inside.
ONE_SIGMOID = ("neuron", "sigmoid_unit", "sigmoid", "sigmoid_cross_entropy")
LINEAR_OUTPUT = ("network", "network_biased")
STEEPEST = 0.25  # the largest slope of σ


def prediction_moved_by_clips(entry: Entry, case: Case) -> Array:
    """The most that clips in all sigmoids move the prediction, of a shape that broadcasts to it.

    Zero for a model without sigmoids.
    """
    if entry.name in ONE_SIGMOID:
        return np.array(LARGEST_CLIP)
    if entry.name in LINEAR_OUTPUT:
        return _output_moved(case)
    if entry.name == "mlp":
        return STEEPEST * _output_moved(case) + LARGEST_CLIP
    return np.array(0.0)


def loss_moved_by_clips(entry: Entry, case: Case, prediction: Array) -> float:
    """The most that such clips move the loss of the right prediction.

    (r + δ)² − r² is at most 2|r|δ + δ², and a cross-entropy has a slope of at most 1 in its logit;
    a clip of its own probabilities is a guard (ruling 14).
    """
    if entry.name == "mlp":
        return float(_output_moved(case)[0])
    if entry.name not in (*LINEAR_OUTPUT, "neuron", "sigmoid_unit"):
        return 0.0
    moved = prediction_moved_by_clips(entry, case)
    terms = 2 * np.abs(prediction - case.data["y"]) * moved + moved**2
    return float(np.mean(terms) if combines_by_mean(entry) else np.sum(terms) / 2)


def _output_moved(case: Case) -> Array:
    """The most that clips in the hidden layers move the last layer's weighted sums, shape (o,)."""
    hidden, *later = (np.abs(case.parameters[W]) for W in ("W2", "W3") if W in case.parameters)
    moved = np.full(len(hidden), LARGEST_CLIP) @ hidden
    for weights in later:
        moved = (STEEPEST * moved + LARGEST_CLIP) @ weights
    return np.asarray(moved)
