"""Did it get slower?  Two versions side by side in several fresh processes, and a verdict each."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import confinement, decision
from benchmarks.decision import Outcome, Threshold
from benchmarks.paired import BLOCK_SECONDS
from benchmarks.pairs import Benchmark
from benchmarks.trial import Answer, Request
from benchmarks.versions import SUITE, Version
from checks.ratios import FEWEST_PAIRS
from reference.contract import Array

MOST_PAIRS = 20  # in a process: its own median then scatters less than processes do
BUDGET_SECONDS = 3.0
START_SECONDS = 60.0  # allowed to a process for its start, beyond its share of the budget
# Small objects of the interpreter come and go; a page is the least that says something.
NOTABLE_BYTES = 4096
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Change:
    """What became of one benchmark between base and head.

    ratio: head's time over base's, the median over the processes of both looks; low, high: the
    range of the processes.  wall: the same ratio in wall time.  seconds, peak_bytes: of base and
    head.  problem: why there is no ratio, or "".
    """

    benchmark: str
    outcome: Outcome
    ratio: float = math.nan
    low: float = math.nan
    high: float = math.nan
    wall: float = math.nan
    processes: int = 0
    seconds: tuple[float, float] = (math.nan, math.nan)
    peak_bytes: tuple[int, int] = (0, 0)
    problem: str = ""

    @property
    def heavier(self) -> bool:
        """Whether head needs more memory: beyond the smallest change and more than a page."""
        base, head = self.peak_bytes
        return head - base > max(NOTABLE_BYTES, base * math.expm1(decision.SMALLEST))

    @property
    def fails(self) -> bool:
        """Slower, heavier, or another result."""
        return self.outcome.fails or self.heavier


@dataclass(frozen=True)
class Comparison:
    """Base and head, benchmark by benchmark.  seed: of the random orders."""

    base: str
    head: str
    changes: tuple[Change, ...]
    threshold: Threshold | None
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def compared(self) -> int:
        """How many benchmarks have times of both sides."""
        return sum(change.outcome.compared for change in self.changes)

    @property
    def passed(self) -> bool:
        """Something was compared, and nothing is slower, heavier or computes something else."""
        return self.compared > 0 and not any(change.fails for change in self.changes)


# Asks one process: (request, seconds allowed) -> its answers.  Tests put measured ones here.
Ask = Callable[[Request, float], Sequence[Answer]]


def ask_fresh_process(request: Request, allowed: float) -> list[Answer]:
    """Runs one trial in a fresh process; benchmarks without an answer say why."""
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(SUITE)}
    command = [sys.executable, "-m", "benchmarks.trial"]
    if request.has_files:
        command = [*confinement.prefix(), *command]
    try:
        done = subprocess.run(
            command,
            input=request.to_json(),
            capture_output=True,
            text=True,
            timeout=allowed,
            cwd=SUITE,
            env=environment,
            check=False,
        )
        output, end = done.stdout, _ended(done.returncode)
    except subprocess.TimeoutExpired as late:
        output = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        end = f"no answer within {allowed:.0f} s"
    answers = [_read(line) for line in output.splitlines() if line.endswith("}")]
    missing = request.benchmarks[len(answers) :]
    return answers + [Answer(benchmark.name, problem=end) for benchmark in missing]


def _ended(status: int) -> str:
    """How a process ended; a confined one tells a signal as 128 + its number, as shells do."""
    number = -status if status < 0 else status - 128
    if number in set(signal.Signals):
        return f"the process was ended by {signal.Signals(number).name}"
    return f"the process ended with status {status}"


def _read(line: str) -> Answer:
    values = json.loads(line)
    values["seconds"] = tuple(values["seconds"])
    values["peak_bytes"] = tuple(values["peak_bytes"])
    return Answer(**values)


def pairs_within(budget: float) -> int:
    """How many pairs of blocks each process gets if both looks share `budget` seconds."""
    processes = decision.PROCESSES + decision.CONFIRMING
    pairs = int(budget / (processes * 2 * BLOCK_SECONDS))
    return max(FEWEST_PAIRS, min(MOST_PAIRS, pairs))


def compare_versions(
    base: Version,
    head: Version,
    benchmarks: Sequence[Benchmark],
    *,
    budget: float = BUDGET_SECONDS,
    seed: int = 0,
    ask: Ask = ask_fresh_process,
) -> Comparison:
    """Every benchmark that both versions have, compared; `budget` is seconds for each of them."""
    new, vanished = head.models() - base.models(), base.models() - head.models()
    if base.is_file or head.is_file:  # a file is compared with its model, not with all of them
        new, vanished = frozenset(), frozenset()
    shared = [benchmark for benchmark in benchmarks if benchmark.model not in new | vanished]
    look = _Looks(base, head, pairs_within(budget), budget, seed, ask)
    first = look.take(shared, decision.PROCESSES)
    timed = [name for name, log_ratios in first.log_ratios.items() if len(log_ratios)]
    limit = None
    second = _Look({}, {})
    if timed:
        whole = [name for name in timed if len(first.log_ratios[name]) == decision.PROCESSES]
        limit = decision.threshold(np.array([first.log_ratios[n] for n in whole or timed[:1]]))
        doubtful = [
            benchmark
            for benchmark in shared
            if benchmark.name in timed
            and decision.suspected(first.log_ratios[benchmark.name], limit)
        ]
        second = look.take(doubtful, decision.CONFIRMING)
    changes = [_change(benchmark.name, first, second, limit) for benchmark in shared]
    changes += [Change(b.name, Outcome.NEW) for b in benchmarks if b.model in new]
    changes += [Change(model, Outcome.VANISHED) for model in sorted(vanished)]
    notes = tuple(dict.fromkeys(note for note in (base.note, head.note) if note))
    return Comparison(base.label, head.label, tuple(changes), limit, seed, notes)


@dataclass(frozen=True)
class _Look:
    """The answers of one look by benchmark, and the log ratios among them."""

    answers: Mapping[str, list[Answer]]
    log_ratios: Mapping[str, Array]


class _Looks:
    """Takes looks of fresh processes, each side imported first in half of them."""

    def __init__(
        self, base: Version, head: Version, pairs: int, budget: float, seed: int, ask: Ask
    ) -> None:
        self._base, self._head, self._pairs = base, head, pairs
        self._budget, self._ask = budget, ask
        self._seeds = np.random.default_rng(seed)

    def take(self, benchmarks: Sequence[Benchmark], processes: int) -> _Look:
        answers: dict[str, list[Answer]] = {benchmark.name: [] for benchmark in benchmarks}
        for process in range(processes if benchmarks else 0):
            request = Request(
                base=str(self._base.path),
                head=str(self._head.path),
                base_first=process % 2 == 0,
                benchmarks=tuple(benchmarks),
                pairs=self._pairs,
                block_seconds=BLOCK_SECONDS,
                seed=int(self._seeds.integers(2**31)),
            )
            for answer in self._ask(request, START_SECONDS + 4 * self._budget * len(benchmarks)):
                answers[answer.benchmark].append(answer)
        log_ratios = {
            name: np.array([answer.log_ratio for answer in given if not answer.problem])
            for name, given in answers.items()
        }
        return _Look(answers, log_ratios)


def _change(name: str, first: _Look, second: _Look, limit: Threshold | None) -> Change:
    """The verdict on one benchmark from both looks."""
    answers = [*first.answers[name], *second.answers.get(name, [])]
    problems = [answer.problem for answer in answers if answer.problem]
    if any(answer.gap > 1 for answer in answers):
        return Change(name, Outcome.DIFFERENT, problem=problems[0])
    timed = [answer for answer in answers if not answer.problem]
    if not timed or limit is None:
        return Change(name, Outcome.BROKEN, problem=problems[0])
    log_ratios = np.array([answer.log_ratio for answer in timed])
    outcome = decision.decide(first.log_ratios[name], second.log_ratios.get(name), limit)
    if problems:  # some process did not answer: what the others say is no verdict
        outcome = Outcome.UNDECIDED
    return Change(
        name,
        outcome,
        math.exp(np.median(log_ratios)),
        math.exp(np.min(log_ratios)),
        math.exp(np.max(log_ratios)),
        math.exp(np.median([answer.wall for answer in timed])),
        len(timed),
        (
            float(np.median([answer.seconds[0] for answer in timed])),
            float(np.median([answer.seconds[1] for answer in timed])),
        ),
        (max(a.peak_bytes[0] for a in timed), max(a.peak_bytes[1] for a in timed)),
        problems[0] if problems else "",
    )
