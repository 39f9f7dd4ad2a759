"""What a teacher types is found; what cannot be graded says why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.report.folders import report_folder
from checks.report.gradescope import write_gradescope
from checks.report.message import Hints
from checks.report.rubric import Rubric
from checks.result import Report
from checks.submission.discovery import Submission, discover
from checks.submission.limits import SIZE_CAP


def _lay(root: Path, *paths: str) -> None:
    for path in paths:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith("/"):
            target.mkdir()
        else:
            target.write_text("def loss(): return 0.0\n")


def _found(*paths: str, model: str | None = None) -> list[tuple[str, str, str]]:
    return [(s.name, s.model, s.path) for s in discover(paths, model) if s.problem is None]


def _refused(*paths: str, model: str | None = None) -> Submission:
    (submission,) = discover(paths, model)
    assert submission.problem is not None
    return submission


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_file_is_named_after_its_folder_or_itself() -> None:
    _lay(Path(), "line.py", "ana/line.py")
    assert _found("line.py") == [("line", "line", "line.py")]
    assert _found("ana/line.py") == [("ana", "line", "ana/line.py")]


def test_a_file_of_another_name_takes_its_model_from_the_option() -> None:
    _lay(Path(), "homework.py")
    assert _found("homework.py", model="plane") == [("homework", "plane", "homework.py")]


def test_a_folder_of_files_is_one_student() -> None:
    _lay(Path(), "ana/plane.py", "ana/line.py", "ana/geometry.py", "ana/helpers/line.py")
    expected = [("ana", "line", "ana/line.py"), ("ana", "plane", "ana/plane.py")]
    assert expected == _found("ana") == _found("ana/")


def test_a_folder_of_folders_is_a_class() -> None:
    _lay(Path(), "class/ben/line.py", "class/ana/line.py", "class/.git/line.py")
    _lay(Path(), "class/__pycache__/line.py", "class/conftest.py", "class/ana/conftest.py")
    _lay(Path(), "class/__MACOSX/._line.py")  # what an archive of macOS leaves
    expected = [("ana", "line", "class/ana/line.py"), ("ben", "line", "class/ben/line.py")]
    assert expected == _found("class")


@pytest.mark.parametrize("folder", ["class/results", "class"], ids=["below", "the class itself"])
def test_reports_of_an_earlier_run_are_no_students(folder: str) -> None:
    _lay(Path(), "class/ana/line.py")
    expected = discover(["class"])
    ana = Report("ana", "line", "class/ana/line.py", "submission", (), ())
    write_gradescope(Path(folder), 1, ana, Rubric(), Hints.NONE)
    (report_folder(Path("class/pictures")) / "ana-line-descent.png").touch()
    assert discover(["class"]) == expected


def test_a_folder_of_reports_alone_is_refused_as_one() -> None:
    report_folder(Path("results"))
    assert "got reports of gradproof" in str(_refused("results").problem)


@pytest.mark.parametrize("handed_in", ["line.py", "unit/line.py", "line.ipynb"])
def test_a_mark_does_not_hide_what_was_handed_in(handed_in: str) -> None:
    _lay(Path(), f"class/ana/{handed_in}")
    report_folder(Path("class/ana"))
    assert [submission.problem for submission in discover(["class"])] == [None]


def test_the_folder_one_stands_in_has_its_own_name(tmp_path: Path) -> None:
    _lay(Path(), "line.py")
    assert [(tmp_path.name, "line", "line.py")] == _found(".")


def test_a_flat_folder_with_an_option_is_a_class_whose_files_stay_apart() -> None:
    _lay(Path(), "flat/ana.py", "flat/ben.py")
    found = discover(["flat"], "line")
    assert [submission.name for submission in found] == ["ana", "ben"]
    assert all(submission.alone for submission in found)


def test_a_file_of_any_name_below_a_class_goes_by_its_students_folder() -> None:
    _lay(Path(), "class/ana/solution.py", "class/ben/homework/solution.py")
    _lay(Path(), "class/carla/first.py", "class/carla/second.py")
    names = ["ana", "ben", "carla/first", "carla/second"]
    assert [submission.name for submission in discover(["class"], "line")] == names
    assert [submission.name for submission in discover(["class"])] == names


@pytest.mark.parametrize("file", ["line.py.txt", "LINE.PY", "homework.docx"])
def test_what_a_student_handed_in_instead_is_told(file: str) -> None:
    _lay(Path(), f"class/ana/{file}", "class/ben/line.py")
    (said,) = [str(one.problem) for one in discover(["class"]) if one.problem]
    assert said.startswith("class/ana: expected files named after models")
    assert said.endswith(f"got {file}")


def test_a_students_own_folder_is_not_apart() -> None:
    _lay(Path(), "ana/line.py")
    assert [submission.alone for submission in discover(["ana"])] == [False]


def test_a_file_reached_twice_counts_once() -> None:
    _lay(Path(), "class/ana/line.py")
    assert _found("class", "class/ana/line.py") == [("ana", "line", "class/ana/line.py")]


def test_a_path_that_is_not_there() -> None:
    problem = _refused("nowhere.py").problem
    assert str(problem) == "nowhere.py: expected a file or a folder, got no such file or folder"


def test_an_empty_folder() -> None:
    _lay(Path(), "empty/")
    assert "expected files named after models: slope.py, neuron.py, …, got none" in str(
        _refused("empty").problem
    )


def test_a_student_who_handed_nothing_in_is_named() -> None:
    _lay(Path(), "class/ana/line.py", "class/ben/")
    named = {submission.name: submission.problem for submission in discover(["class"])}
    assert named["ana"] is None
    assert named["ben"] is not None


def test_a_file_named_after_no_model() -> None:
    _lay(Path(), "lines.py")
    problem = _refused("lines.py").problem
    assert problem is not None
    assert problem.expected == "a file named after a model: slope.py, neuron.py, …"
    assert problem.observed == "lines.py"
    assert problem.hint == "--model=line"


def test_an_option_that_names_no_model() -> None:
    _lay(Path(), "homework.py")
    problem = _refused("homework.py", model="planes").problem
    assert problem is not None
    assert problem.observed == "planes"
    assert problem.hint == "did you mean --model=plane?"


def test_a_file_too_large() -> None:
    Path("line.py").write_bytes(b"#" * (SIZE_CAP + 1))
    assert f"at most {SIZE_CAP} bytes" in str(_refused("line.py").problem)


def test_a_link_out_of_the_folder() -> None:
    _lay(Path(), "secret/answers.py", "ana/")
    os.symlink("../secret/answers.py", "ana/line.py")
    assert "a link out of its folder" in str(_refused("ana").problem)


def test_a_link_within_the_folder() -> None:
    _lay(Path(), "ana/mine.py")
    os.symlink("mine.py", "ana/line.py")
    assert _found("ana") == [("ana", "line", "ana/line.py")]


def test_a_pipe() -> None:
    _lay(Path(), "ana/")
    os.mkfifo("ana/line.py")
    assert "no regular file" in str(_refused("ana").problem)
