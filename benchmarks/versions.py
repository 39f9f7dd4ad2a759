"""Two versions of the same code in one process, under different names; and where they come from."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

SUITE = Path(__file__).resolve().parents[1]
PACKAGE = "reference"
MAIN_BRANCHES = ("origin/main", "main", "origin/master", "master")


class VersionError(Exception):
    """A version that cannot be had; the text is the one sentence a person reads."""


@dataclass(frozen=True)
class Version:
    """Where one side of a comparison comes from.

    label: how people call it.  path: a folder that holds the package `reference`, or one file that
    implements one model's contract.  note: a sentence the reader must know, or "".
    """

    label: str
    path: Path
    note: str = ""

    @property
    def is_file(self) -> bool:
        """Whether this is one file rather than a whole version."""
        return self.path.is_file()

    def models(self) -> frozenset[str]:
        """The names of the models that this version holds."""
        if self.is_file:
            return frozenset({self.path.stem})
        files = (self.path / PACKAGE / "models").glob("*.py")
        return frozenset(file.stem for file in files if not file.stem.startswith("_"))


def load(version: Version, model: str, alias: str) -> ModuleType:
    """This version's module of one model, imported afresh; its package is kept under `alias`.

    Raises ImportError where the version has no such model.
    """
    if version.is_file:
        specification = importlib.util.spec_from_file_location(alias, version.path)
        if specification is None or specification.loader is None:
            raise ImportError(f"{version.path} is no Python file")
        module = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(module)
        return module
    with _as_package(alias, version.path):
        module = importlib.import_module(f"{PACKAGE}.models.{model}")
    if not Path(str(module.__file__)).resolve().is_relative_to(version.path.resolve()):
        raise ImportError(f"{model} was imported from elsewhere, {module.__file__}")
    return module


@contextmanager
def _as_package(alias: str, root: Path) -> Iterator[None]:
    """Inside, `import reference` means the version at `root`; outside it is called `alias`."""
    others = _taken(PACKAGE)
    sys.modules.update(_renamed(_taken(alias), alias, PACKAGE))
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(root))
        sys.modules.update(_renamed(_taken(PACKAGE), PACKAGE, alias))
        sys.modules.update(others)


def _taken(package: str) -> dict[str, ModuleType]:
    """The package's modules, taken out of sys.modules."""
    names = [name for name in sys.modules if name == package or name.startswith(package + ".")]
    return {name: sys.modules.pop(name) for name in names}


def _renamed(modules: dict[str, ModuleType], old: str, new: str) -> dict[str, ModuleType]:
    return {new + name[len(old) :]: module for name, module in modules.items()}


def work_tree(folder: Path) -> Path:
    """The top of the git work tree around `folder`; raises VersionError outside of one."""
    try:
        return Path(_git(folder, "rev-parse", "--show-toplevel"))
    except FileNotFoundError:
        raise VersionError("git is not installed: name a file instead, --against=FILE") from None
    except subprocess.CalledProcessError as error:
        what = f"{folder} is in no git repository"
        if "not a git repository" not in error.stderr:  # as where somebody else owns it
            what = f"git does not read the repository of {folder} ({_said(error)})"
        raise VersionError(
            f"{what}: there is no revision to compare with; name a file instead, --against=FILE"
        ) from None


def revision(tree: Path) -> str:
    """The short hash of what is checked out, with "+changes" where the work tree differs.

    Raises VersionError where nothing was ever committed.
    """
    try:
        name = _git(tree, "rev-parse", "--short", "HEAD")
    except subprocess.CalledProcessError:
        raise VersionError(
            f"nothing was committed in {tree} yet: there is no revision to compare with; "
            "name a file instead, --against=FILE"
        ) from None
    return f"{name}+changes" if is_dirty(tree) else name


def is_dirty(tree: Path) -> bool:
    """Whether the work tree holds anything that is not committed."""
    return bool(_git(tree, "status", "--porcelain"))


def head(tree: Path) -> Version:
    """The work tree as it is, with a note where it is not what is committed."""
    note = ""
    if is_dirty(tree):
        note = "the work tree has uncommitted changes: they are what is compared"
    return Version(revision(tree), tree, note)


def default_base(tree: Path) -> str:
    """The merge base with the main branch; raises VersionError where that is HEAD."""
    for branch in MAIN_BRANCHES:
        try:
            base = _git(tree, "merge-base", "HEAD", branch)
        except subprocess.CalledProcessError:
            continue
        if base == _git(tree, "rev-parse", "HEAD") and not is_dirty(tree):
            raise VersionError(
                f"the work tree is what {branch} holds: nothing to compare; "
                "name an older revision, such as --against=HEAD~1"
            )
        return base
    raise VersionError(
        f"no main branch ({', '.join(MAIN_BRANCHES)}) that the work tree comes from: name a "
        f"revision, such as --against=HEAD~1{_shallow(tree)}"
    )


@contextmanager
def checked_out(tree: Path, name: str) -> Iterator[Version]:
    """A revision, checked out beside the work tree for as long as this lasts.

    Raises VersionError for a name that git does not know, or where git cannot check it out.
    """
    try:
        commit = _git(tree, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except subprocess.CalledProcessError:
        raise VersionError(
            f"git knows no revision {name!r}, and there is no such file: "
            f"name a commit, a branch, a tag or a file{_shallow(tree)}"
        ) from None
    with tempfile.TemporaryDirectory(prefix="base-") as folder:
        place = Path(folder) / "tree"
        try:
            _git(tree, "worktree", "add", "--detach", "--quiet", str(place), commit)
        except subprocess.CalledProcessError as error:
            raise VersionError(f"git cannot check out {name}: {_said(error)}") from None
        try:
            short = _git(tree, "rev-parse", "--short", commit)
            yield Version(short if commit.startswith(name) else f"{name} ({short})", place)
        finally:
            _git(tree, "worktree", "remove", "--force", str(place))


def _shallow(tree: Path) -> str:
    """What to try where the clone holds the last commits only, else nothing."""
    if _git(tree, "rev-parse", "--is-shallow-repository") != "true":
        return ""
    return "; this clone is shallow: git fetch --unshallow (in CI fetch-depth: 0) gets the rest"


def _said(error: subprocess.CalledProcessError) -> str:
    """Why git refused, in its own words: its last complaint without what to type."""
    lines = [line for line in error.stderr.splitlines() if line.startswith(("fatal:", "error:"))]
    return lines[-1].partition(": ")[2] if lines else f"status {error.returncode}"


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LC_ALL": "C"},  # its messages are read
    )
    return done.stdout.strip()
