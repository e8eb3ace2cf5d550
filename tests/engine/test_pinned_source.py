"""The pinned sources that the module's README shows, on a real engine."""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from product_import.engine import Engine, EngineError

import pytest

REPOSITORY = "https://git.example.com/team/product-import.git"
ARCHIVE = "https://files.example.com/product-import-1.0.0.zip"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CHECKSUM = "<64 hexadecimal digits>"


@pytest.fixture
def sources(synthesized: Path) -> list[str]:
    readme = (synthesized / "modules/product-import/README.md").read_text()
    return re.findall(r"git::https://[^\"`]+|https://files[^`]+", readme)


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    command = ("git", *identity, *arguments)
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def installed(engine: Engine, source: str) -> Path:
    """Where the engine puts the module of a source."""
    engine.write("main.tf.json", {"module": {"product_import": {"source": source}}})
    engine.run("get")
    (variables,) = (engine.folder / ".terraform/modules").rglob("variables.tf.json")
    return variables.parent


@pytest.mark.parametrize("pin", ["commit", "tag"])
def test_a_pinned_source_stays_the_same(
    sources: list[str], engine: Engine, synthesized: Path, tmp_path: Path, pin: str
) -> None:
    """By a commit as the README shows it, and by a tag, whatever the repository contains later."""
    repository = tmp_path / "repository"
    module = repository / "modules/product-import"
    shutil.copytree(synthesized / "modules/product-import", module)
    git(repository, "init", "--quiet")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message=Release")
    git(repository, "tag", "v1.0.0")
    ref = "v1.0.0" if pin == "tag" else git(repository, "rev-parse", "HEAD")
    released = (module / "main.tf.json").read_text()
    (module / "main.tf.json").write_text("{}")
    git(repository, "commit", "--quiet", "--all", "--message=Later")
    assert COMMIT in sources[0]
    assert REPOSITORY in sources[0]
    folder = installed(engine, sources[0].replace(REPOSITORY, f"file://{repository}").replace(COMMIT, ref))
    assert (folder / "main.tf.json").read_text() == released


def test_an_archive_is_held_against_its_checksum(
    sources: list[str], engine: Engine, synthesized: Path, tmp_path: Path
) -> None:
    """It is installed with its own checksum, and refused with another one."""
    if engine.executable.name == "Terraform" and engine.executable.version < (1, 1, 0):
        pytest.skip(f"{engine.executable} takes no checksum for a file's URL, which stands here for one of the web.")
    module = synthesized / "modules/product-import"
    archive = Path(shutil.make_archive(str(tmp_path / "product-import-1.0.0"), "zip", module))
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert sources[1].startswith(ARCHIVE)
    assert CHECKSUM in sources[1]
    local = sources[1].replace(ARCHIVE, archive.as_uri())
    folder = installed(engine, local.replace(CHECKSUM, digest))
    assert (folder / "main.tf.json").read_text() == (module / "main.tf.json").read_text()
    shutil.rmtree(engine.folder / ".terraform")
    with pytest.raises(EngineError, match="Checksums did not match"):
        installed(engine, local.replace(CHECKSUM, digest[::-1]))
