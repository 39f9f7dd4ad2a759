"""One submission graded: in a worker of its own, never in this process."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace

from checks.grading import Turn, grade, plan, refused
from checks.result import Problem, Report
from checks.submission.adapters import Adapter
from checks.submission.discovery import Submission
from checks.submission.isolation.choice import choose, come_with_the_suite
from checks.submission.isolation.names import Tier
from checks.submission.limits import Limits
from checks.submission.supervisor import candidate_for, open_submission
from reference.catalogue import entry


@dataclass(frozen=True)
class Settings:
    """What one run asks: seed, questions (None: all), limits of a worker, isolation tier.

    notice: one sentence where the tier is weaker than it might be, or empty.
    adapter: what puts a submission's own names under the contract, where one was asked for.
    """

    seed: int
    only: frozenset[str] | None
    limits: Limits
    tier: Tier
    allow_finite_differences: bool = False
    notice: str = ""
    adapter: Adapter | None = None


def settings(chosen: Namespace, only: frozenset[str] | None = None) -> Settings:
    """The settings that the options of a command or of pytest ask for; else the defaults.

    Raises TierError where the isolation that was asked for is not to be had.
    """
    paths = chosen.paths if hasattr(chosen, "paths") else chosen.submission
    trusted = chosen.trust_submissions or come_with_the_suite(paths)
    isolation = choose(chosen.isolation, trusted=trusted)
    limits = {
        "wall_seconds": chosen.limit_seconds,
        "session_seconds": chosen.limit_session,
        "memory_bytes": chosen.limit_memory,
        "output_bytes": chosen.limit_output,
    }
    given = {name: value for name, value in limits.items() if value is not None}
    return Settings(
        chosen.seed,
        only,
        replace(Limits(), **given),
        isolation.tier,
        chosen.allow_finite_differences,
        isolation.notice,
        chosen.adapter,
    )


def grade_submission(submission: Submission, chosen: Settings, turn: Turn | None = None) -> Report:
    """The report of one submission, also where it cannot be loaded."""
    if submission.problem is not None or not submission.model:
        return refusal(submission, chosen.seed)
    model = entry(submission.model)
    with open_submission(submission, model, chosen.limits, chosen.tier) as worker:
        report = grade(
            candidate_for(submission, model, worker),
            seed=chosen.seed,
            only=chosen.only,
            allow_finite_differences=chosen.allow_finite_differences,
            **({} if turn is None else {"turn": turn}),
        )
        return replace(report, likeness=worker.likeness)


def refusal(submission: Submission, seed: int) -> Report:
    """The report of a submission that cannot be graded at all."""
    problem = submission.problem or Problem(
        submission.name, "a model's name", "none", "name the model with --model=line"
    )
    return refused(submission.name, submission.model, submission.path, problem, seed)


def planned(submissions: Sequence[Submission], chosen: Settings) -> int:
    """The number of questions that will be put to all submissions; 1 to one that is refused."""
    lengths = {
        name: len(plan(entry(name), chosen.seed, chosen.only))
        for name in {one.model for one in submissions if one.model and one.problem is None}
    }
    return sum(
        lengths[one.model] if one.model and one.problem is None else 1 for one in submissions
    )
