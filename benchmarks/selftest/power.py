"""How often the comparison is wrong: measured on unchanged code, process by process.

`python -m benchmarks.selftest.power --processes=40 --keep=FILE` compares the committed code with
itself in that many fresh processes and keeps each one's answer; suite runs are then drawn from
them: every run takes twelve different processes, the same for all its benchmarks, and the real rule
of `benchmarks.decision` decides.  A slowdown is put into one benchmark of a run at a time, as a
factor on its times.  `--from=FILE` draws from kept answers again.
"""

from __future__ import annotations

import argparse
import json
import math
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from benchmarks import decision, versions
from benchmarks.comparing import MOST_ENTRIES
from benchmarks.decision import Outcome
from benchmarks.paired import BLOCK_SECONDS
from benchmarks.pairs import BENCHMARKS
from benchmarks.regression import BUDGET_SECONDS, ask_fresh_process, pairs_within
from benchmarks.trial import Request
from benchmarks.versions import SUITE
from checks.commands.values import whole
from reference.contract import Array

RUNS = 2_000
CHANGES = (1.0, 1.05, 1.10)
NEEDED = decision.PROCESSES + decision.CONFIRMING  # processes of one suite run


@dataclass(frozen=True)
class Answers:
    """What the processes answered on unchanged code.

    log_ratios: shape (benchmarks, processes); even columns imported base first.  load: the load
    average when each process ended.
    """

    benchmarks: tuple[str, ...]
    log_ratios: Array
    load: tuple[float, ...]

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "log_ratios": self.log_ratios.tolist()})

    @classmethod
    def from_json(cls, text: str) -> Answers:
        kept = json.loads(text)
        return cls(tuple(kept["benchmarks"]), np.array(kept["log_ratios"]), tuple(kept["load"]))


@dataclass(frozen=True)
class Power:
    """What became of the drawn suite runs with one benchmark changed by this factor.

    found: share of runs in which the changed benchmark is called slower.  worst, worst_found: the
    benchmark for which that share is the smallest, and the share.  false_alarms: share of runs in
    which an unchanged one is called slower.  undecided: share of all unchanged benchmarks left
    open.
    """

    factor: float
    runs: int
    found: float
    worst_found: float
    worst: str
    false_alarms: float
    undecided: float


def collect(processes: int, budget: float = BUDGET_SECONDS, keep: Path | None = None) -> Answers:
    """Runs the processes: two checked-out copies of the same commit against each other.

    keep: a file that holds all answers so far, written after every process.
    """
    tree = versions.work_tree(SUITE)
    chosen = tuple(one for one in BENCHMARKS if one.data_entries <= MOST_ENTRIES)
    columns, load = [], []
    with ExitStack() as stack:
        base, head = (stack.enter_context(versions.checked_out(tree, "HEAD")) for _ in range(2))
        for process in range(processes):
            request = Request(
                base=str(base.path),
                head=str(head.path),
                base_first=process % 2 == 0,
                benchmarks=chosen,
                pairs=pairs_within(budget),
                block_seconds=BLOCK_SECONDS,
                seed=process,
            )
            answers = ask_fresh_process(request, 600.0)
            broken = [answer for answer in answers if answer.problem]
            if broken:
                raise RuntimeError(f"{broken[0].benchmark}: {broken[0].problem}")
            columns.append([answer.log_ratio for answer in answers])
            load.append(os.getloadavg()[0])
            kept = Answers(tuple(one.name for one in chosen), np.array(columns).T, tuple(load))
            if keep is not None:
                keep.write_text(kept.to_json())
            print(f"process {process + 1} of {processes}, load {load[-1]:.1f}", flush=True)
    return kept


