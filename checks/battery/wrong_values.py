"""Wrong losses and predictions that people write: what diagnosis compares such values with."""

from __future__ import annotations

import numpy as np

from checks.battery.alternatives import SIGMOID_OUTPUT, changed_cases, mistaken_biases
from checks.battery.guards import CROSS_ENTROPIES, probabilities
from checks.battery.samples import combines_by_mean
from checks.candidate import reference_candidate
from reference.activation import sigmoid
from reference.contract import Array, Case, Entry
from reference.models import mlp


def wrong_losses(entry: Entry, case: Case, samples: int) -> dict[str, Array]:
    """Losses with one mistake each, 0-d, by the name of the pattern."""
    reference = reference_candidate(entry)
    known = {
        name: np.array(factor * reference.loss(at))
        for name, (at, factor) in changed_cases(entry, case, samples).items()
    }
    if "y" not in case.data:
        return known
    y = case.data["y"]
    if entry.name in CROSS_ENTROPIES:
        p = probabilities(entry, case).reshape(y.shape)
        known["half_of_cross_entropy"] = np.array(np.mean(-y * np.log(p)))
        known["square_error_instead_of_cross_entropy"] = np.array(np.mean((p - y) ** 2))
        return known
    prediction = reference.predict(case)
    if _logits(entry, case) is not None:
        of_one, of_zero = np.log(prediction), np.log1p(-prediction)
        entropy = np.mean(-y * of_one - (1 - y) * of_zero)
        known["cross_entropy_instead_of_square_error"] = np.array(entropy)
    divisor = len(y) if combines_by_mean(entry) else 2
    known["absolute_error"] = np.array(np.sum(np.abs(prediction - y)) / divisor)
    if y.size == len(y):
        pairs = prediction.reshape(-1, 1) - y.reshape(1, -1)
        known["predictions_minus_targets_broadcast"] = np.array(np.sum(pairs**2) / divisor)
    return known


def wrong_predictions(entry: Entry, case: Case) -> dict[str, Array]:
    """Predictions with one mistake each, in the documented shape, by the name of the pattern."""
    reference = reference_candidate(entry)
    known = {name: reference.predict(at) for name, at in mistaken_biases(case).items()}
    z = _logits(entry, case)
    if z is not None:
        known["sigmoid_missing"] = z
        known["exponent_without_minus"] = sigmoid(-z)
        known["tanh_for_sigmoid"] = np.tanh(z)
    return known


def _logits(entry: Entry, case: Case) -> Array | None:
    """What the sigmoid at the end is taken of; None where there is none."""
    given = case.parameters
    if "z" in given:
        return given["z"]
    X = case.data.get("X")
    if X is None or entry.name not in SIGMOID_OUTPUT:
        return None
    if entry.name == "mlp":
        return mlp.forward(X, **given)[2]
    return np.asarray(X @ given["w"] + given.get("b", np.zeros(())))
