"""The shapes that everybody agrees on: what a model is, and at which points it is asked.

The rulings on what an answer may look like and when it is wrong; elsewhere they are cited by
number, and `checks/selftest` sees each of them in both directions.

1. Arguments are bound by name: `**kwargs`, keyword-only arguments, callable objects, bound methods,
   lambdas, partials and extra arguments with defaults all bind; positional-only arguments bind in
   the documented order; `*args` is refused with the expected names, a near miss with a suggestion.
2. Each function gets what it needs: `predict` the data without y, `loss` and `gradient` data and
   parameters, `update` also the learning rate, a layer's `backward` also the upstream gradient.
3. A gradient or update is a tuple, named tuple or list with one entry per parameter in order, or a
   dict by parameter name or d + name.  A single parameter may also come bare.
4. Scalar parameters are passed as floats, in one case as 0-d arrays; arrays are float64, C-order
   and fresh for each call.  None may be changed.
5. A loss is a float, a NumPy scalar or a 0-d array, a gradient has its parameter's shape.  Python's
   ints count as floats; float32 is refused.
6. The same question asked again, with others in between, gives the same answer to 64 ε.
7. Enough to grade is (`loss` or `predict`) and (`gradient` or `update`).  What is missing and
   cannot be derived is blocked, not failed.
8. A submission may import NumPy, SciPy, the standard library and files of its own folder.
9. A loss is right when it is the documented loss of the right or of its own predictions.
10. A layer's `forward` is asked as `predict`; its loss is the sum of upstream · forward.
11. After a failure of the contract the questions that need that function are blocked; the others
    go on.
12. The batch gradient is the documented mean or sum of its own one-sample gradients, many samples
    are answered as their parts are, and time and peak memory of a gradient grow no faster than
    N^1.3.  Slow loops pass, with their speed as a remark.
13. An update is compared with the submission's own gradient.  Convergence asks for the solution;
    the rate is a remark unless theory says that it diverges.
14. An error fails when it is beyond the error bars.  Two exceptions are remarks: a guard or clip of
    at most 1e-7 in a cross-entropy, and, where it is allowed, a gradient by finite differences.
15. At logits up to 1e4, data scaled by 1e-6 and 1e6, probabilities down to 1e-12, parameters of 0
    and for one sample values are finite, without a warning of overflow, division or an invalid
    value.  A saturated value may be clipped by at most 1e-12; where nothing saturates, a gradient
    and an update keep half of their digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Arrays: TypeAlias = Mapping[str, Array]

LEARNING_RATE = "learning_rate"
UPSTREAM = "upstream"


class Kind(Enum):
    """What a documented thing is, which decides the functions it has."""

    DATA_MODEL = "data model"
    SURFACE = "surface"
    LAYER = "layer"
    STEP_RULE = "step rule"


class Reduction(Enum):
    """How the loss combines its samples; the value is the word used in messages."""

    MEAN = "mean"
    SUM = "sum"
    NONE = "none"


class Role(Enum):
    """Why a case exists, which decides the questions that are asked there."""

    POINT = "point"  # one set of data and parameters, chosen so that errors show
    DESCENT = "descent"  # a start, a learning rate and a number of steps that reach the minimum
    EXTREME = "extreme"  # saturated or badly scaled: values must stay finite


@dataclass(frozen=True)
class Variable:
    """A named array of the contract: its shape in letters, () for a scalar.

    `per_sample` is true where the leading axis runs over the samples.
    """

    name: str
    shape: tuple[str, ...] = ()
    per_sample: bool = False

    def __str__(self) -> str:
        letters = ", ".join(self.shape) + ("," if len(self.shape) == 1 else "")
        return f"{self.name} ({letters})"


@dataclass(frozen=True)
class Case:
    """One seeded set of data and parameters at which a model is asked.

    data: arrays by name (X and y; A and y; y; nothing for a surface; upstream for a layer; for a
    step rule the gradients of k successive steps, by parameter, the leading axis k).
    parameters: float64 arrays by name, 0-d where the parameter is a scalar.
    learning_rate: for POINT a large but stable rate, for DESCENT the rate of the descent.
    steps: the length of the descent, in updates; 0 elsewhere.
    zero_dimensional: scalar parameters are handed over as 0-d arrays, not as floats.
    """

    name: str
    data: Arrays
    parameters: Arrays
    seed: int
    role: Role = Role.POINT
    learning_rate: float = 0.1
    steps: int = 0
    zero_dimensional: bool = False


@dataclass(frozen=True)
class Entry:
    """One documented model: its contract, its reference module and the cases it is asked at.

    data, parameters: the arguments' variables in the documented order.
    output: what `predict` or `forward` returns; None where the model predicts nothing.
    loss_in_words: the normalisation said in words ("mean of (y - prediction)²").
    reduction: how the loss combines its samples, NONE for surfaces, layers and step rules.
    draw(seed, **sizes): a random POINT case of the sizes named by the shapes' letters
    (N=…, d=…), used where questions and benchmarks need data of a given size.
    cases(seed): every case of the battery, in a fixed order and under fixed names.
    module: the reference's functions as attributes.  source: the document, such as D4.6.
    """

    name: str
    title: str
    kind: Kind
    module: Any
    data: tuple[Variable, ...]
    parameters: tuple[Variable, ...]
    output: Variable | None
    loss_in_words: str
    reduction: Reduction
    source: str
    draw: Callable[..., Case]
    cases: Callable[[int], tuple[Case, ...]]

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of the contract's functions for this model, in asking order."""
        if self.kind is Kind.LAYER:
            return ("forward", "backward")
        if self.kind is Kind.STEP_RULE:
            return ("init", "step")
        if self.kind is Kind.SURFACE or self.output is None:
            return ("loss", "gradient", "update")
        return ("predict", "loss", "gradient", "update")

    def arguments(self, function: str) -> tuple[str, ...]:
        """The argument names of one contract function, in the documented order.

        Raises KeyError for a name that no contract has.
        """
        data = tuple(variable.name for variable in self.data)
        parameters = tuple(variable.name for variable in self.parameters)
        if function == "predict":
            return tuple(name for name in data if name != "y") + parameters
        if function in ("loss", "gradient"):
            return data + parameters
        if function == "update":
            return (*data, LEARNING_RATE, *parameters)
        if function == "forward":
            return parameters
        if function == "backward":
            return (*parameters, UPSTREAM)
        if function == "init":
            return ("parameters",)
        if function == "step":
            return ("parameters", "gradient", "state", LEARNING_RATE)
        raise KeyError(f"no function {function!r} in the contract of {self.name}")

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The parameters' names in the documented order."""
        return tuple(variable.name for variable in self.parameters)
