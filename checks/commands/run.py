"""A run: every submission graded once, journalled, told in order, and written as asked."""

from __future__ import annotations

import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from threadpoolctl import threadpool_limits

from checks.battery import BATTERY
from checks.commands import identity
from checks.commands.again import again_line
from checks.commands.outputs import Graded, write
from checks.commands.pool import graded
from checks.commands.progress import Progress
from checks.commands.session import Settings, planned, settings
from checks.commands.values import fresh_seed
from checks.report import terminal
from checks.report.environment import environment
from checks.report.journal import Journal, JournalError
from checks.report.likeness import alike
from checks.report.message import Hints
from checks.report.summary import Summary, summarise
from checks.result import Report
from checks.submission.discovery import Submission, discover

INTERRUPTED = 130


def run(chosen: Namespace) -> int:
    """Grade, print each submission when it is its turn, write the reports; the exit status."""
    submissions = discover(chosen.paths, chosen.model, chosen.adapter)
    try:
        # One BLAS thread: for small arrays, threads that wait for a busy core cost far more.
        with _journal(chosen) as journal, threadpool_limits(1):
            if chosen.seed is None:
                chosen.seed = fresh_seed() if journal.seed is None else journal.seed
            return _Run(chosen, submissions, settings(chosen, chosen.only), journal).status()
    except JournalError as error:
        print(f"python -m checks: {error}", file=sys.stderr)
        return 1


@contextmanager
def _journal(chosen: Namespace) -> Iterator[Journal]:
    """The journal that was asked for, or that of these paths; a passing one where none can be."""
    path = chosen.journal or identity.default_journal(chosen.paths, chosen.model)
    with ExitStack() as open_until_the_end:
        try:
            journal = Journal(path, resume=chosen.resume, code=identity.grading_code())
        except JournalError:
            if chosen.journal is not None or chosen.resume:
                raise
            folder = open_until_the_end.enter_context(tempfile.TemporaryDirectory())
            journal = Journal(Path(folder) / "journal.jsonl", resume=False)
        yield open_until_the_end.enter_context(journal)


class _Run:
    """The state of one run: summaries in memory, reports in the journal."""

    def __init__(
        self,
        chosen: Namespace,
        submissions: Sequence[Submission],
        asked: Settings,
        journal: Journal,
    ) -> None:
        self._chosen = chosen
        self._submissions = submissions
        self._settings = asked
        self._journal = journal
        self._keys = [identity.key(one, asked) for one in submissions]
        self._summaries: dict[int, Summary] = {}
        self._told = 0
        self._progress = Progress(len(submissions))

    def status(self) -> int:
        """Grade, print and write everything; the exit status, 0, 1 or 130."""
        facts = environment(self._settings.tier.value, self._settings.seed)
        count = planned(self._submissions, self._settings)
        print(terminal.header(facts, len(self._submissions), count), flush=True)
        if self._settings.notice:
            print(f"notice: {self._settings.notice}", file=sys.stderr)
        interrupted = False
        try:
            self._grade()
        except KeyboardInterrupt:
            interrupted = True
            self._tell(everything=True)
        self._progress.clear()
        summaries = [self._summaries[index] for index in sorted(self._summaries)]
        written = self._write(facts, summaries)
        self._close(summaries)
        if interrupted:
            self._explain_interruption()
            return INTERRUPTED
        if written and self._chosen.journal is None:
            self._journal.remove()
        everything = written and bool(summaries) and all(row.complete for row in summaries)
        if self._chosen.report_only:
            right = all(Path(path).exists() for path in self._chosen.paths)
        else:
            right = all(row.passed for row in summaries)
        return 0 if everything and right else 1

    def _grade(self) -> None:
        missing = []
        for index, key in enumerate(self._keys):
            if key in self._journal:
                self._summaries[index] = summarise(self._journal.report(key))
                self._progress.step()
            else:
                missing.append(index)
        if len(missing) < len(self._keys):
            print(f"resumed: {len(self._keys) - len(missing)} were graded before", flush=True)
        outdated = sum(key in self._journal.outdated for key in self._keys)
        if outdated:
            print(
                f"not resumed: {outdated} were graded before the suite's code was changed; they "
                "are graded again",
                flush=True,
            )
        self._tell()
        left = [self._submissions[index] for index in missing]
        with closing(graded(left, self._settings, self._chosen.workers)) as answers:
            for position, report in answers:
                index = missing[position]
                self._journal.add(self._keys[index], self._settings.seed, report)
                self._summaries[index] = summarise(report)
                self._progress.clear()
                self._tell()
                self._progress.step()

    def _tell(self, *, everything: bool = False) -> None:
        """Print what is graded, in order: up to the first that is not, or everything."""
        for index in range(self._told, len(self._submissions)):
            if index in self._summaries:
                self._told = index + 1
                report = self._journal.report(self._keys[index])
                block = terminal.block(report, Hints(self._chosen.hints), self._again(report))
                print("\n" + block, flush=True)
            elif not everything:
                break

    def _write(self, facts: dict[str, str | int], summaries: list[Summary]) -> bool:
        """Write the reports; those of an interrupted run hold what was graded."""
        keys = [self._keys[index] for index in sorted(self._summaries)]
        return write(
            self._chosen,
            Graded(facts, summaries, lambda: self._journal.reports(keys), self._again),
        )

    def _again(self, report: Report) -> str:
        return again_line(report.path, self._chosen)

    def _close(self, summaries: Sequence[Summary]) -> None:
        if len(summaries) > 1:
            print("\n" + terminal.comparison(summaries, [check.name for check in BATTERY]))
        groups = terminal.similar(alike(summaries))
        if groups:
            print("\n" + groups)
        print("\n" + terminal.closing(summaries), flush=True)

    def _explain_interruption(self) -> None:
        left = len(self._submissions) - len(self._summaries)
        print(
            f"interrupted: {left} of {len(self._submissions)} not graded; the same command with "
            "--resume grades them",
            file=sys.stderr,
        )
