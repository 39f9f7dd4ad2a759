"""Whoever is being asked, behind one face: reference, mutant, twin or a submission in its sandbox.

A respondent answers raw calls.  `Candidate` reads the raw answers by the rulings of the contract
(tuple or dict, shapes, precision) and derives what may be derived: the loss from `predict`, the
gradient from `update` at two learning rates or more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from checks.reading import UnusableError, near_miss, read_array, read_parameters, read_scalar
from checks.respondent import Answer, Local, Respondent, Value, raised, value_of
from checks.result import Problem
from reference.contract import LEARNING_RATE, UPSTREAM, Array, Arrays, Case, Entry, Kind

# Slopes that are no line in the rate are asked at this share of it, halved up to HALVINGS times.
SHARE_OF_RATE = 1 / 32
HALVINGS = 5


@dataclass(frozen=True)
class Candidate:
    """One implementation of one documented model.

    origin: "reference", "mutant", "twin" or "submission".  path: as the user named it.
    problem: why it could not be loaded, if it could not.  others: names of all its functions.
    Every method raises UnusableError where the answer cannot be read as the contract has it.
    """

    name: str
    entry: Entry
    respondent: Respondent
    origin: str = "submission"
    path: str = ""
    notes: tuple[str, ...] = ()
    problem: Problem | None = None
    others: tuple[str, ...] = ()

    def has(self, function: str) -> bool:
        """Whether this contract function was handed in."""
        return function in self.respondent.functions

    def meant(self, function: str) -> str:
        """ "did you mean gradient where you have gradiant?" where this function is not there."""
        return near_miss(function, set(self.others) - set(self.entry.functions))

    @property
    def predict_function(self) -> str:
        """The function that predictions come from: forward for a layer."""
        return "forward" if self.entry.kind is Kind.LAYER else "predict"

    @property
    def loss_function(self) -> str:
        """The function that the loss comes from: loss, or else predict; forward for a layer."""
        if self.entry.kind is Kind.LAYER:
            return "forward"
        return "loss" if self.has("loss") or self.entry.output is None else "predict"

    @property
    def gradient_function(self) -> str:
        """The function that the gradient comes from: gradient, else update; backward in a layer."""
        if self.entry.kind is Kind.LAYER:
            return "backward"
        return "gradient" if self.has("gradient") else "update"

    def handed_over(self, case: Case, parameters: Arrays | None = None) -> dict[str, Value]:
        """The parameters as the contract passes them: floats for scalars, or 0-d arrays.

        An array of any shape comes as an array of rank 0, too: masks and reshape work on it.
        """
        parameters = case.parameters if parameters is None else parameters
        scalars = {variable.name for variable in self.entry.parameters if not variable.shape}
        return {
            name: float(value)
            if name in scalars and not case.zero_dimensional
            else np.asarray(value)  # arithmetic turns 0-d arrays into scalars
            for name, value in parameters.items()
        }

    def fixed(self, function: str, case: Case) -> dict[str, Value]:
        """The data arguments of one function at one case."""
        wanted = self.entry.arguments(function)
        return {name: value for name, value in case.data.items() if name in wanted}

    def answer(
        self,
        function: str,
        case: Case,
        parameters: Arrays | None = None,
        *,
        learning_rate: float | None = None,
        trace: bool = False,
    ) -> Answer:
        """The raw answer of one call."""
        if not self.has(function):
            names = ", ".join(sorted(self.respondent.functions)) or "none"
            raise UnusableError(Problem(function, f"a function {function}", f"only {names}"))
        arguments = self.handed_over(case, parameters)
        if function == "update":
            rate = case.learning_rate if learning_rate is None else learning_rate
            arguments[LEARNING_RATE] = rate
        return self.respondent.ask(function, self.fixed(function, case), [arguments], trace=trace)[
            0
        ]

    def predict(self, case: Case, parameters: Arrays | None = None) -> Array:
        """The predictions (a layer: forward's output), in the contract's shape."""
        answer = self.answer(self.predict_function, case, parameters)
        return self.read_prediction(answer, case)

    def read_prediction(self, answer: Answer, case: Case) -> Array:
        """A raw answer of predict or forward, read by the contract."""
        shape = output_shape(self.entry, case)
        return read_array(value_of(answer), shape, self.predict_function)

    def loss(self, case: Case, parameters: Arrays | None = None) -> float:
        """The candidate's own loss (derived from predict where there is no loss)."""
        given = case.parameters if parameters is None else parameters
        return float(self.losses(case, [given])[0])

    def losses(
        self, case: Case, points: Sequence[Arrays], *, outside: float | None = None
    ) -> Array:
        """The own loss at m points in one round trip, shape (m,).

        outside: the value that stands where the loss raises an exception, as math.log does beyond
        its domain, where np.log gives NaN; without it the exception is the answer.
        """
        function = self.loss_function
        if not self.has(function):
            raise UnusableError(Problem("loss", "a function loss or predict", "neither"))
        varying = [self.handed_over(case, point) for point in points]
        answers = self.respondent.ask(function, self.fixed(function, case), varying)
        return np.array(
            [
                outside if outside is not None and raised(answer) else self.read_loss(answer, case)
                for answer in answers
            ]
        )

    def read_loss(self, answer: Answer, case: Case) -> float:
        """A raw answer of `loss_function`, read as the loss."""
        if self.loss_function == "loss":
            return read_scalar(value_of(answer), "loss")
        prediction = self.read_prediction(answer, case)
        if self.entry.kind is Kind.LAYER:
            return float(np.sum(case.data[UPSTREAM] * prediction))
        return float(self.entry.module.loss_of_prediction(prediction, case.data["y"]))

    def gradient(self, case: Case, parameters: Arrays | None = None) -> dict[str, Array]:
        """The own gradient by parameter name, derived from update where there is none."""
        given = case.parameters if parameters is None else parameters
        function = self.gradient_function
        if function != "update":
            return self.read_gradient(self.answer(function, case, given), case)
        if not self.has("update"):
            raise UnusableError(Problem("gradient", "a function gradient or update", "neither"))
        return self._derived(case, given)[0]

    def _derived(self, case: Case, given: Arrays) -> tuple[dict[str, Array], float]:
        """The slope (old − new)/rate at rate 0, and its rounding in that of two rates.

        Two rates extrapolate a line.  An update that works through its parameters one after the
        other has slopes that curve with the rate: extrapolated from smaller ones (Neville) they
        still show its gradient.
        """
        gradient, moved, growth = self._extrapolated(case, given, case.learning_rate, 1)
        for halvings in range(2, HALVINGS + 1):
            ends = {n: np.abs(given[n]) + case.learning_rate * np.abs(gradient[n]) for n in moved}
            rounding = _rounding_of_two_rates(ends, case.learning_rate)
            if all(np.all(moved[name] <= 2 * growth * rounding[name]) for name in moved):
                break
            smaller = SHARE_OF_RATE * case.learning_rate
            gradient, moved, growth = self._extrapolated(case, given, smaller, halvings)
        return gradient, growth

    def _extrapolated(
        self, case: Case, given: Arrays, rate: float, halvings: int
    ) -> tuple[dict[str, Array], dict[str, Array], float]:
        """Slopes at rate 0, what the last halving moved them, and the growth of their rounding."""
        rates = [rate / 2**k for k in range(halvings + 1)]
        row: list[dict[str, Array]] = []
        for at in rates:
            new = self.update(case, given, at)
            finer = [{name: (given[name] - new[name]) / at for name in given}]
            for k, wider in enumerate(row, start=1):
                best = finer[-1]
                finer.append({n: best[n] + (best[n] - wider[n]) / (2**k - 1) for n in best})
            last, row = row, finer
        moved = {name: np.abs(value - last[-1][name]) for name, value in row[-1].items()}
        weights = [math.prod(b / (b - a) for b in rates if b != a) for a in rates]
        rounding = sum(abs(weight) / at for weight, at in zip(weights, rates, strict=True))
        return row[-1], moved, rounding * case.learning_rate / 5  # of two rates it is 1 + 2 · 2

    def gradients(self, cases: Sequence[Case]) -> list[dict[str, Array]]:
        """The own gradients at several cases, in one round trip where they were handed in."""
        function = self.gradient_function
        if function == "update":
            return [self.gradient(case) for case in cases]
        calls = [{**self.fixed(function, case), **self.handed_over(case)} for case in cases]
        answers = self.respondent.ask(function, {}, calls)
        return [self.read_gradient(*pair) for pair in zip(answers, cases, strict=True)]

    def derivation_rounding(self, case: Case) -> dict[str, Array]:
        """Rounding of a gradient derived from updates, by parameter; zero where it was handed in.

        4 ε |old|/rate, times its growth where smaller rates were needed.
        """
        if self.gradient_function != "update":
            return {name: np.zeros_like(value) for name, value in case.parameters.items()}
        _, growth = self._derived(case, case.parameters)
        of_two = _rounding_of_two_rates(case.parameters, case.learning_rate)
        return {name: growth * value for name, value in of_two.items()}

    def read_gradient(self, answer: Answer, case: Case) -> dict[str, Array]:
        """A raw answer of gradient or backward, by parameter name."""
        shapes = {name: np.shape(value) for name, value in case.parameters.items()}
        return read_parameters(value_of(answer), shapes, self.gradient_function, prefix="d")

    def update(
        self, case: Case, parameters: Arrays | None = None, learning_rate: float | None = None
    ) -> dict[str, Array]:
        """The parameters after one update, by name."""
        answer = self.answer("update", case, parameters, learning_rate=learning_rate)
        shapes = {name: np.shape(value) for name, value in case.parameters.items()}
        return read_parameters(value_of(answer), shapes, "update", prefix="d")


def _rounding_of_two_rates(parameters: Arrays, rate: float) -> dict[str, Array]:
    """4 ε |old|/rate: two differences, each off by ε/2 |old| or |new|, the finer one counted twice
    at half the rate.
    """
    share = 4 * np.finfo(np.float64).eps / rate
    return {name: np.asarray(share * np.abs(value)) for name, value in parameters.items()}


def output_shape(entry: Entry, case: Case) -> tuple[int, ...]:
    """The shape of the predictions at this case: that of the reference's."""
    function = entry.module.forward if entry.kind is Kind.LAYER else entry.module.predict
    wanted = entry.arguments("forward" if entry.kind is Kind.LAYER else "predict")
    given = {**case.data, **case.parameters}
    return np.shape(function(**{name: given[name] for name in wanted}))


def reference_candidate(entry: Entry) -> Candidate:
    """The reference implementation as the first submission."""
    functions = {name: getattr(entry.module, name) for name in entry.functions}
    return Candidate("reference", entry, Local(functions), "reference")
