"""Where versions come from: revisions, the work tree, files; and what is said if they do not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import comparing, versions
from benchmarks.comparing import asked_benchmarks, asked_versions
from benchmarks.selftest.repositories import commit, git, repository, rewrite
from benchmarks.versions import Version, VersionError


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two commits; in the second the line has a name that it had not."""
    tree = repository(tmp_path_factory.mktemp("git"))
    rewrite(tree, "line", "def update", "FLAG = 2\n\n\ndef update")
    commit(tree, "second")
    return tree


def test_two_versions_live_side_by_side_under_different_names(tree: Path) -> None:
    before = dict(sys.modules)
    with versions.checked_out(tree, "HEAD~1") as base:
        old = versions.load(base, "line", "_old")
        new = versions.load(versions.head(tree), "line", "_new")
        assert not hasattr(old, "FLAG")
        assert new.FLAG == 2
        assert sys.modules["_old.models.line"] is old
        assert sys.modules["_new.models.line"] is new
    for name in before:
        assert sys.modules[name] is before[name]


def test_the_revision_is_gone_from_disk_and_git_afterwards(tree: Path) -> None:
    with versions.checked_out(tree, "HEAD~1") as base:
        place = base.path
        assert (place / "reference" / "models" / "line.py").is_file()
    assert not place.exists()
    assert len(git(tree, "worktree", "list").splitlines()) == 1


def test_a_module_from_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportError):
        versions.load(Version("empty", tmp_path), "line", "_empty")


def test_uncommitted_changes_are_told(tmp_path: Path) -> None:
    tree = repository(tmp_path)
    assert versions.head(tree).note == ""
    rewrite(tree, "line", "def update", "FLAG = 2\n\n\ndef update")
    head = versions.head(tree)
    assert head.note == "the work tree has uncommitted changes: they are what is compared"
    assert head.label.endswith("+changes")


def test_the_default_is_the_merge_base_with_the_main_branch(tmp_path: Path) -> None:
    tree = repository(tmp_path)
    start = git(tree, "rev-parse", "HEAD")
    with pytest.raises(VersionError, match="the work tree is what main holds: nothing to compare"):
        versions.default_base(tree)
    git(tree, "checkout", "--quiet", "-b", "faster")
    rewrite(tree, "line", "def update", "FLAG = 2\n\n\ndef update")
    commit(tree, "faster")
    assert versions.default_base(tree) == start


def test_a_revision_that_git_does_not_know_is_one_sentence(tree: Path) -> None:
    with (
        pytest.raises(VersionError, match=r"^git knows no revision 'no-such'.*$"),
        versions.checked_out(tree, "no-such"),
    ):
        pass


def test_a_shallow_clone_is_told_where_the_revision_may_be(tree: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{tree}", str(clone))
    git(clone, "remote", "rename", "origin", "elsewhere")
    git(clone, "branch", "--move", "main", "work")
    with (
        pytest.raises(VersionError, match=r"this clone is shallow: .*fetch-depth: 0"),
        versions.checked_out(clone, "HEAD~1"),
    ):
        pass
    with pytest.raises(VersionError, match=r"^no main branch .*; this clone is shallow"):
        versions.default_base(clone)


def test_a_repository_without_a_commit_is_one_sentence(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(VersionError, match=r"^nothing was committed in .* yet: .*--against=FILE$"):
        versions.head(tmp_path)


def test_a_repository_of_somebody_else_is_one_sentence(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container; git has a switch for its own tests of that."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(VersionError, match=r"^git does not read .*\(detected dubious ownership"):
        versions.work_tree(tree)


def test_a_revision_that_cannot_be_checked_out_is_one_sentence(tmp_path: Path) -> None:
    tree = repository(tmp_path)
    (tree / ".git" / "worktrees").write_text("where git would keep a folder")
    with (
        pytest.raises(VersionError, match=r"^git cannot check out HEAD: could not create"),
        versions.checked_out(tree, "HEAD"),
    ):
        pass


def test_the_suite_may_be_a_folder_of_a_larger_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = repository(tmp_path)
    (tree / "tools").mkdir()
    git(tree, "mv", "reference", "tools")
    commit(tree, "moved")
    (tree / "notes").write_text("nothing of the suite")
    commit(tree, "notes")
    monkeypatch.setattr(comparing, "SUITE", tree / "tools")
    with asked_versions("HEAD~1") as (base, head):
        for version in (base, head):
            assert "line" in version.models()
            assert version.path.name == "tools"


def test_no_repository_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(VersionError, match=r"is in no git repository: .*--against=FILE$"):
        versions.work_tree(tmp_path)


def test_missing_git_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(VersionError, match=r"^git is not installed: .*--against=FILE$"):
        versions.work_tree(tmp_path)


def test_a_file_is_compared_at_its_own_model_only(tmp_path: Path) -> None:
    file = tmp_path / "line.py"
    file.write_text("def loss(X, y, w, b): return 0.0\n")
    with asked_versions(str(file)) as (base, head):
        assert {one.model for one in asked_benchmarks(base, head)} == {"line"}


@pytest.mark.parametrize(
    ("name", "models", "sentence"),
    [
        (
            "mine.py",
            (),
            r"^which model does .*mine.py implement\?  Name it, .* or the file after it, line.py$",
        ),
        ("mine.py", ("line", "plane"), "^a file implements one model, not line, plane"),
        ("line.txt", (), "is no Python file"),
    ],
    ids=["unknown model", "two models", "no Python"],
)
def test_a_file_of_unknown_model_is_one_sentence(
    tmp_path: Path, name: str, models: tuple[str, ...], sentence: str
) -> None:
    file = tmp_path / name
    file.write_text("")
    with (
        pytest.raises(VersionError, match=sentence),
        asked_versions(str(file)) as (base, head),
    ):
        asked_benchmarks(base, head, models)
