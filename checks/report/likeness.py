"""Groups submissions that are the same program under other names, or nearly so.

Small programs by the same contract come out alike by themselves: a group is a place to look,
never a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from checks.report.summary import Summary

# The part of fingerprints two programs share to be called near (Broder's resemblance).
NEAR = 0.9
# Different programs of one model that are compared pair by pair; of more only equals are found.
MOST = 1000


@dataclass(frozen=True)
class Alike:
    """Submissions of one model; same: equal but for names, comments and layout."""

    model: str
    same: bool
    submissions: tuple[Summary, ...]


def alike(summaries: Sequence[Summary]) -> tuple[Alike, ...]:
    """Groups of two or more of different submitters, the largest first.

    Equal programs form a group; near ones are joined to it, and the group is then not the same.
    """
    by_digest: dict[tuple[str, str], list[Summary]] = {}
    for row in summaries:
        if row.likeness:
            by_digest.setdefault((row.model, row.likeness[0]), []).append(row)
    groups = []
    for model in dict.fromkeys(model for model, _ in by_digest):
        kinds = [rows for (of, _), rows in by_digest.items() if of == model]
        groups += [_group(model, cluster) for cluster in _clusters(kinds)]
    shared = [group for group in groups if len({row.subject for row in group.submissions}) > 1]
    return tuple(sorted(shared, key=lambda group: -len(group.submissions)))


def resemblance(one: Sequence[str], other: Sequence[str]) -> float:
    """The estimated part of passages that two programs share, 0 to 1.

    Of the smallest fingerprints of both together, as many as either has, the part that both have.
    """
    mine, theirs = set(one[1:]), set(other[1:])
    smallest = sorted(mine | theirs)[: max(len(mine), len(theirs))]
    return sum(f in mine and f in theirs for f in smallest) / len(smallest) if smallest else 0.0


def _clusters(kinds: list[list[Summary]]) -> list[list[list[Summary]]]:
    """Kinds of equal programs, joined where one resembles another."""
    place = list(range(len(kinds)))
    if len(kinds) <= MOST:
        for first, second in combinations(range(len(kinds)), 2):
            if resemblance(kinds[first][0].likeness, kinds[second][0].likeness) >= NEAR:
                old, new = place[second], place[first]
                place = [new if where == old else where for where in place]
    clusters: dict[int, list[list[Summary]]] = {}
    for where, rows in zip(place, kinds, strict=True):
        clusters.setdefault(where, []).append(rows)
    return list(clusters.values())


def _group(model: str, cluster: list[list[Summary]]) -> Alike:
    return Alike(model, len(cluster) == 1, tuple(row for rows in cluster for row in rows))
