"""Results as the Gradescope platform reads them: one `results.json` per submission."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from checks.report.files import replacing
from checks.report.folders import report_folder
from checks.report.message import Hints, alike, message
from checks.report.rubric import Rubric
from checks.report.summary import Summary, summarise
from checks.result import Report, Verdict


def write_gradescope(
    folder: Path, number: int, report: Report, rubric: Rubric, hints: Hints
) -> Path:
    """Write FOLDER/<number>-<name>-<model>/results.json; the path of the file.

    The number keeps apart what would have the same name once it is safe as a folder's name.  Both
    folders are marked as reports.
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", f"{report.subject}-{report.model}").strip("._-")
    target = report_folder(report_folder(folder) / f"{number:04}-{name[:80]}")
    with replacing(target / "results.json") as file:
        json.dump(results(report, rubric, hints), file, indent=1, allow_nan=False)
    return target / "results.json"


def results(report: Report, rubric: Rubric, hints: Hints) -> dict[str, Any]:
    """Score, one test per question with the messages of its failures, and the leaderboard."""
    summary = summarise(report)
    score = rubric.score(summary)
    return {
        "score": score.points,
        "max_score": score.of,
        "output_format": "text",
        "output": "\n".join(report.notes),
        "tests": [
            _test(number, question, report, summary, rubric, hints)
            for number, question in enumerate(summary.verdicts, 1)
        ],
        "leaderboard": [
            {"name": "points", "value": score.points, "order": "desc"},
            {
                "name": "questions passed",
                "value": list(summary.verdicts.values()).count(Verdict.PASSED),
                "order": "desc",
            },
        ],
    }


def _test(
    number: int,
    question: str,
    report: Report,
    summary: Summary,
    rubric: Rubric,
    hints: Hints,
) -> dict[str, Any]:
    own = [result for result in report.results if result.check == question]
    failed = [result for result in own if result.verdict is Verdict.FAILED]
    told = [message(first, hints, "", also) for first, *also in alike(failed)]
    if not told:
        told = list(
            dict.fromkeys(
                message(result, hints) for result in own if result.verdict is not Verdict.PASSED
            )
        )
    score = rubric.question(summary, question)
    return {
        "number": str(number),
        "name": question,
        "score": score.points,
        "max_score": score.of,
        "status": "passed" if summary.verdicts[question] is Verdict.PASSED else "failed",
        "output_format": "text",
        "output": "\n\n".join(told),
    }
