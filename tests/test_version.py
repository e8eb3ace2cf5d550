"""The version of a clone."""

import re
import shutil
import subprocess
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from product_import import version

import pytest

COMMIT = r"g[0-9a-f]{12}"


def git(clone: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=clone, check=True, capture_output=True)


def of_clone(clone: Path) -> str | None:
    """As the build of a wheel reads it: from the file alone."""
    spec = spec_from_file_location("loaded_version", clone / "product_import/version.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: str | None = module.of_clone()
    return found


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with two commits and no tag."""
    (tmp_path / "product_import").mkdir()
    shutil.copy(version.__file__, tmp_path / "product_import/version.py")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "product_import/version.py")
    for message in ("first", "second"):
        git(tmp_path, "commit", "--quiet", "--allow-empty", f"--message={message}")
    return tmp_path


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, rf"0\.0\.0\+{COMMIT}"),
        ({"HEAD": "v1.2.0"}, r"1\.2\.0"),
        ({"HEAD~1": "v1.2.0"}, rf"1\.2\.0\+1\.{COMMIT}"),
        ({"HEAD": "queue-depth-3"}, rf"0\.0\.0\+{COMMIT}"),
    ],
)
def test_it_is_that_of_the_tag(clone: Path, tags: dict[str, str], expected: str) -> None:
    """With the commits since then, and with changes that are not committed."""
    for commit, tag in tags.items():
        git(clone, "tag", tag, commit)
    told = of_clone(clone)
    assert told is not None
    assert re.fullmatch(expected, told), told
    with (clone / "product_import/version.py").open("a") as file:
        file.write("# changed\n")
    separator = "." if "+" in told else "+"
    assert of_clone(clone) == f"{told}{separator}dirty"


def test_a_folder_without_git_has_none(clone: Path) -> None:
    """As what is in an archive of the sources."""
    shutil.rmtree(clone / ".git")
    assert of_clone(clone) is None


def test_without_git_on_the_path_it_is_not_known(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No error: the version is no reason to fail."""
    monkeypatch.setenv("PATH", "")
    assert of_clone(clone) is None
