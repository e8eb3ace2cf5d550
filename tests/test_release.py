"""The archives and the wheel of a release."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from imports import cut
from imports.build_hook import BindingsHook
from product_import.bindings import BINDINGS
from product_import.engine import Executable
from product_import.errors import UserError
from product_import.plan_diff.working_tree import check_out
from product_import.release.archives import ReleaseError, release
from tests.project import PROJECT

import pytest

FILES = {
    "README.md": b"# product-import\n",
    "outputs.tf.json": b'{"output": {"answer": {"value": "${var.question}"}}}\n',
    "tests/defaults.tftest.hcl": "# ü\r\n".encode(),
    "variables.tf.json": b'{"variable": {"question": {"type": "string"}}}\n',
    "versions.tf.json": json.dumps(
        {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 5.0"}}}}
    ).encode(),
}
LICENCE = b"Copyright 2025 AVNZ. All rights reserved.\n"
# What is pinned, by the file that pins it.
PINS = {
    "requirements/base.txt": "attrs==26.1.0 \\\n    --hash=sha256:0\n    # via cdktf\ncdktf==0.20.12\n",
    "requirements/bindings.txt": "cdktf-cdktf-provider-aws==19.65.1 \\\n    --hash=sha256:2\n",
    "publisher/requirements.txt": 'redis==8.0.0 ; python_version >= "3.11" \\\n    --hash=sha256:3\n',
}
CHANGELOG = """\
# Changelog

## [Unreleased]

## [1.1.0] - 2026-11-23

### Added
- An answer.

## [1.0.0] - 2026-11-01

### Added

[1.0.0]: https://example.com
"""

PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "product-import"
dynamic = ["version"]
requires-python = ">=3.11"
"""


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def repository(root: Path) -> Path:
    for name, content in FILES.items():
        file = root / "modules" / "product-import" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (root / "CHANGELOG.md").write_text(CHANGELOG)
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "LICENSE").write_bytes(LICENCE)
    for name, text in PINS.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    (root / "product_import").mkdir()
    (root / "product_import/__init__.py").write_text('"""It."""\n')
    (root / ".gitignore").write_text("/dist/\n.terraform/\n")
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=x")
    return root


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean repository with a module and a changelog. Read only."""
    return repository(tmp_path_factory.mktemp("committed"))


@pytest.fixture
def root(tmp_path: Path, committed: Path) -> Path:
    """A copy of that repository, of the test's own."""
    return shutil.copytree(committed, tmp_path / "repository")


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, committed: Path) -> list[Path]:
    """The files of a release of a repository in which something lies that is not committed. Read only."""
    root = shutil.copytree(committed, tmp_path_factory.mktemp("released") / "repository")
    (root / "modules" / "product-import" / ".terraform").mkdir()
    (root / "modules" / "product-import" / ".terraform" / "ignored").touch()
    (root / "product_import/note.txt").touch()
    (root / ".git/info/exclude").write_text("note.txt\n")
    return release(root, "1.1.0")


def test_the_archives_hold_the_module_alone(released: list[Path]) -> None:
    """Both archives have the module's committed files, byte for byte, at their root, the licence, and nothing else."""
    tar_bz2, packed, *_ = released
    with ZipFile(packed) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {**FILES, "LICENSE": LICENCE}
    with tarfile.open(tar_bz2) as archive:
        members = {member.name: archive.extractfile(member) for member in archive}
        assert {name: member.read() for name, member in members.items() if member} == {
            **FILES,
            "LICENSE": LICENCE,
        }


def test_the_same_commit_gives_the_same_bytes(tmp_path: Path) -> None:
    """Releases in different folders, at different times, by different users and umasks are equal byte for byte."""
    contents: list[list[bytes]] = []
    for folder, mask in (("a", 0o022), ("b", 0o077)):
        (tmp_path / folder).mkdir()
        previous = os.umask(mask)
        try:
            root = repository(tmp_path / folder)
            for file in (root / "modules").rglob("*"):
                os.utime(file, (len(contents) * 10**8, len(contents) * 10**8))
            contents.append([file.read_bytes() for file in release(root, "1.1.0")])
        finally:
            os.umask(previous)
    assert contents[0] == contents[1]