def suite_run(
    answers: Answers, changed: int, factor: float, random: np.random.Generator
) -> list[Outcome]:
    """The outcomes of one suite run drawn from the answers, one benchmark changed by a factor."""
    first, both = decision.PROCESSES // 2, (decision.PROCESSES + decision.CONFIRMING) // 2
    # Half of every look are processes that imported base first.
    picked = [
        random.permutation(np.arange(side, answers.log_ratios.shape[1], 2))[:both]
        for side in (0, 1)
    ]
    looks = [
        answers.log_ratios[:, np.concatenate([one[part] for one in picked])].copy()
        for part in (slice(first), slice(first, both))
    ]
    for look in looks:
        look[changed] += math.log(factor)
    limit = decision.threshold(looks[0])
    return [decision.decide(a, b, limit) for a, b in zip(*looks, strict=True)]


def power(answers: Answers, factor: float, runs: int = RUNS, seed: int = 0) -> Power:
    """Draws the suite runs; the changed benchmark is each one in turn.

    Raises ValueError for fewer processes than one run needs.
    """
    count, processes = answers.log_ratios.shape
    if processes < NEEDED:
        raise ValueError(f"a run takes {NEEDED} processes, got {processes}")
    random = np.random.default_rng(seed)
    found: list[list[bool]] = [[] for _ in range(count)]
    alarms, undecided = 0, 0
    for run in range(runs):
        changed = run % count
        outcomes = suite_run(answers, changed, factor, random)
        found[changed].append(outcomes.pop(changed) is Outcome.SLOWER)
        alarms += Outcome.SLOWER in outcomes
        undecided += outcomes.count(Outcome.UNDECIDED)
    shares = [float(np.mean(one)) if one else 1.0 for one in found]
    worst = int(np.argmin(shares))
    return Power(
        factor,
        runs,
        float(np.mean([seen for one in found for seen in one])),
        shares[worst],
        answers.benchmarks[worst],
        alarms / runs,
        undecided / (runs * (count - 1)),
    )


def text(answers: Answers, powers: Sequence[Power]) -> str:
    """The table for people, with what it was drawn from."""
    scatter = decision.pooled_scatter(answers.log_ratios)
    drawn_from = (
        f"{len(answers.benchmarks)} benchmarks, {answers.log_ratios.shape[1]} processes, load "
        f"{min(answers.load):.1f} to {max(answers.load):.1f}, scatter between processes "
        f"{scatter:.1%}; {powers[0].runs} suite runs each, drawn from these processes"
    )
    lines = [
        drawn_from,
        "",
        "| one benchmark slower | runs with a false alarm | found | worst benchmark | undecided |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in powers:
        changed = one.factor != 1
        cells = (
            f"{one.factor - 1:.0%}" if changed else "unchanged",
            f"{one.false_alarms:.1%}",
            f"{one.found:.1%}" if changed else "–",
            f"{one.worst_found:.0%} ({one.worst})" if changed else "–",
            f"{one.undecided:.1%}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def processes(text: str) -> int:
    """How many processes to ask; argparse turns the error into a sentence."""
    return whole(text, NEEDED)


def answers_in(text: str) -> Answers:
    """The answers kept in a file; argparse turns the error into a sentence."""
    try:
        return Answers.from_json(Path(text).read_text())
    except (OSError, ValueError, KeyError) as error:
        told = f"{text} holds no answers kept with --keep ({error})"
        raise argparse.ArgumentTypeError(told) from None


def main(arguments: Sequence[str] | None = None) -> None:
    """Collects answers or reads kept ones, and prints the table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.selftest.power")
    options.add_argument("--processes", type=processes, default=40)
    options.add_argument("--budget", type=float, default=BUDGET_SECONDS)
    options.add_argument("--runs", type=int, default=RUNS)
    options.add_argument("--keep", type=Path, metavar="FILE")
    options.add_argument("--from", dest="kept", type=answers_in, metavar="FILE")
    asked = options.parse_args(arguments)
    answers = asked.kept or collect(asked.processes, asked.budget, asked.keep)
    print(text(answers, [power(answers, factor, asked.runs) for factor in CHANGES]))


if __name__ == "__main__":
    main()
