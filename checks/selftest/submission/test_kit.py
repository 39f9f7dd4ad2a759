"""What a worker imports from is complete and readable."""

from __future__ import annotations

from pathlib import Path

from checks.submission.kit import kit, readable_by_all


def test_the_kit_holds_numpy_scipy_and_the_worker_and_nothing_else() -> None:
    names = {path.name for path in kit().iterdir()}
    assert {"numpy", "scipy", "worker"} <= names
    assert names <= {"numpy", "scipy", "worker", "numpy.libs", "scipy.libs"}


def test_the_kit_is_readable_whatever_the_umask(tmp_path: Path) -> None:
    part = tmp_path / "worker"
    part.mkdir(0o700)
    (part / "serve.py").touch(0o600)
    readable_by_all(tmp_path)
    assert [p.stat().st_mode & 0o777 for p in (part, part / "serve.py")] == [0o755, 0o644]
