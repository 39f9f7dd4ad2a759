"""The closing table, and the verdicts of a comparison, as text and as Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from benchmarks.machine import MEMORY, Machine
from benchmarks.paired import CLOCK
from benchmarks.peers import Beside
from benchmarks.regression import Change, Comparison
from benchmarks.row import Row
from benchmarks.scaling import Growth
from checks.ratios import CONFIDENCE, three_digits

HEADINGS = (
    "model", "size", "loop", "vectorised", "ratio [low, high]", "rate", "of limit", "peak beyond",
)  # fmt: skip
PEER_THREADS = (
    "one thread each (BLAS and OpenMP pinned, torch.set_num_threads(1), XLA started on one core); "
    "the clock adds up the CPU time of all threads, so that no other would be free of charge"
)
COUNTS = "counts repeat to the last digit where the same build counts the same benchmarks"
CHANGE_HEADINGS = ("benchmark", "verdict", "head/base [processes]", "base", "head", "peak")


def duration(seconds: float | None) -> str:
    """A time with three digits and its unit; a dash where there is none."""
    if seconds is None or math.isnan(seconds):
        return "–"
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{three_digits(seconds / size)} {unit}"
    return f"{three_digits(seconds / 1e-9)} ns"


def amount(size: float) -> str:
    """A number of bytes with its unit."""
    for unit, unit_size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= unit_size:
            return f"{three_digits(size / unit_size)} {unit}"
    return f"{size:.0f} B"


def aligned(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A text table: first column to the left, the others to the right."""
    widths = [max(len(line[i]) for line in (headings, *rows)) for i in range(len(headings))]
    lines = []
    for line in (headings, *rows):
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The same table in Markdown."""
    rule = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (headings, rule, *rows))


def cells(row: Row) -> tuple[str, ...]:
    """A row of the closing table as text."""
    return (
        row.model,
        row.size,
        duration(row.loop),
        duration(row.vectorised),
        str(row.ratio) if row.ratio else "–",
        row.rate,
        "–" if math.isnan(row.share) else f"{row.share:.0%}",
        amount(row.peak_bytes),
    )


def conditions(machine: Machine) -> str:
    """How it was measured, in a few sentences: clock, threads, limits, notes."""
    lines = [
        f"machine {machine.fingerprint}: "
        + ", ".join(f"{k} {v}" for k, v in machine.facts.items()),
        f"clock: {CLOCK}; ratios: medians of interleaved pairs, {CONFIDENCE:.0%} interval",
    ]
    return "\n".join([*lines, limits(machine), *machine.notes])


def limits(machine: Machine) -> str:
    """What the machine can do at most, in one line."""
    reads = ", ".join(
        f"{level} {three_digits(machine.bandwidth[level] / 1e9)} GB/s"
        for level in (*machine.caches, MEMORY)
    )
    products = ", ".join(
        f"{three_digits(rate / 1e9)} GFLOP/s {dtype}"
        for dtype, rate in machine.multiply_rate.items()
    )
    threads = "1 thread"
    if machine.threads > 1:  # their CPU times add up
        threads = f"{machine.threads} threads, in wall time that other programs share"
    return f"limits with {threads}: reads {reads}; multiplies {products}"


def growth_table(growth: Sequence[Growth]) -> str:
    """How time grows with the samples, model by model."""
    rows = [(one.model, one.variant, str(one)) for one in growth]
    return aligned(("model", "variant", "time grows as"), rows) if rows else ""


def peer_table(beside: Sequence[Beside]) -> str:
    """Other libraries beside NumPy; a ratio above 1 means that NumPy is faster."""
    rows = [
        (
            *(b.model, b.size, b.computed, b.peer),
            *(duration(b.seconds), duration(b.reference), str(b.ratio)),
        )
        for b in beside
    ]
    headings = ("model", "size", "computed", "peer", "peer's", "NumPy's", "peer/NumPy [low, high]")
    return f"{aligned(headings, rows)}\n\n{PEER_THREADS}" if rows else ""


def counts_table(instructions: Mapping[str, int]) -> str:
    """Instructions of one update, counted by callgrind."""
    rows = [(name, f"{count}") for name, count in instructions.items()]
    return f"{aligned(('benchmark', 'instructions'), rows)}\n\n{COUNTS}" if rows else ""


def closing_table(rows: Sequence[Row], machine: Machine) -> str:
    """Every benchmark of the run, and how it was measured."""
    return f"{aligned(HEADINGS, [cells(row) for row in rows])}\n\n{conditions(machine)}"


def closing_markdown(rows: Sequence[Row], machine: Machine) -> str:
    """The closing table for a page."""
    return f"{markdown(HEADINGS, [cells(row) for row in rows])}\n\n{conditions(machine)}"


def change_cells(change: Change) -> tuple[str, ...]:
    """One verdict of a comparison as text."""
    verdict = change.outcome.value + (", heavier" if change.heavier else "")
    if math.isnan(change.ratio):
        return (change.benchmark, verdict, change.problem or "–", "–", "–", "–")
    base, head = change.peak_bytes
    peak = amount(head) if base == head else f"{amount(base)} → {amount(head)}"
    return (
        change.benchmark,
        verdict,
        f"{change.ratio:.3f} [{change.low:.3f}, {change.high:.3f}]",
        duration(change.seconds[0]),
        duration(change.seconds[1]),
        peak,
    )


def verdict_line(comparison: Comparison) -> str:
    """The whole comparison in one sentence."""
    names = f"{comparison.head} against {comparison.base}"
    if not comparison.compared:
        return f"{names}: nothing was compared, and that is no pass"
    bad = [
        f"{change.benchmark} ({change_cells(change)[1]})"
        for change in comparison.changes
        if change.fails
    ]
    told = "; ".join(bad) if bad else "nothing is slower, heavier or computes something else"
    several = "s" if comparison.compared > 1 else ""
    return f"{names}, {comparison.compared} benchmark{several} compared: {told}"


def comparison_text(comparison: Comparison, *, as_markdown: bool = False) -> str:
    """Verdict, table, threshold with its confidence, and notes."""
    draw = markdown if as_markdown else aligned
    lines = [verdict_line(comparison), ""]
    lines += [draw(CHANGE_HEADINGS, [change_cells(change) for change in comparison.changes]), ""]
    if comparison.threshold is not None:
        lines.append(comparison.threshold.sentence)
    lines += [f"clock: {CLOCK}; seed {comparison.seed}", *comparison.notes]
    return "\n".join(lines)
