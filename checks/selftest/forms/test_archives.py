"""The zip of a class is unpacked into students; nothing of it gets anywhere else."""

from __future__ import annotations

import stat
import subprocess
import sys
import warnings
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from checks.result import Report
from checks.selftest.forms.examples import FOLDER, failing, graded_submission
from checks.submission import archive
from checks.submission.discovery import Submission, discover
from checks.submission.exports import read_name
from checks.submission.limits import SIZE_CAP
from checks.submission.notebook import NOTEBOOK_CAP

MOODLE = "Ana Perez_12345_assignsubmission_file_"
SOURCE = "def loss(X, y, w, b): return 0.0\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _zip(name: str, entries: dict[str, str | bytes], *, kind: int = 0) -> str:
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for entry, data in entries.items():
            info = zipfile.ZipInfo(entry)
            info.external_attr = kind << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, data)
    return name


def _found(path: str, model: str | None = None) -> list[tuple[str, str, str]]:
    return [(s.name, s.model, s.path) for s in discover([path], model) if s.problem is None]


def _refusals(path: str) -> list[str]:
    return [str(s.problem) for s in discover([path]) if s.problem is not None]


EXPORTS = {
    "Moodle folder": (f"{MOODLE}/line.py", "Ana Perez"),
    "Moodle flat": (f"{MOODLE}line.py", "Ana Perez"),
    "Moodle below a folder": (f"Homework 1/{MOODLE}/line.py", "Ana Perez"),
    "Moodle with a folder inside": (f"{MOODLE}/homework/line.py", "Ana Perez"),
    "Canvas": ("perezana_12345_67890_line.py", "perezana"),
    "Canvas late and again": ("perezana_LATE_12345_67890_line-2.py", "perezana"),
    "Blackboard": ("hw1_aperez_attempt_2026-11-21-03-00-00_line.py", "aperez"),
    "plain folders": ("ana/line.py", "ana"),
    "backslashes": ("ana\\line.py", "ana"),
}


@pytest.mark.parametrize(("entry", "student"), EXPORTS.values(), ids=EXPORTS)
def test_an_export_gives_the_students_name(entry: str, student: str) -> None:
    found = _found(_zip("class.zip", {entry: SOURCE, "ben/line.py": SOURCE}))
    assert {(name, model) for name, model, _ in found} == {(student, "line"), ("ben", "line")}


def test_namesakes_stay_apart() -> None:
    entries: dict[str, str | bytes] = {
        f"Ana Perez_{number}_assignsubmission_file_/line.py": SOURCE for number in (1, 2)
    }
    names = [name for name, _, _ in _found(_zip("class.zip", entries))]
    assert names == ["Ana Perez", "Ana Perez (2)"]


def test_an_export_unpacked_by_the_teacher_gives_the_same_names() -> None:
    for name in (f"class/{MOODLE}/line.py", "flat/perezana_1_2_line.py"):
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text(SOURCE)
    assert [name for name, _, _ in _found("class")] == ["Ana Perez"]
    assert _found("flat") == [("perezana", "line", "flat/perezana_1_2_line.py")]


def test_the_zip_of_one_student_is_named_after_itself() -> None:
    assert _found(_zip("ana.zip", {"line.py": SOURCE})) == [("ana", "line", "ana.zip/line.py")]
    found = _found(_zip("ben.zip", {"homework/line.py": SOURCE}))
    assert found == [("ben", "line", "ben.zip/homework/line.py")]


def test_students_zips_inside_the_zip_of_a_class_are_opened() -> None:
    inner = Path(_zip("homework.zip", {"week 1/line.py": SOURCE})).read_bytes()
    outer = _zip("class.zip", {f"{MOODLE}/homework.zip": inner, "ben/line.py": SOURCE})
    assert _found(outer) == [
        ("Ana Perez", "line", "class.zip/Ana Perez/homework.zip/week 1/line.py"),
        ("ben", "line", "class.zip/ben/line.py"),
    ]


def test_one_file_of_a_zip_is_found_by_the_path_that_was_told() -> None:
    inner = Path(_zip("homework.zip", {"line.py": SOURCE})).read_bytes()
    _zip("class.zip", {"ana/homework.zip": inner, "ben/line.py": SOURCE})
    for path in ("class.zip/ana/homework.zip/line.py", "class.zip/ben/line.py"):
        assert [told for _, _, told in _found(path)] == [path]


def test_what_is_left_out_of_a_students_zip_goes_by_the_student() -> None:
    Path("class").mkdir()
    _zip("class/ana.zip", {"line.py": SOURCE, "../plane.py": SOURCE})
    assert [one.name for one in discover(["class"])] == ["ana", "ana/../plane.py"]


