"""One update of gradient descent in torch, JAX, numba and scikit-learn, with their own means.

Each function takes the update's arguments (arrays of the contract) and returns the call to time
and a function that reads its answer as the contract has it.  Data are converted beforehand, without
copies where the library can; everything is float64 on the CPU.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

Prepared = tuple[Callable[[], Any], Callable[[Any], object]]
Arguments = Mapping[str, Any]
LAYERS = ("W1", "b1", "W2", "b2", "W3", "b3")


def _tensors(arguments: Arguments) -> dict[str, Any]:
    import torch

    torch.set_num_threads(1)
    return {
        name: torch.from_numpy(value) if isinstance(value, np.ndarray) else value
        for name, value in arguments.items()
    }


def _arrays(answer: Any) -> tuple[Any, ...]:
    return tuple(np.asarray(part) for part in answer)


def torch_multilinear(arguments: Arguments) -> Prepared:
    """The formula of the gradient written out, in place where torch can."""
    import torch

    given = _tensors(arguments)
    X, y, w, b, rate = (given[name] for name in ("X", "y", "w", "b", "learning_rate"))

    def update() -> Any:
        with torch.no_grad():
            residual = torch.mv(X, w).add_(b).sub_(y)
            factor = 2 * rate / len(y)
            return w - factor * torch.mv(X.T, residual), b - factor * residual.sum()

    return update, _arrays


def autograd_multilinear(arguments: Arguments) -> Prepared:
    """The loss, and torch's own derivative of it."""
    import torch

    given = _tensors(arguments)
    X, y, rate = given["X"], given["y"], given["learning_rate"]
    w = given["w"].clone().requires_grad_()
    b = torch.tensor(given["b"], dtype=torch.float64, requires_grad=True)

    def update() -> Any:
        loss = ((torch.mv(X, w) + b - y) ** 2).mean()
        dw, db = torch.autograd.grad(loss, (w, b))
        return (w - rate * dw).detach(), (b - rate * db).detach()

    return update, _arrays


def torch_mlp(arguments: Arguments) -> Prepared:
    """Backpropagation written out."""
    import torch

    given = _tensors(arguments)
    X, y, rate = given["X"], given["y"], given["learning_rate"]
    W1, b1, W2, b2, W3, b3 = (given[name] for name in LAYERS)

    def update() -> Any:
        with torch.no_grad():
            a1 = torch.addmm(b1, X, W1).sigmoid_()
            a2 = torch.addmm(b2, a1, W2).sigmoid_()
            delta3 = torch.addmm(b3, a2, W3).sigmoid_().sub_(y).div_(len(y))
            delta2 = (delta3 @ W3.T).mul_(a2).mul_(1 - a2)
            delta1 = (delta2 @ W2.T).mul_(a1).mul_(1 - a1)
            return (
                W1 - rate * (X.T @ delta1),
                b1 - rate * delta1.sum(0),
                W2 - rate * (a1.T @ delta2),
                b2 - rate * delta2.sum(0),
                W3 - rate * (a2.T @ delta3),
                b3 - rate * delta3.sum(0),
            )

    return update, _arrays


def autograd_mlp(arguments: Arguments) -> Prepared:
    """The loss in logits form, and torch's own derivative of it."""
    import torch

    given = _tensors(arguments)
    X, y, rate = given["X"], given["y"], given["learning_rate"]
    parameters = [given[name].clone().requires_grad_() for name in LAYERS]
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits

    def update() -> Any:
        W1, b1, W2, b2, W3, b3 = parameters
        a1 = torch.addmm(b1, X, W1).sigmoid()
        a2 = torch.addmm(b2, a1, W2).sigmoid()
        gradient = torch.autograd.grad(cross_entropy(torch.addmm(b3, a2, W3), y), parameters)
        with torch.no_grad():
            return [old - rate * slope for old, slope in zip(parameters, gradient, strict=True)]

    return update, _arrays


