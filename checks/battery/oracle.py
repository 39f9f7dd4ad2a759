"""What is right at each case: the reference's values with their rounding, computed once.

A class of submissions shares one oracle, so nothing here depends on who is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from checks.battery.bounds import bound_of_loss, bound_of_prediction, predicts_probability
from checks.battery.rounding import EPSILON, MULTIPLE, allowed_rounding
from checks.candidate import Candidate, reference_candidate
from checks.engine.numerical import NumericalGradient, numerical_gradient
from reference.contract import Array, Arrays, Case, Entry, Role
from reference.models import binary_cross_entropy
from reference.vectors import flat, unflat

T = TypeVar("T")


class Oracle:
    """The reference's answers for one model under one seed.

    Arrays come back read-only in spirit: nobody may change them.  Nothing is computed twice.
    """

    def __init__(self, entry: Entry, seed: int) -> None:
        self.entry = entry
        self.seed = seed
        self.reference: Candidate = reference_candidate(entry)
        self._known: dict[tuple[str, str], object] = {}

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Every case of the model under this seed, in order."""
        return self.entry.cases(self.seed)

    @property
    def points(self) -> tuple[Case, ...]:
        """The cases at which single values are compared."""
        return tuple(case for case in self.cases if case.role is Role.POINT)

    def once(self, what: str, case: Case, compute: Callable[[], T]) -> T:
        """The value of `compute`, kept for every later subject."""
        key = (what, case.name)
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]  # type: ignore[return-value]  # stored under the same key

    def _with_arrays(self, case: Case, arrays: Arrays) -> Case:
        """The same case with some data or parameters replaced."""
        data = {name: arrays.get(name, value) for name, value in case.data.items()}
        parameters = {name: arrays.get(name, value) for name, value in case.parameters.items()}
        return replace(case, data=data, parameters=parameters)

    def _rounding(self, case: Case, function: Callable[[Case], Array], bound: float = 0.0) -> Array:
        arrays = {**case.data, **case.parameters}
        return allowed_rounding(
            lambda changed: function(self._with_arrays(case, changed)), arrays, self.seed, bound
        )

    def prediction(self, case: Case) -> tuple[Array, Array]:
        """The predictions, in the documented shape, and the rounding allowed in each."""
        function = self.reference.predict
        bound = bound_of_prediction(self.entry)
        return self.once(
            "prediction", case, lambda: (function(case), self._rounding(case, function, bound))
        )

    def loss(self, case: Case) -> tuple[float, float]:
        """The documented loss and the rounding allowed in it."""

        def compute() -> tuple[float, float]:
            def function(at: Case) -> Array:
                return np.array(self.reference.loss(at))

            rounding = self._rounding(case, function, bound_of_loss(self.entry))
            return self.reference.loss(case), float(rounding)

        return self.once("loss", case, compute)

    def loss_of_prediction(self, prediction: Array, case: Case) -> tuple[float, float]:
        """The documented loss of predictions in the documented shape, and its rounding.

        Of probabilities at least MULTIPLE · ε · Σ |p · ∂loss/∂p|: beside 1 the perturbations that
        measure the rounding leave (0, 1), and a loss that is formed from logits keeps digits there
        which 1 − p has lost.
        """
        y = case.data["y"]

        def function(arrays: Arrays) -> Array:
            return np.array(self.entry.module.loss_of_prediction(arrays["prediction"], arrays["y"]))

        arrays = {"prediction": prediction, "y": y}
        with np.errstate(all="ignore"):
            value = float(function(arrays))
        rounding = float(allowed_rounding(function, arrays, self.seed))
        if predicts_probability(self.entry):
            slope = binary_cross_entropy.gradient(y, prediction)
            with np.errstate(invalid="ignore"):  # 0 · ∞ is certainty about the wrong class
                to_first_order = MULTIPLE * EPSILON * float(np.sum(np.abs(prediction * slope)))
            rounding = float(np.fmax(rounding, to_first_order))
        return value, rounding

    def gradient(self, case: Case) -> tuple[dict[str, Array], dict[str, Array]]:
        """The reference's gradient and its rounding, by name in the parameters' shapes."""

        def compute() -> tuple[dict[str, Array], dict[str, Array]]:
            value = self.reference.gradient(case)
            rounding = self._rounding(case, lambda at: flat(self.reference.gradient(at)))
            return value, unflat(rounding, case.parameters)

        return self.once("gradient", case, compute)

    def numerical_gradient(self, case: Case) -> NumericalGradient:
        """The numerical derivative of the documented loss, with error bars, shape (P,)."""

        def losses(points: Array) -> Array:
            return self.reference.losses(case, [unflat(p, case.parameters) for p in points])

        return self.once(
            "numerical_gradient", case, lambda: numerical_gradient(losses, flat(case.parameters))
        )
