"""The command without `--against`: limits of the machine, the closing table, growth, peers."""

from __future__ import annotations

from argparse import Namespace

from benchmarks import counts, history, jsonfile, machine, peers, plots, scaling, table, versions
from benchmarks.pairs import chosen
from benchmarks.row import measure as measure_row
from benchmarks.versions import SUITE, Version

SECONDS = 0.5


def run(options: Namespace) -> None:
    """Measures, prints and writes what the options ask for."""
    if options.record:  # a store that cannot be used is told before minutes of measuring
        history.prepare(options.store)
    limits = machine.measure(1, options.seconds / 10)
    rows = [
        measure_row(one.draw(options.seed), limits, options.seconds)
        for one in chosen(options.models)
    ]
    growth = scaling.measure_all(list(dict.fromkeys(row.model for row in rows)))
    parts = [table.closing_table(rows, limits)]
    if machine.cores() > 1:
        parts.append(table.limits(machine.measure(2, options.seconds / 10)))
    parts.append(table.growth_table(growth))
    beside: list[peers.Beside] = []
    if options.peers:
        beside, absent = peers.measure_all(options.models, options.seconds, options.seed)
        parts += [table.peer_table(beside), *absent]
    counted = {}
    if options.counts:
        try:
            counted = counts.instructions(Version("work tree", SUITE), chosen(options.models))
            parts.append(table.counts_table(counted))
        except counts.CountsError as missing:
            parts.append(str(missing))
    print("\n\n".join(part for part in parts if part))
    if options.markdown is not None:
        options.markdown.write_text(table.closing_markdown(rows, limits) + "\n")
    if options.json is not None:
        options.json.write_text(jsonfile.table_json(rows, limits, growth, beside, counted))
    if options.plots is not None:
        print("\n".join(plots.draw_rows(options.plots, rows, limits)))
    if options.record:
        runs = history.record(options.store, rows, limits, _revision(), counted)
        print(f"recorded: run {runs} of {options.store}")


def show_history(options: Namespace) -> int:
    """Prints every recorded series, and draws it where a folder is named."""
    series = [one for one in history.read(options.store) if _wanted(one.benchmark, options.models)]
    print(history.text(series) or "no recorded run has such a benchmark")
    if options.plots is not None:
        print("\n".join(plots.draw_history(options.plots, series)))
    return 0


def _wanted(benchmark: str, models: tuple[str, ...]) -> bool:
    return not models or benchmark.split(" ")[0] in models


def _revision() -> str:
    """The revision of the work tree, or "unversioned" outside of git."""
    try:
        return versions.revision(versions.work_tree(SUITE))
    except versions.VersionError:
        return "unversioned"
