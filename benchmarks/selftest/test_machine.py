"""The limits of the machine: levels told apart, bounded in time, nothing faster than its roof."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import threadpoolctl

from benchmarks import machine
from benchmarks.machine import MEMORY, ONE_CORE, USUAL_CACHES, Machine
from benchmarks.versions import SUITE


def cache(folder: Path, index: int, level: str, kind: str, size: str) -> None:
    place = folder / f"index{index}"
    place.mkdir()
    for name, value in (("level", level), ("type", kind), ("size", size)):
        (place / name).write_text(value + "\n")


def test_data_caches_are_read_smallest_first(tmp_path: Path) -> None:
    cache(tmp_path, 0, "3", "Unified", "32768K")
    cache(tmp_path, 1, "1", "Instruction", "32K")
    cache(tmp_path, 2, "1", "Data", "48K")
    assert machine.cache_sizes(tmp_path) == {"L1": 48 << 10, "L3": 32 << 20}
    assert next(iter(machine.cache_sizes(tmp_path))) == "L1"


def test_usual_caches_stand_in_where_the_system_tells_nothing(tmp_path: Path) -> None:
    assert machine.cache_sizes(tmp_path / "absent") == USUAL_CACHES


@pytest.mark.parametrize(
    ("size", "expected"), [(400, 9.0), (600, 3.0), (5_000, 3.0), (6_000, 1.0)], ids=str
)
def test_a_working_set_is_read_from_the_level_that_holds_it(size: int, expected: float) -> None:
    levels = Machine(
        "m", {}, 1, {"L1": 1_000, "L2": 10_000}, {"L1": 9.0, "L2": 3.0, MEMORY: 1.0}, {}
    )
    assert levels.read_rate(size) == expected


def test_the_roofline_is_the_slower_of_reading_and_multiplying() -> None:
    roof = Machine("m", {}, 1, {}, {MEMORY: 10.0}, {"float64": 100.0})
    assert roof.least_seconds(read=50, operations=100) == 5.0
    assert roof.least_seconds(read=50, operations=1_000) == 10.0


def test_limits_are_measured_in_bounded_time_and_are_consistent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "MEMORY_BYTES", 64 << 20)  # enough for a test
    start = time.perf_counter()
    measured = machine.measure(seconds=0.02)
    assert time.perf_counter() - start < 20
    rates = [measured.bandwidth[level] for level in (*measured.caches, MEMORY)]
    assert rates == sorted(rates, reverse=True)
    assert all(rate > 0 for rate in (*rates, *measured.multiply_rate.values()))


def test_threads_are_pinned_inside_and_given_back_outside() -> None:
    def threads() -> list[int]:
        return [pool["num_threads"] for pool in threadpoolctl.threadpool_info()]

    before = threads()
    with machine.pinned(1):
        assert set(threads()) == {1}
    assert threads() == before


def test_one_core_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 1)
    assert ONE_CORE in machine.describe().notes
    monkeypatch.setattr(machine, "cores", lambda: 2)
    assert ONE_CORE not in machine.describe().notes


ALL_WIDE = "fma avx2 " + " ".join(machine.WIDE)
BY_ITSELF = "with OPENBLAS_CORETYPE=SkylakeX in the environment its products may be faster"
BY_VARIABLE = "OPENBLAS_CORETYPE=Haswell in the environment keeps NumPy's OpenBLAS from AVX-512"


@pytest.mark.parametrize(
    ("blas", "flags", "asked", "said"),
    [
        ("openblas 0.3.31 Haswell", ALL_WIDE, "", BY_ITSELF),
        ("openblas 0.3.31 Haswell", ALL_WIDE, "no such kernels", BY_ITSELF),
        ("openblas 0.3.31 Haswell", ALL_WIDE, "Haswell", BY_VARIABLE),
        ("openblas 0.3.31 SkylakeX", ALL_WIDE, "", ""),
        ("openblas 0.3.31 Haswell", "fma avx2", "Haswell", ""),
        ("openblas 0.3.31 Haswell", ALL_WIDE.replace("avx512vl", ""), "", ""),
        ("mkl 2026.0", ALL_WIDE, "", ""),
        ("unknown", "", "", ""),
    ],
    ids=[
        "chosen",
        "asked in vain",
        "asked",
        "wide",
        "narrow processor",
        "half wide processor",
        "another library",
        "no library",
    ],
)
def test_narrow_kernels_on_a_wide_processor_are_said(
    blas: str, flags: str, asked: str, said: str
) -> None:
    sentence = machine.kernels_note(blas, flags, asked)
    assert said in sentence
    assert bool(sentence) is bool(said)


def told_with(coretype: str) -> str:
    """The library and the notes of a fresh process whose environment has this variable."""
    program = "from benchmarks.machine import describe as d; print(d().facts['blas'], *d().notes)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=SUITE,
        env={**os.environ, machine.CORETYPE: coretype},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_variable_that_narrows_the_kernels_is_said() -> None:
    """A real OpenBLAS, asked for narrow kernels and left to choose."""
    own = told_with("")
    if "SkylakeX" not in own.split():
        pytest.skip(f"left to choose, NumPy's library has no wide kernels here: {own.strip()}")
    assert machine.CORETYPE not in own
    assert BY_VARIABLE in told_with("Haswell")


def test_the_fingerprint_belongs_to_the_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    here = machine.describe()
    assert here.fingerprint == machine.describe().fingerprint
    assert here.fingerprint != machine.describe(threads=2).fingerprint
    monkeypatch.setattr(np, "__version__", "0")
    assert here.fingerprint != machine.describe().fingerprint
