"""Runs that are kept, and where in them something changed.

Ratios of one run are kept, never compared across machines: every series belongs to one fingerprint.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scipy import stats

from benchmarks.decision import DIFFERENCE, FALSE_ALARMS
from benchmarks.machine import Machine
from benchmarks.row import Row
from checks.ratios import three_digits
from reference.contract import Array

DEFAULT_STORE = Path(".benchmarks") / "history.sqlite"
SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, revision TEXT NOT NULL,
    fingerprint TEXT NOT NULL, facts TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS figures (
    run INTEGER NOT NULL REFERENCES runs(id), benchmark TEXT NOT NULL,
    ratio REAL, low REAL, high REAL, peak_bytes INTEGER NOT NULL, instructions INTEGER,
    PRIMARY KEY (run, benchmark)
);
"""
NO_CHANGE_POINTS = (
    "change points need the library ruptures: pip install ruptures (the group history)"
)
FEWEST_FOR_CHANGES = 6  # runs of a series before a change is looked for
SHADES = "▁▂▃▄▅▆▇█"


class HistoryError(Exception):
    """The store cannot be used; the text is the one sentence a person reads."""


@dataclass(frozen=True)
class Series:
    """One benchmark on one machine over time, oldest first.

    ratios: loop over vectorised (higher is better), with low and high of their intervals.
    changes: positions from which on the ratio is another; None where they could not be looked for.
    """

    benchmark: str
    fingerprint: str
    revisions: tuple[str, ...]
    ratios: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    changes: tuple[int, ...] | None

    @property
    def change_sentences(self) -> list[str]:
        """Each change with its size and its revision."""
        edges = [0, *(self.changes or ()), len(self.ratios)]
        levels = [
            float(np.exp(np.mean(np.log(self.ratios[a:b])))) for a, b in itertools.pairwise(edges)
        ]
        return [
            f"from {self.revisions[at]} on {after / before - 1:+.1%} ({before:.3g} → {after:.3g})"
            for at, before, after in zip(self.changes or (), levels, levels[1:], strict=False)
        ]


@contextmanager
def _opened(store: Path) -> Iterator[sqlite3.Connection]:
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(store)) as connection, connection:
            connection.executescript(SCHEMA)
            yield connection
    except (sqlite3.DatabaseError, OSError) as error:
        raise HistoryError(f"{store} is no history that can be used: {error}") from None


def prepare(store: Path) -> None:
    """Makes the store where there is none; raises HistoryError where it cannot be used."""
    with _opened(store):
        pass


def record(
    store: Path,
    rows: Sequence[Row],
    machine: Machine,
    revision: str,
    instructions: Mapping[str, int] | None = None,
) -> int:
    """Appends one run; returns how many runs the store then holds."""
    counted = instructions or {}
    with _opened(store) as connection:
        run = connection.execute(
            "INSERT INTO runs (at, revision, fingerprint, facts) VALUES (?, ?, ?, ?)",
            (
                datetime.now(UTC).isoformat(timespec="seconds"),
                revision,
                machine.fingerprint,
                json.dumps(dict(machine.facts)),
            ),
        ).lastrowid
        connection.executemany(
            "INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    run,
                    row.benchmark,
                    row.ratio.ratio if row.ratio else None,
                    row.ratio.low if row.ratio else None,
                    row.ratio.high if row.ratio else None,
                    row.peak_bytes,
                    counted.get(row.benchmark),
                )
                for row in rows
            ],
        )
        return int(connection.execute("SELECT COUNT(*) FROM runs").fetchone()[0])


def read(store: Path, fingerprint: str | None = None) -> list[Series]:
    """Every series of the store, of one machine if it is named.

    Raises HistoryError where there is no store, or where the file is none.
    """
    if not store.exists():
        raise HistoryError(f"{store} does not exist: record a run first, with --record")
    with _opened(store) as connection:
        figures = connection.execute(
            "SELECT benchmark, fingerprint, revision, ratio, low, high FROM figures "
            "JOIN runs ON runs.id = figures.run WHERE ratio IS NOT NULL ORDER BY runs.id"
        ).fetchall()
    kept: dict[tuple[str, str], list[tuple[str, float, float, float]]] = {}
    for benchmark, machine, *figure in figures:
        if fingerprint in (None, machine):
            kept.setdefault((benchmark, machine), []).append(tuple(figure))
    return [_series(*key, points) for key, points in kept.items()]


def _series(
    benchmark: str, fingerprint: str, points: list[tuple[str, float, float, float]]
) -> Series:
    revisions, ratios, low, high = zip(*points, strict=True)
    changes = change_points(np.array(ratios))
    return Series(benchmark, fingerprint, revisions, ratios, low, high, changes)


def change_points(ratios: Array) -> tuple[int, ...] | None:
    """Where the level of the ratios changes, by PELT (Killick et al. 2012) on their logarithms.

    A change must lower the squared error by more than noise does, at the best of n places, in a
    share FALSE_ALARMS of all series: σ² times that quantile of χ²(1), Bonferroni's over n.  The
    noise σ is taken from neighbours' differences.  None where the library is missing.
    """
    try:
        import ruptures  # optional: the group history
    except ImportError:
        return None
    if len(ratios) < FEWEST_FOR_CHANGES:
        return ()
    logs = np.log(ratios)
    noise = float(np.median(np.abs(np.diff(logs)))) / DIFFERENCE
    quantile = float(stats.chi2.isf(FALSE_ALARMS / len(logs), df=1))
    penalty = quantile * max(noise, float(np.finfo(float).eps)) ** 2
    search = ruptures.Pelt(model="l2", min_size=2, jump=1).fit(logs)
    return tuple(int(at) for at in search.predict(pen=penalty)[:-1])


def text(series: Sequence[Series]) -> str:
    """Every series as a line of shades, with its changes below."""
    lines = []
    for one in series:
        shades = _shades(np.log(one.ratios))
        runs = "1 run" if len(one.ratios) == 1 else f"{len(one.ratios)} runs"
        lines.append(
            f"{one.benchmark:<34} {shades}  {three_digits(one.ratios[-1])} now, {runs}, "
            f"machine {one.fingerprint}"
        )
        lines += [f"    {sentence}" for sentence in one.change_sentences]
    if any(one.changes is None for one in series):
        lines.append(NO_CHANGE_POINTS)
    return "\n".join(lines)


def _shades(logs: Array) -> str:
    spread = float(np.ptp(logs))
    # A spread below a tenth is drawn flat: noise is no mountain range.
    scaled = (logs - logs.min()) / max(spread, 0.1)
    return "".join(SHADES[min(7, int(8 * value))] for value in scaled)
