"""Wrong gradients that people write, computed with the reference: what diagnosis compares with.

Two sources: the reference asked at changed data (a sample left out, targets ignored), and one
textbook backpropagation whose every ingredient can be replaced by a mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from checks.battery.samples import combines_by_mean, one_sample, rows
from checks.candidate import reference_candidate
from reference.activation import sigmoid
from reference.contract import UPSTREAM, Array, Arrays, Case, Entry, Kind

CROSS_ENTROPY_NETWORK = "mlp"
SIGMOID_OUTPUT = ("neuron", "sigmoid_unit", "mlp")
# Mistakes with σ' that may be made at one of several hidden layers alone.
SLOPES = (
    "sigma_prime_at_activation",
    "sigma_prime_missing",
    "activation_without_one_minus",
    "tanh_prime",
)


def _derivative(z: Array, activation: Array) -> Array:
    return activation * (1 - activation)


@dataclass(frozen=True)
class Chain:
    """Backpropagation with replaceable parts; the defaults are right.

    activation(z) and slope(z, a): the sigmoid and its derivative.  layer: the only one with that
    slope, counted from 1; 0 for all.  output_slope: how often the derivative of an output sigmoid
    enters.  residual(prediction, y).  inputs: whether X enters.
    weights(W, dW): the next layer's weights that carry the error back.
    """

    activation: Callable[[Array], Array] = sigmoid
    slope: Callable[[Array, Array], Array] = _derivative
    layer: int = 0
    output_slope: int = 1
    residual: Callable[[Array, Array], Array] = np.subtract
    inputs: bool = True
    weights: Callable[[Array, Array], Array] = lambda W, dW: W

    def gradient(self, entry: Entry, case: Case) -> dict[str, Array]:
        """The gradient by parameter, each in its parameter's shape."""
        X, y = _table(case.data, entry)
        layers = _layers(case.parameters)
        activations, logits = [X], []
        for depth, (weight, bias) in enumerate(layers):
            z = activations[-1] @ weight + bias
            logits.append(z)
            last = depth == len(layers) - 1
            linear = last and entry.name not in SIGMOID_OUTPUT
            activations.append(z if linear else self.activation(z))
        delta = self.residual(activations[-1], y) * _factor(entry, len(y))
        if entry.name in SIGMOID_OUTPUT:
            times = self.output_slope - (entry.name == CROSS_ENTROPY_NETWORK)
            delta = delta * self.slope_at(len(layers))(logits[-1], activations[-1]) ** times
        gradients: list[tuple[Array, Array]] = []
        for depth in reversed(range(len(layers))):
            inputs = activations[depth] if self.inputs else np.ones_like(activations[depth])
            gradients.insert(0, (inputs.T @ delta, delta.sum(axis=0)))
            if depth:
                carried = delta @ self.weights(layers[depth][0], gradients[0][0]).T
                delta = carried * self.slope_at(depth)(logits[depth - 1], activations[depth])
        return _by_name(gradients, case.parameters)

    def slope_at(self, layer: int) -> Callable[[Array, Array], Array]:
        """The sigmoid's derivative as this layer takes it."""
        return self.slope if self.layer in (0, layer) else _derivative


def _table(data: Arrays, entry: Entry) -> tuple[Array, Array]:
    """Inputs (N, d) and targets (N, o) as matrices."""
    X = data["A"] if "A" in data else data["X"]
    return X.reshape(len(X), -1), data["y"].reshape(len(X), -1)


def _layers(parameters: Arrays) -> list[tuple[Array, Array]]:
    """Weights as matrices with their biases (0 where there is none), layer by layer."""
    weights: list[Array] = []
    biases: dict[int, Array] = {}
    for name, value in parameters.items():
        if name.startswith("b"):
            biases[len(weights) - 1] = value
        else:
            weights.append(value if value.ndim == 2 else value.reshape(-1, 1))
    zero = np.zeros(())
    return [(weight, biases.get(i, zero)) for i, weight in enumerate(weights)]


def _by_name(gradients: list[tuple[Array, Array]], parameters: Arrays) -> dict[str, Array]:
    named, layer = {}, -1
    for name, value in parameters.items():
        if name.startswith("b"):
            named[name] = gradients[layer][1].reshape(value.shape)
        else:
            layer += 1
            named[name] = gradients[layer][0].reshape(value.shape)
    return named


def _factor(entry: Entry, n: int) -> float:
    """What the derivative of the loss has before the residual: 2/N, 1/N or 1."""
    if entry.name == CROSS_ENTROPY_NETWORK:
        return 1 / n
    return 2 / n if combines_by_mean(entry) else 1.0


def _powers_of(base: float) -> Callable[[Array], Array]:
    return lambda z: sigmoid(z * np.log(base))


