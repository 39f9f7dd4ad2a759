"""The step rules that may be handed in, with the cases they are asked at: AdaGrad and Adam.

The contract of a step rule: `init(parameters)` → state, and
`step(parameters, gradient, state, learning_rate)` → (parameters, state); parameters and gradient
are dicts of arrays by name, the state is whatever `init` returned, made of numbers, arrays,
tuples, lists and dicts.
"""

from __future__ import annotations

import numpy as np

from reference.contract import Array, Case, Entry, Kind, Reduction, Role, Variable
from reference.drawing import generator
from reference.models import bowl
from reference.optimisers import adagrad, adam

PARAMETERS = (Variable("w", ("d",)), Variable("b"))
# Successive gradients: one step, several, sizes three decades apart in one parameter, and fading:
# each SHRINKING times the one before, so that the second moment falls, the first entry always 0.
STEPS = {"one_step": 1, "several_steps": 6, "uneven": 4, "fading": 4}
SHRINKING = 2.0**-6
# Neither 1 − β₁ nor any other constant of the rules, or one could stand for the other.
LEARNING_RATE = 0.03
# On the bowl (D4), so that the reference ends within rounding of the minimum or close to it.
DESCENTS = {"adagrad": (0.5, 400), "adam": (0.1, 400)}


def draw(name: str, seed: int, *, k: int = 6, d: int = 4, case: str = "drawn") -> Case:
    """A start and k successive gradients of random sign, of absolute value between ½ and 2."""
    rng = generator(seed, name, case)

    def away_from_zero(*shape: int) -> Array:
        return np.asarray(rng.choice([-1.0, 1.0], shape) * rng.uniform(0.5, 2.0, shape))

    scale = np.logspace(0, -3, d) if case == "uneven" else np.ones(d)
    data = {"w": away_from_zero(k, d) * scale, "b": away_from_zero(k)}
    if case == "fading":
        shrunk = SHRINKING ** np.arange(k)
        data = {"w": data["w"] * shrunk[:, None], "b": data["b"] * shrunk}
        data["w"][:, 0] = 0
    parameters = {"w": rng.normal(size=d), "b": np.array(rng.normal())}
    return Case(case, data, parameters, seed, learning_rate=LEARNING_RATE)


def cases(name: str, seed: int) -> tuple[Case, ...]:
    """The points (steps with given gradients), then the descent on the bowl."""
    points = tuple(draw(name, seed, k=k, case=case) for case, k in STEPS.items())
    rng = generator(seed, name, "descent")
    start = {key: np.array(rng.choice([-1, 1]) * rng.uniform(1.0, 2.0)) for key in ("x", "y")}
    rate, steps = DESCENTS[name]
    return (*points, Case("bowl", {}, start, seed, Role.DESCENT, rate, steps))


def _entry(name: str, title: str, module: object, rule: str) -> Entry:
    return Entry(
        name=name,
        title=title,
        kind=Kind.STEP_RULE,
        module=module,
        data=(),
        parameters=PARAMETERS,
        output=None,
        loss_in_words=rule,
        reduction=Reduction.NONE,
        source="D2, D4",
        draw=lambda seed, **sizes: draw(name, seed, **sizes),
        cases=lambda seed: cases(name, seed),
    )


STEP_RULES: tuple[Entry, ...] = (
    _entry(
        "adagrad",
        "AdaGrad (Duchi, Hazan and Singer 2011)",
        adagrad,
        "G + g² kept; the step is learning_rate · g / (δ + √G)",
    ),
    _entry(
        "adam",
        "Adam (Kingma and Ba 2015)",
        adam,
        "both moments kept and corrected for their start at zero; "
        "the step is learning_rate · m̂ / (√v̂ + ε)",
    ),
)


def descent_gradient(parameters: dict[str, Array]) -> dict[str, Array]:
    """The gradient of the bowl, which the descent case follows."""
    dx, dy = bowl.gradient(float(parameters["x"]), float(parameters["y"]))
    return {"x": np.asarray(dx), "y": np.asarray(dy)}


def descent_loss(parameters: dict[str, Array]) -> float:
    """The loss of the bowl, whose minimum is 0."""
    return bowl.loss(float(parameters["x"]), float(parameters["y"]))