def test_what_others_leave_in_zips_is_ignored() -> None:
    entries: dict[str, str | bytes] = {
        "ana/line.py": SOURCE,
        "__MACOSX/ana/._line.py": b"\0",
        "ana/__pycache__/line.py": b"\0",
        "ana/data.csv": b"x" * (SIZE_CAP + 1),
    }
    assert [told for _, _, told in _found(_zip("class.zip", entries))] == ["class.zip/ana/line.py"]


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
    path = _zip("class.zip", {entry: SOURCE, "ben/line.py": SOURCE, "carl/line.py": SOURCE})
    before = set(Path().resolve().parent.rglob("*"))
    assert [name for name, _, _ in _found(path)] == ["ben", "carl"]
    (refusal,) = _refusals(path)
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
    path = _zip("class.zip", {"ana/line.py": "/etc/passwd"}, kind=kind | 0o644)
    assert _found(path) == []
    assert any(said in refusal for refusal in _refusals(path))


def test_an_entry_twice_is_taken_once() -> None:
    with zipfile.ZipFile("class.zip", "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.writestr("ana/line.py", SOURCE)
        made.writestr("ana/line.py", "other")
        made.writestr("ana/line.py/inside.py", SOURCE)
    (only,) = [s for s in discover(["class.zip"]) if s.problem is None]
    assert only.location.read_text() == SOURCE
    assert [text.partition("got ")[2] for text in _refusals("class.zip")] == [
        "two of the same name",
        "a file of the same name in its place",
    ]


def _refused(path: str) -> str:
    (refusal,) = _refusals(path)
    return refusal


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    entries: dict[str, str | bytes] = {
        f"{number}.py": bytes(SIZE_CAP) for number in range(archive.RATIO_FLOOR // SIZE_CAP + 1)
    }
    assert f"at most {archive.RATIO_CAP} times its size" in _refused(_zip("bomb.zip", entries))


def test_too_many_entries_and_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ENTRIES_CAP", 2)
    many = _zip("many.zip", {f"{number}/line.py": SOURCE for number in range(3)})
    assert "expected at most 2 entries, got 3" in _refused(many)
    monkeypatch.setattr(archive, "TOTAL_CAP", 1 << 20)
    large = _zip("large.zip", {"line.py": bytes(2 << 20)})
    assert "expected at most 1 MiB unpacked, got 2 MiB" in _refused(large)


def test_a_file_larger_than_a_notebook_may_be_is_named() -> None:
    noise = bytes(range(256)) * (NOTEBOOK_CAP // 256 + 1)
    with zipfile.ZipFile("class.zip", "w", zipfile.ZIP_STORED) as made:
        made.writestr("line.ipynb", noise)
    assert any("expected a file of at most 20 MiB" in text for text in _refusals("class.zip"))


def _patched(data: bytes, size: int, declared: int) -> bytes:
    """An archive whose headers declare another size than its entry has."""
    return data.replace(size.to_bytes(4, "little"), declared.to_bytes(4, "little"))


def test_an_entry_that_swells_beyond_what_it_declares_is_cut() -> None:
    text = b"#" + bytes(77_777)
    data = Path(_zip("class.zip", {"ana/line.py": text})).read_bytes()
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
    assert [name for name, _, _ in _found("class.zip")] == ["ana", "carla"]
    (said,) = _refusals("class.zip")
    assert said.startswith("class.zip/ben/line.py: expected an entry that can be read, got ")


def test_a_name_in_no_encoding_says_so() -> None:
    data = Path(_zip("class.zip", {"é/line.py": SOURCE})).read_bytes()
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
    data = bytearray(Path(_zip("class.zip", {"line.py": SOURCE})).read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    Path("class.zip").write_bytes(data)
    assert "expected an archive without a password" in _refused("class.zip")


def test_a_zip_of_nothing_says_so() -> None:
    assert "expected files named after models" in _refused(_zip("class.zip", {}))


def test_what_is_in_a_zip_is_graded_right_and_wrong() -> None:
    entries: dict[str, str | bytes] = {
        f"{side}/line.py": (FOLDER / side / "d4/line.py").read_text() for side in ("right", "wrong")
    }
    right, wrong = discover([_zip("class.zip", entries)])
    assert failing(_graded(right)) == ()
    assert failing(_graded(wrong)) == ("gradient_own",)


def _graded(submission: Submission) -> Report:
    report = graded_submission(submission)
    assert report.path == f"class.zip/{submission.name}/line.py"
    return report


def test_nothing_stays_behind(tmp_path: Path) -> None:
    _zip("class.zip", {"ana/line.py": SOURCE})
    held = tmp_path / "held"
    held.mkdir()
    program = (
        "from checks.submission.discovery import discover\n"
        "(one,) = discover(['class.zip'])\nprint(one.location.is_file())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"TMPDIR": str(held)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert done.stdout == "True\n"
    assert list(held.iterdir()) == []
