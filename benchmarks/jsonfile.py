"""The figures as JSON: a public schema with a number; what is not known is null."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.machine import Machine
from benchmarks.paired import CLOCK
from benchmarks.peers import Beside
from benchmarks.regression import Change, Comparison
from benchmarks.row import Row
from benchmarks.scaling import Growth

SCHEMA = 1


def table_json(
    rows: Sequence[Row],
    machine: Machine,
    growth: Sequence[Growth] = (),
    peers: Sequence[Beside] = (),
    instructions: Mapping[str, int] | None = None,
) -> str:
    """{"schema", "kind": "table", "clock", "machine", "rows", "growth", "peers", "instructions"}.

    A row: the fields of `Row` with "share" of the machine's limit; times in seconds.
    """
    return _text(
        {
            "schema": SCHEMA,
            "kind": "table",
            "clock": CLOCK,
            "machine": machine.as_dict(),
            "rows": [{**asdict(row), "share": row.share} for row in rows],
            "growth": [asdict(one) for one in growth],
            "peers": [asdict(one) for one in peers],
            "instructions": dict(instructions or {}),
        }
    )


def comparison_json(comparison: Comparison) -> str:
    """{"schema", "kind": "comparison", "base", "head", "passed", "compared", "changes", …}.

    A change: benchmark, outcome (a word of `Outcome`), heavier, ratio head/base with the range of
    its processes, seconds and peak_bytes of [base, head], problem.
    """
    limit = comparison.threshold
    return _text(
        {
            "schema": SCHEMA,
            "kind": "comparison",
            "clock": CLOCK,
            "base": comparison.base,
            "head": comparison.head,
            "passed": comparison.passed,
            "compared": comparison.compared,
            "threshold": None
            if limit is None
            else {"ratio": math.exp(limit.value), **asdict(limit)},
            "changes": [_change(change) for change in comparison.changes],
            "seed": comparison.seed,
            "notes": list(comparison.notes),
        }
    )


def _change(change: Change) -> dict[str, Any]:
    return {**asdict(change), "outcome": change.outcome.value, "heavier": change.heavier}


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(_known(document), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _known(value: Any) -> Any:
    """The value with null for every number that is none."""
    if isinstance(value, Mapping):
        return {str(key): _known(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_known(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
