"""What is unsafe, damaged or too large in a zip is named, and nothing of it gets anywhere else."""

from __future__ import annotations

import stat
import warnings
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from checks.selftest.forms.zips import SOURCE, gradable, refusals, zipped
from checks.submission import archive
from checks.submission.discovery import discover
from checks.submission.exports import read_name
from checks.submission.limits import SIZE_CAP
from checks.submission.notebook import NOTEBOOK_CAP

pytestmark = pytest.mark.usefixtures("in_an_empty_folder")

UNSAFE = {
    "leaves": ("../evil.py", "a path that leaves it"),
    "leaves below": ("ana/../../evil.py", "a path that leaves it"),
    "leaves by backslashes": ("..\\evil.py", "a path that leaves it"),
    "absolute": ("/tmp/evil.py", "an absolute path"),
    "drive": ("C:/evil.py", "an absolute path"),
    "control characters": ("ana/\x1b[2Jline.py", "a name with control characters, or too long"),
    "long": ("a" * 300 + ".py", "a name with control characters, or too long"),
}


@pytest.mark.parametrize(("entry", "said"), UNSAFE.values(), ids=UNSAFE)
def test_an_unsafe_entry_is_named_and_the_others_are_graded(entry: str, said: str) -> None:
    path = zipped("class.zip", {entry: SOURCE, "ben/line.py": SOURCE, "carl/line.py": SOURCE})
    before = set(Path().resolve().parent.rglob("*"))
    assert [name for name, _, _ in gradable(path)] == ["ben", "carl"]
    (refusal,) = refusals(path)
    assert said in refusal
    assert set(Path().resolve().parent.rglob("*")) == before


def test_a_student_named_as_a_path_goes_nowhere() -> None:
    for name in ("..", "."):
        assert read_name(f"{name}_1_2_line.py") is None
        assert read_name(f"ana_1_2_{name}") is None


@pytest.mark.parametrize(
    ("kind", "said"), [(stat.S_IFLNK, "a link"), (stat.S_IFIFO, "no regular file")]
)
def test_a_link_is_not_followed(kind: int, said: str) -> None:
    path = zipped("class.zip", {"ana/line.py": "/etc/passwd"}, kind=kind | 0o644)
    assert gradable(path) == []
    assert any(said in refusal for refusal in refusals(path))


def test_an_entry_twice_is_taken_once() -> None:
    with zipfile.ZipFile("class.zip", "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.writestr("ana/line.py", SOURCE)
        made.writestr("ana/line.py", "other")
        made.writestr("ana/line.py/inside.py", SOURCE)
    (only,) = [s for s in discover(["class.zip"]) if s.problem is None]
    assert only.location.read_text() == SOURCE
    assert [text.partition("got ")[2] for text in refusals("class.zip")] == [
        "two of the same name",
        "a file of the same name in its place",
    ]


def _refused(path: str) -> str:
    (refusal,) = refusals(path)
    return refusal


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    entries: dict[str, str | bytes] = {
        f"{number}.py": bytes(SIZE_CAP) for number in range(archive.RATIO_FLOOR // SIZE_CAP + 1)
    }
    assert f"at most {archive.RATIO_CAP} times its size" in _refused(zipped("bomb.zip", entries))


def test_too_many_entries_and_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ENTRIES_CAP", 2)
    many = zipped("many.zip", {f"{number}/line.py": SOURCE for number in range(3)})
    assert "expected at most 2 entries, got 3" in _refused(many)
    monkeypatch.setattr(archive, "TOTAL_CAP", 1 << 20)
    large = zipped("large.zip", {"line.py": bytes(2 << 20)})
    assert "expected at most 1 MiB unpacked, got 2 MiB" in _refused(large)


def test_a_file_larger_than_a_notebook_may_be_is_named() -> None:
    noise = bytes(range(256)) * (NOTEBOOK_CAP // 256 + 1)
    with zipfile.ZipFile("class.zip", "w", zipfile.ZIP_STORED) as made:
        made.writestr("line.ipynb", noise)
    assert any("expected a file of at most 20 MiB" in text for text in refusals("class.zip"))


def _patched(data: bytes, size: int, declared: int) -> bytes:
    """An archive whose headers declare another size than its entry has."""
    return data.replace(size.to_bytes(4, "little"), declared.to_bytes(4, "little"))


def test_an_entry_that_swells_beyond_what_it_declares_is_cut() -> None:
    text = b"#" + bytes(77_777)
    data = Path(zipped("class.zip", {"ana/line.py": text})).read_bytes()
    small = zlib.crc32(text[:5])
    lying = _patched(data, len(text), 5).replace(
        zlib.crc32(text).to_bytes(4, "little"), small.to_bytes(4, "little")
    )
    Path("class.zip").write_bytes(lying)
    for submission in discover(["class.zip"]):
        assert submission.problem is not None or submission.location.stat().st_size == 5


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no zip", b"\0" * 1000])
def test_what_is_no_zip_says_so(data: bytes) -> None:
    Path("class.zip").write_bytes(data)
    assert "expected a zip archive that can be read, got" in _refused("class.zip")


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_entry_is_named_and_the_others_are_graded(method: int) -> None:
    with zipfile.ZipFile("class.zip", "w", method) as archive:
        archive.writestr("ana/line.py", SOURCE)
        start = archive.start_dir
        archive.writestr("ben/line.py", SOURCE)
        end = archive.start_dir
        archive.writestr("carla/line.py", SOURCE)
    data = bytearray(Path("class.zip").read_bytes())
    middle = (start + len("ben/line.py") + 30 + end) // 2  # 30 bytes of header, then the name
    data[middle : middle + 4] = bytes(255 - byte for byte in data[middle : middle + 4])
    Path("class.zip").write_bytes(data)
    assert [name for name, _, _ in gradable("class.zip")] == ["ana", "carla"]
    (said,) = refusals("class.zip")
    assert said.startswith("class.zip/ben/line.py: expected an entry that can be read, got ")


def test_a_name_in_no_encoding_says_so() -> None:
    data = Path(zipped("class.zip", {"é/line.py": SOURCE})).read_bytes()
    Path("class.zip").write_bytes(data.replace("é".encode(), b"\xff\xfe"))
    assert "got a name that is not in the encoding it declares" in _refused("class.zip")


FUZZED = 60


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_no_bytes_of_a_zip_end_the_run(method: int) -> None:
    with zipfile.ZipFile("class.zip", "w", method) as archive:
        archive.writestr("é/line.py", SOURCE)
    data = Path("class.zip").read_bytes()
    rng = np.random.default_rng(7)
    for number in range(FUZZED):
        changed = bytearray(data)
        for place in rng.integers(0, len(data), 3):
            changed[place] = rng.integers(0, 256)
        Path(f"{number}.zip").write_bytes(changed)
        assert discover([f"{number}.zip"])


def test_an_encrypted_zip_says_so() -> None:
    data = bytearray(Path(zipped("class.zip", {"line.py": SOURCE})).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    Path("class.zip").write_bytes(data)
    assert "expected an archive without a password" in _refused("class.zip")


def test_a_zip_of_nothing_says_so() -> None:
    assert "expected files named after models" in _refused(zipped("class.zip", {}))
