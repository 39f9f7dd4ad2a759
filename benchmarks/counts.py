"""A second opinion: how many instructions an update takes, counted by valgrind's callgrind.

Counts repeat where times do not, but they do not see memory traffic: for small sizes only.
Run as `python -m benchmarks.counts` this module is the process that is counted.
"""

from __future__ import annotations

import compileall
import gc
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import confinement
from benchmarks.pairs import Benchmark
from benchmarks.versions import PACKAGE, SUITE, Version, load

NO_VALGRIND = "valgrind is not installed: instructions are not counted (everything else is)"
# Callgrind writes its counters away whenever this function is entered: one that no update calls.
MARK = "getppid"
CALLS = 8
LARGEST = 20_000  # terms: callgrind is some fifty times slower than the processor
SECONDS = 600.0
# Nothing that changes from run to run: no hash seed, no threads, no processor-specific kernels.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Haswell",
    "PYTHONPATH": str(SUITE),
}


class CountsError(Exception):
    """Instructions cannot be counted; the text is the one sentence a person reads."""


def available() -> bool:
    """Whether valgrind is installed."""
    return shutil.which("valgrind") is not None


def instructions(version: Version, benchmarks: Sequence[Benchmark]) -> dict[str, int]:
    """Instructions of one call by benchmark, for those of at most LARGEST terms.

    The difference between 2·CALLS and CALLS calls, so that no start and no frame counts.  Raises
    CountsError where valgrind is missing or the counted process fails.
    """
    if not available():
        raise CountsError(NO_VALGRIND)
    small = [one for one in benchmarks if one.loop_terms <= LARGEST]
    with tempfile.TemporaryDirectory(prefix="counts-") as folder:
        # Every version is counted from a place of the same length, compiled beforehand: how memory
        # is laid out depends on both, and some counts on how memory is laid out.
        place = _copied(version, Path(folder))
        compileall.compile_dir(SUITE / "benchmarks", quiet=2)
        compileall.compile_dir(SUITE / PACKAGE, quiet=2)
        request = json.dumps([str(place), [asdict(one) for one in small]])
        _run_counted(request, folder, confinement.prefix() if version.is_file else ())
        # Part k ends at the k-th mark: for each benchmark start, CALLS calls, 2·CALLS calls.
        totals = [_total(Path(f"{folder}/part.{1 + part}")) for part in range(3 * len(small))]
    return {
        one.name: round((totals[3 * index + 2] - totals[3 * index + 1]) / CALLS)
        for index, one in enumerate(small)
    }


def _run_counted(request: str, folder: str, confined: Sequence[str]) -> None:
    """Runs the counted process on this request; its parts are left in the folder.

    confined: what it is started with to write nowhere else.
    """
    command = [
        *([*confined, "--bind", folder, folder] if confined else ()),
        *_same_addresses(),
        "valgrind",
        "--tool=callgrind",
        "--vgdb=no",
        f"--callgrind-out-file={folder}/part",
        f"--dump-before={MARK}",
        sys.executable,
        "-m",
        "benchmarks.counts",
    ]
    try:
        done = subprocess.run(
            command,
            input=request,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            cwd=SUITE,
            env={
                "PATH": os.environ.get("PATH", os.defpath),
                "TMPDIR": folder,  # valgrind's own notes
                **ENVIRONMENT,
            },
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CountsError(f"the counted process did not end within {SECONDS:.0f} s") from None
    if done.returncode:
        own = [line for line in done.stderr.splitlines() if line and not line.startswith("==")]
        last = own[-1] if own else "nothing was said"
        raise CountsError(f"the counted process ended with status {done.returncode}: {last}")


def _copied(version: Version, folder: Path) -> Path:
    """The version's code in a folder of its own, compiled; the path that `load` takes."""
    code = folder / "code"
    if version.is_file:
        code.mkdir()
        return Path(shutil.copy(version.path, code))
    shutil.copytree(
        version.path / PACKAGE, code / PACKAGE, ignore=shutil.ignore_patterns("__pycache__")
    )
    compileall.compile_dir(code, quiet=2)
    return code


def _same_addresses() -> list[str]:
    """The prefix that puts memory at the same addresses in every run, where the system has one."""
    setarch = shutil.which("setarch")
    return [setarch, platform.machine(), "--addr-no-randomize"] if setarch else []


def differences(base: Mapping[str, int], head: Mapping[str, int]) -> list[str]:
    """A sentence for each benchmark whose count changed, largest relative change first."""
    changed = [name for name in base if name in head and base[name] != head[name]]
    changed.sort(key=lambda name: -abs(head[name] / base[name] - 1))
    return [
        f"{name}: {head[name] / base[name] - 1:+.2%} instructions ({base[name]} → {head[name]})"
        for name in changed
    ]


def _total(part: Path) -> int:
    if not part.is_file():
        raise CountsError(f"the counted process ended before callgrind wrote {part.name}")
    found = re.search(r"^(?:summary|totals): (\d+)", part.read_text(), re.MULTILINE)
    if found is None:
        raise CountsError(f"callgrind wrote no total into {part.name}")
    return int(found.group(1))


def main() -> None:
    """The counted process: for each benchmark, CALLS calls between marks, then twice as many."""
    path, asked = json.loads(sys.stdin.read())
    version = Version("counted", Path(path))
    gc.disable()
    for one in asked:
        benchmark = Benchmark(one["model"], tuple(tuple(size) for size in one["sizes"]))
        call = benchmark.draw().call_of(load(version, benchmark.model, "_counted"))
        for _ in range(CALLS):
            call()
        os.getppid()
        for calls in (CALLS, 2 * CALLS):
            for _ in range(calls):
                call()
            os.getppid()


if __name__ == "__main__":
    main()
