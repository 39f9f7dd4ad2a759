"""How fast descent contracts on a quadratic loss, beside what the Hessian's spectrum says.

On a quadratic loss one step with learning rate η multiplies the error along the eigenvector of λ
by 1 − ηλ.  So descent converges for η < 2/λmax, fastest for η = 2/(λmin + λmax), and overshoots
in a direction where ηλ > 1 (Nocedal & Wright 2006, section 3.3; D4.5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from checks.battery.oracle import Oracle
from checks.battery.rounding import EPSILON, MULTIPLE
from checks.battery.solutions import LINEAR
from checks.candidate import Candidate
from reference.contract import Array, Arrays, Case
from reference.vectors import flat, unflat

QUADRATIC = (*LINEAR, "parabola", "bowl")
STEPS = 6  # before the contraction is read off: enough for a wrong mixture of modes to show
INFORMATIVE = 1e-2  # a mode whose contraction is not known better than this tells nothing
PATIENCE = 4.0  # a rate is called slow that needs more than this many times the best rate's steps


class Regime(Enum):
    """What a learning rate does on a quadratic loss; the value is the word people use (D4.5)."""

    SLOW = "slow"
    GOOD = "good"
    OSCILLATING = "oscillating"
    DIVERGING = "diverging"


@dataclass(frozen=True)
class Spectrum:
    """The Hessian of a quadratic loss: eigenvalues (P,) ascending, eigenvectors (P, P) as columns,
    and the minimiser (P,).
    """

    values: Array
    vectors: Array
    minimiser: Array

    @property
    def largest_stable_rate(self) -> float:
        """2/λmax: below it descent converges, above it diverges."""
        return 2 / float(self.values[-1])

    @property
    def best_rate(self) -> float:
        """2/(λmin + λmax), the fixed rate with the smallest contraction."""
        return 2 / float(self.values[0] + self.values[-1])

    def contraction(self, learning_rate: float) -> float:
        """max |1 − ηλ|: what remains of the error per step in the long run."""
        return float(np.max(np.abs(1 - learning_rate * self.values)))


def spectrum(oracle: Oracle, case: Case) -> Spectrum:
    """The spectrum of a quadratic model's loss: its gradient is affine, so columns are exact."""

    def compute() -> Spectrum:
        def gradient(theta: Array) -> Array:
            return flat(oracle.reference.gradient(case, unflat(theta, case.parameters)))

        size = flat(case.parameters).size
        at_zero = gradient(np.zeros(size))
        hessian = np.column_stack([gradient(unit) - at_zero for unit in np.eye(size)])
        values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
        minimiser: Array = np.asarray(np.linalg.solve(hessian, -at_zero), dtype=np.float64)
        return Spectrum(values, vectors, minimiser)

    return oracle.once("spectrum", case, compute)


def regime(learning_rate: float, known: Spectrum) -> Regime:
    """Diverging beyond 2/λmax, oscillating beyond 1/λmax unless that is where the best rate lies,
    slow where more than PATIENCE times the steps of the best fixed rate are needed, else good.
    """
    if learning_rate >= known.largest_stable_rate:
        return Regime.DIVERGING
    if learning_rate > max(known.best_rate, 1 / float(known.values[-1])):
        return Regime.OSCILLATING
    contraction, best = map(known.contraction, (learning_rate, known.best_rate))
    steps = math.log(contraction) if contraction > 0 else -math.inf
    best_steps = math.log(best) if best > EPSILON else math.log(EPSILON)
    return Regime.SLOW if steps * PATIENCE > best_steps else Regime.GOOD


@dataclass(frozen=True)
class Contraction:
    """The contraction per step, observed and by theory, along the mode where they differ most.

    error: how far rounding alone may move the observed one.
    """

    observed: float
    theory: float
    error: float

    @property
    def agrees(self) -> bool:
        """Whether observation and theory agree within rounding."""
        return abs(self.observed - self.theory) <= self.error


def contraction(candidate: Candidate, oracle: Oracle, case: Case) -> Contraction:
    """Signed contraction of the last of STEPS steps, mode by mode, against 1 − ηλ."""
    rate = case.learning_rate
    known = spectrum(oracle, case)
    parameters: Arrays = case.parameters
    before = after = known.vectors.T @ (flat(parameters) - known.minimiser)
    for _ in range(STEPS):
        parameters = step(candidate, case, parameters)
        before, after = after, known.vectors.T @ (flat(parameters) - known.minimiser)
    size = np.linalg.norm(known.minimiser) + np.linalg.norm(flat(parameters))
    with np.errstate(all="ignore"):
        # Conditioning: the minimiser itself is known to ε λmax/λ along each mode.
        error = MULTIPLE * EPSILON * size * (known.values[-1] / known.values) / np.abs(before)
        observed = after / before
    theory = 1 - rate * known.values
    told = np.isfinite(observed) & (error < INFORMATIVE)
    if not np.any(told):
        return Contraction(known.contraction(rate), known.contraction(rate), 0.0)
    worst = int(np.argmax(np.where(told, np.abs(observed - theory) / error, -1.0)))
    return Contraction(float(observed[worst]), float(theory[worst]), float(error[worst]))


def step(candidate: Candidate, case: Case, parameters: Arrays) -> dict[str, Array]:
    """One update, or one step of plain descent where there is no update (ruling 13)."""
    if candidate.has("update"):
        return candidate.update(case, parameters)
    gradient = candidate.gradient(case, parameters)
    return {name: value - case.learning_rate * gradient[name] for name, value in parameters.items()}
