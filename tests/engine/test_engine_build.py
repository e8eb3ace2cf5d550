"""`make engine`: OpenTofu from its Go module. The build itself takes minutes and is not run here."""

import shutil
import subprocess
import sys
from pathlib import Path

from product_import import engine as engines
from product_import.errors import UserError
from tests.project import PROJECT, write_program

import pytest

PINNED = "h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98="
GO = """#!/bin/sh
echo "$@" >> {calls}
case "$1" in
mod) mkdir -p "$GOMODCACHE/github.com/opentofu/opentofu@v1.12.6"
  printf '{{\\n\\t"Sum": "{checksum}",\\n\\t"GoModSum": "h1:other"\\n}}\\n';;
build) while [ "$1" != -o ]; do shift; done; echo built > "$2";;
esac
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A virtual environment whose pip installs a Go that records its calls and downloads what it is told to."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    pip = folder / "bin" / "pip"
    pip.write_text(
        "#!/bin/sh\nset -e\nwhile [ $1 != --target ]; do shift; done\n"
        f'mkdir -p "$2/go/bin"; cp {tmp_path}/go "$2/go/bin/go"; chmod +x "$2/go/bin/go"\n'
    )
    pip.chmod(0o755)
    return folder


def build(folder: Path, checksum: str) -> subprocess.CompletedProcess[str]:
    (folder.parent / "go").write_text(GO.format(calls=folder.parent / "calls", checksum=checksum))
    command = [str(PROJECT / "engine" / "build.sh"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_module_of_the_pinned_checksum_is_built(folder: Path) -> None:
    """It lies in the virtual environment, and the caches are gone."""
    result = build(folder, PINNED)
    assert result.returncode == 0, result.stderr
    assert (folder / "bin" / "tofu").read_text() == "built\n"
    assert sorted(path.name for path in folder.iterdir()) == ["bin"]
    download, compile_it = (folder.parent / "calls").read_text().splitlines()
    assert download == "mod download -json github.com/opentofu/opentofu@v1.12.6"
    assert "version.dev=no" in compile_it


def test_another_checksum_is_refused(folder: Path) -> None:
    """Nothing is built of it, and nothing stays."""
    result = build(folder, "h1:wrong")
    assert result.returncode == 1
    assert result.stderr == (
        f"error: github.com/opentofu/opentofu@v1.12.6 has the checksum h1:wrong; it must be {PINNED}\n"
    )
    assert sorted(path.name for path in folder.rglob("*")) == ["bin", "pip"]
    assert len((folder.parent / "calls").read_text().splitlines()) == 1


def test_what_was_built_is_found_after_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the virtual environment that runs the program, and only where the PATH has none."""
    built, installed = tmp_path / "venv" / "bin" / "tofu", tmp_path / "path" / "tofu"
    for program in (built, installed):
        program.parent.mkdir(parents=True)
        write_program(program, "print('OpenTofu v1.12.6')")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    monkeypatch.setenv("PATH", str(installed.parent))
    assert engines.program("tofu") == str(installed)
    shutil.rmtree(installed.parent)
    assert engines.program("tofu") == str(built)
    assert engines.program("terraform") is None


def test_without_an_engine_the_ways_to_get_one_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For each system, and one for all."""
    engines.executable.cache_clear()
    monkeypatch.delenv("TF_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(UserError) as error:
        engines.required()
    engines.executable.cache_clear()
    for way in ("macOS", "Debian", "Fedora", "Windows", "make engine"):
        assert way in str(error.value)