@contextmanager
def _one_core() -> Iterator[None]:
    """This thread, and those that it starts, see one core only, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _jitted(loss: Callable[..., Any], arguments: Arguments, names: tuple[str, ...]) -> Prepared:
    """One compiled step of JAX down its own derivative of the loss."""
    import jax

    with _one_core():
        jax.devices()  # the first time, this starts as many threads as there are cores
    configuration: Any = jax.config
    finished: Any = jax.block_until_ready
    configuration.update("jax_enable_x64", True)
    parameters = tuple(jax.numpy.asarray(arguments[name]) for name in names)
    X, y = jax.numpy.asarray(arguments["X"]), jax.numpy.asarray(arguments["y"])
    rate = float(arguments["learning_rate"])

    @jax.jit
    def step(parameters: Any, X: Any, y: Any) -> Any:
        gradient = jax.grad(loss)(parameters, X, y)
        return jax.tree.map(lambda old, slope: old - rate * slope, parameters, gradient)

    return lambda: finished(step(parameters, X, y)), _arrays


def jax_multilinear(arguments: Arguments) -> Prepared:
    """The mean squared residual, derived and compiled by JAX."""
    import jax.numpy as jnp

    def loss(parameters: Any, X: Any, y: Any) -> Any:
        w, b = parameters
        return jnp.mean((X @ w + b - y) ** 2)

    return _jitted(loss, arguments, ("w", "b"))


def jax_mlp(arguments: Arguments) -> Prepared:
    """The binary cross-entropy in logits form, derived and compiled by JAX."""
    import jax
    import jax.numpy as jnp

    def loss(parameters: Any, X: Any, y: Any) -> Any:
        W1, b1, W2, b2, W3, b3 = parameters
        a1 = jax.nn.sigmoid(X @ W1 + b1)
        a2 = jax.nn.sigmoid(a1 @ W2 + b2)
        z = a2 @ W3 + b3
        return jnp.mean(jnp.logaddexp(0.0, z) - y * z)

    return _jitted(loss, arguments, LAYERS)


def numba_multilinear(arguments: Arguments) -> Prepared:
    """One pass over the samples, compiled by numba; sums may be reordered."""
    import numba

    @numba.njit(fastmath={"reassoc", "contract"})
    def step(X: Any, y: Any, rate: float, w: Any, b: float) -> Any:
        N, d = X.shape
        dw, db = np.zeros(d), 0.0
        for i in range(N):
            residual = b - y[i]
            for j in range(d):
                residual += X[i, j] * w[j]
            db += residual
            for j in range(d):
                dw[j] += residual * X[i, j]
        factor = 2 * rate / N
        return w - factor * dw, b - factor * db

    given = [arguments[name] for name in ("X", "y", "learning_rate", "w", "b")]
    return lambda: step(*given), _arrays


def sklearn_mlp(arguments: Arguments) -> Prepared:
    """MLPClassifier told to take one plain step over the whole batch."""
    from sklearn.neural_network import MLPClassifier

    X, y = arguments["X"], arguments["y"].ravel()
    weights = [arguments[name] for name in ("W1", "W2", "W3")]
    biases = [arguments[name] for name in ("b1", "b2", "b3")]
    network = MLPClassifier(
        hidden_layer_sizes=tuple(len(b) for b in biases[:-1]),
        activation="logistic",
        solver="sgd",
        alpha=0.0,
        batch_size=len(y),
        learning_rate_init=float(arguments["learning_rate"]),
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
        random_state=0,
    )
    network.partial_fit(X, y, classes=[0.0, 1.0])

    def update() -> Any:
        # Back to the start in place: the optimiser inside holds these very arrays.
        for kept, start in zip(network.coefs_ + network.intercepts_, weights + biases, strict=True):
            kept[...] = start
        network.partial_fit(X, y)
        return network

    def read(fitted: Any) -> object:
        pairs = zip(fitted.coefs_, fitted.intercepts_, strict=True)
        return tuple(part for pair in pairs for part in pair)

    return update, read