@pytest.mark.parametrize("setting", ["core.autocrlf=true", "core.eol=crlf", "core.attributesFile"])
def test_settings_of_git_change_no_byte(tmp_path: Path, committed: Path, setting: str) -> None:
    """Nor do attributes of the user's own: what is released is what git stores."""
    contents: list[list[bytes]] = []
    for folder in ("plain", "set"):
        root = tmp_path / folder
        git(tmp_path, "clone", "--quiet", str(committed), str(root))
        name, _, value = setting.partition("=")
        if folder == "set":
            (tmp_path / "attributes").write_text(
                "*.py text eol=crlf\n*.json text eol=crlf\nproduct_import/** export-ignore\n"
            )
            git(root, "config", name, value or str(tmp_path / "attributes"))
        contents.append([file.read_bytes() for file in release(root, "1.1.0")])
    assert contents[0] == contents[1]


def test_only_what_was_cut_gets_into_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the bindings is ignored by git, so that anything may lie in it."""
    bindings = shutil.copytree(BINDINGS, tmp_path / "aws")
    monkeypatch.setattr(cut, "BINDINGS", bindings)
    included: list[set[str]] = []
    for _ in range(2):
        data: dict[str, Any] = {"force_include": {}}
        hook = BindingsHook(str(PROJECT), {}, None, None, str(tmp_path), "wheel")  # type: ignore[arg-type]
        hook.initialize("standard", data)
        included.append(set(data["force_include"].values()))
        assert all(Path(source).is_file() for source in data["force_include"])
        for name in ("note.py", "iam_role/note.py", "other.tgz", "old/deep/__init__.py"):
            (bindings / name).parent.mkdir(parents=True, exist_ok=True)
            (bindings / name).touch()
    assert included[0] == included[1]
    assert {"product_import/aws/py.typed", "product_import/aws/iam_role/__init__.py"} < included[0]


def test_names_and_sums_of_the_files(released: list[Path]) -> None:
    """Archives, a wheel, bills of materials, their sums as `sha256sum --check` reads them, the changelog's entry."""
    files, root = released, released[0].parents[1]
    assert [file.relative_to(root).as_posix() for file in files] == [
        "dist/product-import-1.1.0.tar.bz2",
        "dist/product-import-1.1.0.zip",
        "dist/product_import-1.1.0-py3-none-any.whl",
        "dist/product-import-1.1.0.cdx.json",
        "dist/product_import-1.1.0.cdx.json",
        "dist/queue-depth-1.1.0.cdx.json",
        "dist/SHA256SUMS",
        "dist/NOTES.md",
    ]
    assert (root / "dist" / "SHA256SUMS").read_text() == "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files[:6]
    )
    assert (root / "dist" / "NOTES.md").read_text() == "### Added\n- An answer.\n"
    readme = (PROJECT / "modules/product-import/README.md").read_text()
    tar, packed = (file.name.removeprefix("product-import-1.1.0") for file in files[:2])
    assert f"as `{packed}` and `{tar}`" in readme
    assert sorted((root / "dist").iterdir()) == sorted(files)


