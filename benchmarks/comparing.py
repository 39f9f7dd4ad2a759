"""The command `--against`: gets both versions, compares them, says and writes the verdicts."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks import confinement, counts, jsonfile, versions
from benchmarks.pairs import BENCHMARKS, Benchmark
from benchmarks.regression import Comparison, compare_versions
from benchmarks.table import comparison_text
from benchmarks.versions import SUITE, Version, VersionError
from reference import catalogue

# A call of a compared benchmark fits into a block of 10 ms; its data are drawn in each process.
MOST_ENTRIES = 1_500_000


def run(options: Namespace) -> bool:
    """Compares, prints and writes; returns whether the comparison passed."""
    with asked_versions(options.against, options.file) as (base, head):
        benchmarks = asked_benchmarks(base, head, options.models)
        comparison = compare_versions(
            base, head, benchmarks, budget=options.budget, seed=options.seed
        )
        if options.counts:
            comparison = with_counts(comparison, base, head, benchmarks)
    print(comparison_text(comparison))
    if options.markdown is not None:
        options.markdown.write_text(comparison_text(comparison, as_markdown=True) + "\n")
    if options.json is not None:
        options.json.write_text(jsonfile.comparison_json(comparison))
    return comparison.passed


@contextmanager
def asked_versions(against: str, file: Path | None = None) -> Iterator[tuple[Version, Version]]:
    """Base and head: a revision or a file, and the work tree or a file.

    Raises VersionError where one of them cannot be had.
    """
    if file is not None and not file.is_file():
        raise VersionError(f"there is no file {file} to compare")
    base_file = Path(against) if against and Path(against).is_file() else None
    if base_file is not None:
        head = of_file(file) if file is not None else Version("the reference", SUITE)
        yield of_file(base_file), head
        return
    if file is not None:
        raise VersionError(f"there is no file {against} to compare {file} with")
    tree = versions.work_tree(SUITE)
    within = SUITE.resolve().relative_to(tree.resolve())  # the suite may be part of a repository
    head = versions.head(tree)
    with versions.checked_out(tree, against or versions.default_base(tree)) as base:
        yield replace(base, path=base.path / within), replace(head, path=head.path / within)


def of_file(path: Path) -> Version:
    """One implementation in a file, run in a process apart and confined where that can be.

    Raises VersionError where the file is not named as Python files are.
    """
    if path.suffix != ".py":
        raise VersionError(f"{path} is no Python file (.py)")
    return Version(str(path), path.resolve(), confinement.note())


def asked_benchmarks(
    base: Version, head: Version, models: tuple[str, ...] = ()
) -> tuple[Benchmark, ...]:
    """The benchmarks of these models; of a file's own model where a file is compared.

    Raises VersionError where it cannot be told which model a file implements.
    """
    files = [version for version in (base, head) if version.is_file]
    known = {entry.name for entry in catalogue.CATALOGUE}
    if files and not models:
        models = tuple(sorted({one.path.stem for one in files} & known))
        if not models:
            raise VersionError(
                f"which model does {files[0].label} implement?  Name it, --models=line, "
                "or the file after it, line.py"
            )
    if files and len(models) > 1:
        raise VersionError(f"a file implements one model, not {', '.join(models)}: --models=line")
    return tuple(
        one
        for one in BENCHMARKS
        if (not models or one.model in models) and one.data_entries <= MOST_ENTRIES
    )


def with_counts(
    comparison: Comparison, base: Version, head: Version, benchmarks: tuple[Benchmark, ...]
) -> Comparison:
    """The comparison with the counted differences, or the reason for none, among its notes."""
    shared = [one for one in benchmarks if one.model in base.models() & head.models()]
    try:
        both = [counts.instructions(version, shared) for version in (base, head)]
    except counts.CountsError as missing:
        return replace(comparison, notes=(*comparison.notes, str(missing)))
    told = counts.differences(*both) or ["no instruction count differs"]
    return replace(comparison, notes=(*comparison.notes, *told))
