"""Draws instead of grading: of the reference, or of every submission under the paths."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from pathlib import Path

from checks.commands.session import Settings, settings
from checks.documents.pictures import NO_PICTURES, draw, draw_reference
from checks.submission.discovery import Submission, discover
from checks.submission.supervisor import candidate_for, open_submission
from reference.catalogue import entry

DEFAULT_SEED = 0  # the same picture every time, unless --seed asks for others


def plots(chosen: Namespace) -> int:
    """Draw, print a line for each picture; 0 once there is a picture of everything asked for."""
    if chosen.seed is None:
        chosen.seed = DEFAULT_SEED
    if not chosen.paths:
        lines = draw_reference(chosen.plots, chosen.seed)
        print("\n".join(lines))
        return 0 if NO_PICTURES not in lines else 1
    asked, names = settings(chosen), Counter[tuple[str, str]]()
    complete = True
    for submission in discover(chosen.paths, chosen.model, chosen.adapter):
        own = submission.name, submission.model
        names[own] += 1
        label = submission.name if names[own] == 1 else f"{submission.name}-{names[own]}"
        lines = _drawn(chosen.plots, submission, asked, label)
        complete = complete and all(line.startswith("wrote ") for line in lines)
        print("\n".join(lines), flush=True)
    return 0 if complete else 1


def _drawn(folder: Path, submission: Submission, asked: Settings, label: str) -> list[str]:
    """The lines about one submission, which answers from its worker."""
    if submission.problem is not None or not submission.model:
        return [f"{submission.path} was not drawn: {submission.problem or 'no model is named'}"]
    model = entry(submission.model)
    with open_submission(submission, model, asked.limits, asked.tier) as worker:
        candidate = candidate_for(submission, model, worker)
        if candidate.problem is not None:
            return [f"{submission.path} was not drawn: {candidate.problem}"]
        return draw(folder, candidate, asked.seed, label)