def mistaken_chains(entry: Entry, case: Case) -> dict[str, Chain]:
    """The chains with one mistake each, by the name of the pattern and where it is made."""
    squared = Chain(residual=lambda p, y: 2 * (p - y), output_slope=2)
    rate = case.learning_rate
    chains = {
        "sigma_prime_at_activation": Chain(slope=lambda z, a: _derivative(a, sigmoid(a))),
        "sigma_prime_missing": Chain(slope=lambda z, a: np.ones_like(a)),
        "sigma_prime_extra": Chain(output_slope=2),
        "activation_without_one_minus": Chain(slope=lambda z, a: a),
        "tanh_prime": Chain(slope=lambda z, a: 1 - a**2),
        "inputs_ignored": Chain(inputs=False),
        "absolute_error": Chain(residual=lambda p, y: np.sign(p - y)),
        "e_as_2.71": Chain(activation=_powers_of(2.71)),
        "e_as_2.718": Chain(activation=_powers_of(2.718)),
        "weights_already_updated": Chain(weights=lambda W, dW: W - rate * dW),
        "predictions_minus_targets_broadcast": Chain(
            residual=lambda p, y: len(y) * (p - y.mean(axis=0))
        ),
    }
    hidden = range(1, len(_layers(case.parameters)))
    for mistake in SLOPES if len(hidden) > 1 else ():
        for layer in hidden:
            chains[f"{mistake} at hidden layer {layer}"] = replace(chains[mistake], layer=layer)
    if entry.name == CROSS_ENTROPY_NETWORK:
        chains["square_error_instead_of_cross_entropy"] = squared
        chains["half_of_cross_entropy"] = Chain(residual=lambda p, y: -y * (1 - p))
    if entry.name == "neuron":  # of the cross-entropy there is no factor 2 either
        chains["cross_entropy_instead_of_square_error"] = Chain(
            residual=lambda p, y: (p - y) / 2, output_slope=0
        )
    if all(weight.shape[0] == weight.shape[1] for weight, _ in _layers(case.parameters)[1:]):
        chains["next_layer_transposed"] = Chain(weights=lambda W, dW: W.T)
    return chains


def changed_cases(entry: Entry, case: Case, samples: int) -> dict[str, tuple[Case, float]]:
    """Cases at which the reference gives a mistake's gradient, with the factor it comes with."""
    changed: dict[str, tuple[Case, float]] = {}
    if UPSTREAM in case.data:
        ones = {**case.data, UPSTREAM: np.ones_like(case.data[UPSTREAM])}
        changed["upstream_ignored"] = (replace(case, data=ones), 1.0)
    if entry.kind is not Kind.DATA_MODEL:
        return changed
    if "y" in case.data:
        zero = {**case.data, "y": np.zeros_like(case.data["y"])}
        changed["targets_ignored"] = (replace(case, data=zero), 1.0)
    for name, at in mistaken_biases(case).items():
        changed[name] = (at, 1.0)
    if samples > 1 and not any(variable.per_sample for variable in entry.parameters):
        # A mean is still divided by all N when a loop leaves a sample out.
        kept = (samples - 1) / samples if combines_by_mean(entry) else 1.0
        alone = 1 / samples if combines_by_mean(entry) else 1.0
        last, first = slice(0, samples - 1), slice(1, samples)
        changed["without_last_sample"] = (rows(entry, case, last), kept)
        changed["without_first_sample"] = (rows(entry, case, first), kept)
        changed["only_first_sample"] = (one_sample(entry, case, 0), alone)
        changed["only_last_sample"] = (one_sample(entry, case, samples - 1), alone)
    return changed


def mistaken_biases(case: Case) -> dict[str, Case]:
    """The case with biases that are left out or subtracted; of several each alone as well.

    y − w X + b, without its parentheses, subtracts the bias from the prediction.
    """
    biases = [name for name in case.parameters if name.startswith("b")]
    groups = {"": biases} if biases else {}
    if len(biases) > 1:
        groups |= {f" at {name}": [name] for name in biases}
    return {
        f"{mistake}{where}": replace(
            case,
            parameters={
                name: sign * value if name in group else value
                for name, value in case.parameters.items()
            },
        )
        for mistake, sign in (("bias_ignored", 0.0), ("bias_subtracted", -1.0))
        for where, group in groups.items()
    }


def alternatives(entry: Entry, case: Case, samples: int) -> dict[str, dict[str, Array]]:
    """Every named wrong gradient that makes sense for this model at this case.

    By the name of the pattern, then of the parameter, each in its parameter's shape.
    """
    reference = reference_candidate(entry)
    with np.errstate(all="ignore"):
        known = {
            name: {key: factor * value for key, value in reference.gradient(at).items()}
            for name, (at, factor) in changed_cases(entry, case, samples).items()
        }
        if "y" in case.data and ("X" in case.data or "A" in case.data):
            for name, chain in mistaken_chains(entry, case).items():
                known[name] = chain.gradient(entry, case)
        if entry.name == "binary_cross_entropy":
            y, p = case.data["y"], case.parameters["p"]
            known["half_of_cross_entropy"] = {"p": -y / p / len(y)}
        if entry.name == "sigmoid_cross_entropy":
            y, a = case.data["y"], sigmoid(case.parameters["z"])
            extra = (a - y) * _derivative(case.parameters["z"], a) / len(y)
            known["sigma_prime_extra"] = {"z": extra}
            known["square_error_instead_of_cross_entropy"] = {"z": 2 * extra}
            known["half_of_cross_entropy"] = {"z": -y * (1 - a) / len(y)}
        if entry.name == "sigmoid":
            z, upstream = case.parameters["z"], case.data[UPSTREAM]
            a = sigmoid(z)
            known["sigma_prime_at_activation"] = {"z": upstream * _derivative(a, sigmoid(a))}
            known["sigma_prime_missing"] = {"z": upstream}
            known["activation_without_one_minus"] = {"z": upstream * a}
            known["tanh_prime"] = {"z": upstream * (1 - a**2)}
    return known


def step_alternatives(entry: Entry, case: Case, rate: float) -> dict[str, dict[str, Array]]:
    """Every named wrong step, divided by the rate, that makes sense at this case, as above."""
    if len(_layers(case.parameters)) < 2 or "X" not in case.data:
        return {}
    moved = Chain(weights=lambda W, dW: W - rate * dW)
    return {"weights_already_updated": moved.gradient(entry, case)}