def test_the_bills_of_materials(released: list[Path]) -> None:
    """What each artefact holds or asks for of others, and what it is delivered as."""
    tar_bz2, packed, wheel, *bills = released
    found = [json.loads(file.read_text()) for file in bills[:3]]
    assert {(each["bomFormat"], each["specVersion"]) for each in found} == {("CycloneDX", "1.6")}
    assert len({each["serialNumber"] for each in found}) == 3
    artefacts = [each["metadata"]["component"] for each in found]
    assert [(each["name"], each["version"]) for each in artefacts] == [
        ("product-import", "1.1.0"),
        ("product_import", "1.1.0"),
        ("queue-depth", "1.1.0"),
    ]
    licence = "Copyright 2025 AVNZ. All rights reserved."
    assert [each["licenses"] for each in artefacts] == [[{"license": {"name": licence}}]] * 3
    assert [
        {(file["url"], file["hashes"][0]["content"]) for file in each.get("externalReferences", [])}
        for each in artefacts
    ] == [
        {(file.name, hashlib.sha256(file.read_bytes()).hexdigest()) for file in files}
        for files in ((tar_bz2, packed), (wheel,), ())
    ]
    module, package, image = ([(each["name"], each.get("purl")) for each in bom["components"]] for bom in found)
    assert module == [("aws", None)]
    assert package == [
        ("attrs", "pkg:pypi/attrs@26.1.0"),
        ("cdktf", "pkg:pypi/cdktf@0.20.12"),
        ("cdktf-cdktf-provider-aws", "pkg:pypi/cdktf-cdktf-provider-aws@19.65.1"),
    ]
    assert image == [("redis", "pkg:pypi/redis@8.0.0")]
    (aws,) = found[0]["components"]
    assert (aws["group"], aws["properties"][0]["value"]) == ("hashicorp", "~> 5.0")
    (depends,) = (each["dependsOn"] for each in found[1]["dependencies"] if each["ref"] == "product_import@1.1.0")
    assert depends == ["attrs==26.1.0", "cdktf-cdktf-provider-aws==19.65.1", "cdktf==0.20.12"]


def test_the_licence_is_one(released: list[Path]) -> None:
    """That of the repository, which the module's README has too, and which the wheel brings."""
    text = (PROJECT / "LICENSE").read_text()
    assert text == LICENCE.decode()
    assert (PROJECT / "modules/product-import/README.md").read_text().endswith(f"## License\n\n{text}")
    with ZipFile(released[2]) as archive:
        assert archive.read("product_import-1.1.0.dist-info/licenses/LICENSE") == LICENCE
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert (project["license"], project["license-files"]) == ("LicenseRef-AVNZ", ["LICENSE"])


def test_the_wheel_holds_the_committed_package_of_that_version(released: list[Path]) -> None:
    """What is not committed, as a note beside the code, does not get into it."""
    with ZipFile(released[2]) as archive:
        assert {name for name in archive.namelist() if ".dist-info/" not in name} == {"product_import/__init__.py"}
        metadata = archive.read("product_import-1.1.0.dist-info/METADATA").decode()
    assert "\nVersion: 1.1.0\n" in metadata


def test_a_wheel_that_cannot_be_built_ends_the_release(root: Path) -> None:
    """The backend's words are passed on, and nothing is written."""
    (root / "pyproject.toml").write_text(PYPROJECT.replace('name = "product-import"', ""))
    git(root, "commit", "--quiet", "--all", "--message=x")
    with pytest.raises(UserError, match=r"(?s)^hatchling: .*Missing required field `project\.name`"):
        release(root, "1.1.0")
    assert not (root / "dist").exists()


def test_nothing_of_the_machine_is_in_the_archives(released: list[Path]) -> None:
    """Owners, times and modes are fixed."""
    tar_bz2, packed, wheel, *_ = released
    with tarfile.open(tar_bz2) as archive:
        assert {(m.mtime, m.mode, m.uid, m.gid, m.uname, m.gname) for m in archive} == {
            (315532800, 0o644, 0, 0, "", "")
        }
    for zipped in (packed, wheel):
        with ZipFile(zipped) as archive:
            assert {(f.date_time, f.external_attr >> 16, f.create_system) for f in archive.infolist()} == {
                ((1980, 1, 1, 0, 0, 0), 0o644, 3)
            }


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("1.1", "the version must be three whole numbers, as in 1.4.0; given: '1.1'"),
        ("v1.1.0", "the version must be three whole numbers, as in 1.4.0; given: 'v1.1.0'"),
        ("1.01.0", "the version must be three whole numbers, as in 1.4.0; given: '1.01.0'"),
        ("1.1.0-rc1", "the version must be three whole numbers, as in 1.4.0; given: '1.1.0-rc1'"),
        ("1.2.0", "CHANGELOG.md has no entry for the version: a line `## [1.2.0] - YYYY-MM-DD`"),
        ("1.0.0", "CHANGELOG.md: the entry for 1.0.0 is empty"),
    ],
)
def test_refuses_a_version_that_is_not_ready(root: Path, version: str, message: str) -> None:
    """A version that is malformed or has nothing in the changelog is refused, and nothing is written."""
    with pytest.raises(ReleaseError) as raised:
        release(root, version)
    assert str(raised.value) == message
    assert not (root / "dist").exists()


