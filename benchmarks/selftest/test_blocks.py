"""The row blocks: the same sums, flat memory, data larger than memory."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.agreement import agree
from benchmarks.machine import pinned
from benchmarks.paired import interleave
from benchmarks.pairs import Benchmark
from benchmarks.trial import peak_bytes
from benchmarks.versions import SUITE
from reference import blocks

LEAST_SQUARES = ("slope", "line", "line_half_sse", "plane", "multilinear", "linear_system")
NETWORKS = {
    "network": (("h", 3), ("o", 2)),
    "network_biased": (("h", 3), ("o", 2)),
    "mlp": (("h1", 3), ("h2", 2)),
}
ALL = (*LEAST_SQUARES, "neuron", "sigmoid_unit", *NETWORKS)
MEGABYTE = 1_000_000
EPS = float(np.finfo(float).eps)


def benchmark(model: str, samples: int, inputs: int = 1) -> Benchmark:
    if model == "linear_system":
        return Benchmark(model, (("m", samples), ("n", inputs)))
    if model in ("slope", "line", "line_half_sse", "plane"):
        return Benchmark(model, (("N", samples),))
    return Benchmark(model, (("N", samples), ("d", inputs), *NETWORKS.get(model, ())))


def rows_in_a_block(columns: int) -> int:
    return blocks.BLOCK_BYTES // (8 * columns)


@pytest.mark.parametrize("samples", [1, 7, 100])
@pytest.mark.parametrize("rows", [1, 3, 7, 100], ids=lambda rows: f"{rows} rows")
def test_blocks_cover_every_row_once(
    samples: int, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", rows * 2 * 8)
    X, y = np.arange(2.0 * samples).reshape(samples, 2), np.arange(float(samples))
    pieces = list(blocks.row_blocks(X, y))
    assert np.array_equal(np.concatenate([part for part, _ in pieces]), X)
    assert np.array_equal(np.concatenate([part for _, part in pieces]), y)
    assert all(np.shares_memory(part, X) for part, _ in pieces)
    lengths = [len(part) for part, _ in pieces]
    assert len(lengths) == math.ceil(samples / rows)
    assert lengths[-1] <= min(lengths[:-1], default=samples) == max(lengths) <= rows


def test_a_width_counts_in_the_place_of_the_row_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 40 * 8)
    X, y = np.ones((30, 2)), np.ones((30, 1))
    lengths = {
        width: [len(part) for part, _ in blocks.row_blocks(X, y, width)] for width in (0, 1, 4)
    }
    assert lengths == {0: [15, 15], 1: [30], 4: [10, 10, 10]}


def test_a_row_longer_than_a_block_is_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 8)
    X = np.ones((3, 5))
    assert [len(part) for part, _ in blocks.row_blocks(X, np.ones(3))] == [1, 1, 1]


@pytest.mark.parametrize("model", ALL)
@pytest.mark.parametrize("inputs", [1, 3], ids=lambda d: f"d={d}")
def test_sums_do_not_depend_on_the_blocks(
    model: str, inputs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    workload = benchmark(model, 1_000, inputs).draw()
    whole = workload.vectorised()
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 8 * 64 * inputs)
    agreed = agree(workload.vectorised(), whole, workload.allowance)
    assert agreed, agreed.sentence
    loss = workload.asking("loss").vectorised
    in_blocks = np.asarray(loss())
    monkeypatch.undo()
    assert abs(in_blocks - np.asarray(loss())) <= 1_000 * EPS * in_blocks


@pytest.mark.parametrize("function", ["update", "loss"])
@pytest.mark.parametrize("model", LEAST_SQUARES)
def test_memory_stays_below_a_megabyte_at_a_million_samples(model: str, function: str) -> None:
    workload = benchmark(model, 1_000_000).draw().asking(function)
    assert peak_bytes(workload.vectorised) < MEGABYTE


@pytest.mark.parametrize("model", ["neuron", "sigmoid_unit", *NETWORKS])
def test_memory_does_not_grow_with_the_samples(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 64 * 1024)  # quicker, with fewer samples
    rows = rows_in_a_block(6)  # three hidden units and their deltas; of three inputs, half a block
    few, many = (
        peak_bytes(benchmark(model, count, 3).draw().vectorised) for count in (4 * rows, 16 * rows)
    )
    assert many <= few + MEGABYTE / 10


def test_the_sum_without_blocks_would_need_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above can fail: with one block as large as X it does."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 10**12)
    assert peak_bytes(benchmark("line", 1_000_000).draw().vectorised) > MEGABYTE


PROGRAM = """
import resource, sys
import numpy as np
from reference.models import multilinear
path, rows, columns, allowed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
# The linear algebra library takes its own buffer once, whatever the data are.
multilinear.gradient(np.ones((5000, columns)), np.ones(5000), np.ones(columns), 0.0)
# The map itself takes address space; what else is taken must fit into what is allowed.
size = rows * columns * 8
in_use = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (in_use + size + allowed, in_use + size + allowed))
X = np.memmap(path, dtype=np.float64, mode="r", shape=(rows, columns))
dw, db = multilinear.gradient(X, np.ones(rows), np.ones(columns), 0.0)
print(*dw, db)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are enforced on Linux only")
def test_data_several_times_the_allowed_memory_are_read_from_a_file(tmp_path: Path) -> None:
    """X takes 96 MB in the file; the process may allocate 24 MB, of which y takes 8."""
    rows, columns, allowed = 1_000_000, 12, 24 * MEGABYTE
    path = tmp_path / "X"
    kept = np.memmap(path, dtype=np.float64, mode="w+", shape=(rows, columns))
    kept[:] = np.arange(1, columns + 1)
    kept.flush()
    command = [sys.executable, "-c", PROGRAM, str(path), str(rows), str(columns), str(allowed)]
    environment = {"PYTHONPATH": str(SUITE), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    # Every row is 1 … 12 and every residual 1 + … + 12 − 1: whole numbers, so sums are exact.
    residual = columns * (columns + 1) // 2 - 1
    expected = [2.0 * residual * j for j in range(1, columns + 1)] + [2.0 * residual]
    assert [float(word) for word in done.stdout.split()] == expected


def test_the_limit_of_that_test_is_enforced() -> None:
    """The check above can fail: an array of the data's own size does not fit."""
    program = (
        "import resource\nimport numpy as np\n"
        "in_use = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "limit = in_use + 24_000_000\n"
        "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\nnp.ones(12_000_000)\n"
    )
    environment = {"OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Unable to allocate" in done.stderr


def test_one_column_is_no_slower_than_two() -> None:
    """With X @ w for a single column it was: that form takes a slow path there."""
    one, two = (benchmark("multilinear", 200_000, d).draw().vectorised for d in (1, 2))
    with pinned(1):
        assert interleave(one, two, block_seconds=0.005).ratio.ratio < 1
