"""What each question is worth: a small TOML file of weights, and the points that follow.

[weights]              # every question is worth 1 unless it stands here
gradient_own = 3
convergence = 0        # asked and told, worth nothing

[models.network]       # for one model, instead of the above
convergence = 2
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checks.report.summary import Summary
from checks.result import Verdict

WEIGHTS, MODELS = "weights", "models"


class RubricError(Exception):
    """A rubric that cannot be used, in one sentence."""


@dataclass(frozen=True)
class Score:
    """Points out of how many; of is 0 where nothing was worth anything."""

    points: float
    of: float


@dataclass(frozen=True)
class Rubric:
    """Weights by question, and by model where a model has its own."""

    weights: Mapping[str, float] = field(default_factory=dict)
    models: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def weight(self, question: str, model: str) -> float:
        """What a question is worth for a model; 1 where nothing else is said."""
        return self.models.get(model, {}).get(question, self.weights.get(question, 1.0))

    def question(self, summary: Summary, question: str) -> Score:
        """All points where every case passed, none otherwise.

        An undecided question is left out of both numbers: a kink or a noisy loss is no mistake.
        """
        weight = self.weight(question, summary.model)
        verdict = summary.verdicts[question]
        if verdict is Verdict.UNDECIDED:
            return Score(0.0, 0.0)
        return Score(weight if verdict is Verdict.PASSED else 0.0, weight)

    def score(self, summary: Summary) -> Score:
        """The points of one submission: the sum over the questions that were put to it."""
        scores = [self.question(summary, question) for question in summary.verdicts]
        return Score(sum(one.points for one in scores), sum(one.of for one in scores))


def read_rubric(path: Path, questions: Collection[str], models: Collection[str]) -> Rubric:
    """The rubric in a TOML file; RubricError where it is none, or names what is not there."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RubricError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RubricError(f"{path} is no TOML: {error}") from error
    _known(path, table, (WEIGHTS, MODELS), "table")
    by_model = _table(path, table.get(MODELS, {}), MODELS)
    _known(path, by_model, models, "model")
    return Rubric(
        _weights(path, table.get(WEIGHTS, {}), WEIGHTS, questions),
        {
            model: _weights(path, weights, f"{MODELS}.{model}", questions)
            for model, weights in by_model.items()
        },
    )


def _table(path: Path, value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise RubricError(f"{path}: expected a table [{name}], got {value!r}")
    return value


def _weights(
    path: Path, value: object, name: str, questions: Collection[str]
) -> Mapping[str, float]:
    table = _table(path, value, name)
    _known(path, table, questions, "question")
    weights: dict[str, float] = {}
    for question, weight in table.items():
        if type(weight) not in (int, float) or not 0 <= float(str(weight)) < math.inf:
            raise RubricError(
                f"{path}: expected a weight from 0 on for {question} in [{name}], got {weight!r}"
            )
        weights[question] = float(str(weight))
    return weights


def _known(path: Path, names: Collection[str], known: Collection[str], kind: str) -> None:
    for name in names:
        if name not in known:
            raise RubricError(f"{path}: expected a {kind} ({', '.join(known)}), got {name!r}")