@pytest.mark.parametrize(
    ("tags", "allowed"),
    [
        (["v1.0.9", "v0.99.0"], True),
        (["v1.0.10", "v1.10.0"], False),
        (["v1.1.0"], False),
        (["v2.0.0"], False),
        (["v9", "vendor-import"], True),
    ],
)
def test_the_version_follows_the_last_tag(root: Path, tags: list[str], allowed: bool) -> None:
    """The version must be greater, as a number, than that of every earlier tag."""
    for tag in tags:
        git(root, "tag", tag)
    git(root, "commit", "--quiet", "--allow-empty", "--message=later")
    if allowed:
        release(root, "1.1.0")
    else:
        with pytest.raises(ReleaseError, match=r"greater than that of the last tag, v(1\.10\.0|1\.1\.0|2\.0\.0);"):
            release(root, "1.1.0")


def test_a_tag_on_the_commit_may_be_its_own(root: Path) -> None:
    """The workflow that a tag starts makes the release of that very tag."""
    git(root, "tag", "v1.0.0")
    git(root, "tag", "v1.1.0")
    assert release(root, "1.1.0")


def test_refuses_a_tree_that_is_not_clean(root: Path) -> None:
    """What is not committed would not be in the release: it is named, and nothing is written."""
    (root / "CHANGELOG.md").write_text(CHANGELOG + "\n")
    (root / "new").touch()
    with pytest.raises(ReleaseError, match=r"not clean; commit or remove: CHANGELOG\.md, new$"):
        release(root, "1.1.0")
    assert not (root / "dist").exists()


def test_refuses_a_date_that_is_none(root: Path) -> None:
    """The changelog's entry carries a date."""
    (root / "CHANGELOG.md").write_text(CHANGELOG.replace("2026-11-23", "soon"))
    git(root, "commit", "--quiet", "--all", "--message=x")
    with pytest.raises(ReleaseError, match=r"the date of 1\.1\.0 must be YYYY-MM-DD; given: 'soon'"):
        release(root, "1.1.0")


def test_refuses_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    """Outside of a repository git's own words are passed on."""
    with pytest.raises(ReleaseError, match="git tag --points-at HEAD: fatal: not a git repository"):
        release(tmp_path, "1.1.0")


def test_git_that_is_missing_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, for a comparison with a reference too."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match=r"^git must be on the PATH"):
        release(root, "1.1.0")
    with pytest.raises(UserError, match=r"^git must be on the PATH"):
        check_out("HEAD", root)


def test_wrong_usage_has_status_two() -> None:
    """A call without a version is wrong usage."""
    run = subprocess.run([sys.executable, "-m", "product_import", "release"], capture_output=True, check=False)
    assert run.returncode == 2
    assert b"the following arguments are required: VERSION" in run.stderr


@pytest.mark.parametrize("index", [0, 1], ids=["tar.bz2", "zip"])
def test_a_module_source_can_point_to_it(root: Path, tmp_path: Path, executable: Executable, index: int) -> None:
    """Terraform takes the archive, by its URL, as a module's source; here without a provider to install."""
    (root / "modules/product-import/versions.tf.json").write_text('{"terraform": {"required_providers": {}}}')
    git(root, "commit", "--quiet", "--all", "--message=x")
    archive = release(root, "1.1.0")[index]
    consumer = tmp_path / "consumer"
    consumer.mkdir()
    (consumer / "main.tf").write_text(f'module "m" {{\n  source   = "{archive.as_uri()}"\n  question = "?"\n}}\n')
    env = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    for command in ("init", "validate"):
        run = subprocess.run(
            [executable.path, command, "-no-color"], cwd=consumer, env=env, capture_output=True, check=False
        )
        assert run.returncode == 0, run.stdout + run.stderr
    assert (
        consumer / ".terraform" / "modules" / "m" / "tests" / "defaults.tftest.hcl"
    ).read_bytes() == "# ü\r\n".encode()
