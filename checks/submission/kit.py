"""The folder that a worker imports from: NumPy, SciPy and the worker's own code, nothing else.

Made once in a grading process.  The reference, the checks and whatever else is installed beside
NumPy are not in it, and a worker starts without `site`, so that no path file or import hook of
the grading environment reaches it.
"""

from __future__ import annotations

import compileall
import functools
import importlib.util
import shutil
from pathlib import Path

from checks.submission.private import fresh_folder

PACKAGES = ("numpy", "scipy")
WORKER = Path(__file__).parent / "worker"


@functools.cache
def kit() -> Path:
    """The folder, made at the first call and removed when the grading process ends."""
    folder = fresh_folder("kit")
    shutil.copytree(WORKER, folder / "worker", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(folder / "worker", quiet=2)
    for path in package_folders():
        (folder / path.name).symlink_to(path)
    readable_by_all(folder)
    return folder


def readable_by_all(folder: Path) -> None:
    """Whatever the umask was: a worker may run as another user than the one who grades."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)


@functools.cache
def package_folders() -> tuple[Path, ...]:
    """The folders of NumPy and SciPy, and those of the shared libraries they bring along."""
    found = []
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        package = Path(spec.origin).resolve().parent
        found += [package, *package.parent.glob(f"{name}.libs")]
    return tuple(found)
