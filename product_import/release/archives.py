"""Make the archives of a release, and its wheel.

The archives hold the files of modules/product-import at their root, as a module's `source` takes them. All depend on
nothing but the commit: the same commit gives the same bytes, on any machine.
"""

import bz2
import hashlib
import io
import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from product_import.checkout import MODULE
from product_import.errors import UserError
from product_import.release.bill import bill, packages, provider
from product_import.release.wheel import wheel_files

from cyclonedx.model.component import Component

VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
# The earliest time that a zip can tell.
FILE_TIME = (1980, 1, 1, 0, 0, 0)
FILE_TIME_IN_UNIX_SECONDS = 315_532_800
FILE_MODE = 0o644


class ReleaseError(UserError):
    """The release cannot be made; the text says why."""


def release(root: Path, version: str) -> list[Path]:
    """Make the archives of a version from the commit that the repository `root` is at, and return what was written.

    In dist/: product-import-VERSION.zip, the same as .tar.bz2, the Python package as a wheel, bills of materials
    (.cdx.json) of the module, the wheel and the publisher's image, SHA256SUMS, and the changelog's entry as NOTES.md.

    Raises:
        ReleaseError: the version, the tree or the changelog is not ready.
        WheelError: the wheel cannot be built.
    """
    _check_order(root, version)
    _check_tree(root)
    notes = _changelog_entry(root / "CHANGELOG.md", version)
    files = {"LICENSE": _committed(root, "LICENSE"), **_module_files(root)}
    archives = {f"product-import-{version}.tar.bz2": _tar_bz2(files), f"product-import-{version}.zip": _zip(files)}
    wheel, package = wheel_files(_files(root, "HEAD"), version)
    wheels = {wheel: _zip(package)}
    contents = {**archives, **wheels, **_bills(root, version, archives, wheels)}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())
    contents |= {"SHA256SUMS": sums.encode(), "NOTES.md": notes.encode()}
    dist = root / "dist"
    dist.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=dist, prefix=".release-") as aside:
        for name, content in contents.items():
            (Path(aside) / name).write_bytes(content)
        return [(Path(aside) / name).replace(dist / name) for name in contents]


def _bills(root: Path, version: str, archives: Mapping[str, bytes], wheels: Mapping[str, bytes]) -> dict[str, bytes]:
    """The bills of materials by their names; the image is made of the same commit, elsewhere."""
    licence = _committed(root, "LICENSE").decode()
    required = json.loads(_committed(root, f"{MODULE.as_posix()}/versions.tf.json"))["terraform"]["required_providers"]
    providers = [provider(each["source"], each["version"]) for each in required.values()]
    # The wheel holds the bindings that are cut out of their package.
    of_wheel = _pins(root, "requirements/base.txt", "requirements/bindings.txt")
    of_image = _pins(root, "publisher/requirements.txt")
    return {
        f"product-import-{version}.cdx.json": bill(
            "product-import", version, licence, files=archives, components=providers
        ),
        f"product_import-{version}.cdx.json": bill(
            "product_import", version, licence, files=wheels, components=of_wheel
        ),
        f"queue-depth-{version}.cdx.json": bill("queue-depth", version, licence, files={}, components=of_image),
    }


def _pins(root: Path, *requirements: str) -> list[Component]:
    return packages(_committed(root, path).decode() for path in requirements)


def _committed(root: Path, path: str) -> bytes:
    return _git(root, "cat-file", "blob", f"HEAD:{path}")


def _check_tree(root: Path) -> None:
    if changed := _git(root, "status", "--porcelain").decode().splitlines():
        raise ReleaseError(
            f"the working tree is not clean; commit or remove: {', '.join(line[3:] for line in changed)}"
        )


def _check_order(root: Path, version: str) -> None:
    number = _number(version)
    if not number:
        raise ReleaseError(f"the version must be three whole numbers, as in 1.4.0; given: {version!r}")
    # A tag on this very commit may be the release's own, as in the workflow that the tag starts.
    own = f"v{version}" if f"v{version}" in _git(root, "tag", "--points-at", "HEAD").decode().split() else ""
    tags = _git(root, "tag", "--list", "v*").decode().split()
    last = max(filter(None, (_number(tag.removeprefix("v")) for tag in tags if tag != own)), default=(-1,))
    if number <= last:
        raise ReleaseError(
            f"the version must be greater than that of the last tag, v{'.'.join(map(str, last))}; given: {version}"
        )


def _number(version: str) -> tuple[int, ...] | None:
    found = VERSION.fullmatch(version)
    return tuple(map(int, found.groups())) if found else None


def _changelog_entry(changelog: Path, version: str) -> str:
    content = changelog.read_text(encoding="utf-8")
    entry = re.search(rf"^## \[{re.escape(version)}\] - (\S+)\n(.*?)(?=^## |^\[|\Z)", content, re.MULTILINE | re.DOTALL)
    if not entry:
        raise ReleaseError(f"{changelog.name} has no entry for the version: a line `## [{version}] - YYYY-MM-DD`")
    try:
        date.fromisoformat(entry[1])
    except ValueError:
        raise ReleaseError(f"{changelog.name}: the date of {version} must be YYYY-MM-DD; given: {entry[1]!r}") from None
    if not re.search(r"^[^#\s]", entry[2], re.MULTILINE):
        raise ReleaseError(f"{changelog.name}: the entry for {version} is empty")
    return entry[2].strip() + "\n"


def _module_files(root: Path) -> dict[str, bytes]:
    """The module's files by their path in it."""
    files = _files(root, f"HEAD:{MODULE.as_posix()}")
    if not files:
        raise ReleaseError(f"{MODULE.as_posix()} has no files")
    return files


def _files(root: Path, tree: str) -> dict[str, bytes]:
    """The files of a tree by their path in it, sorted, as git stores them.

    Neither a checkout nor `git archive` will do: settings and attributes of the user's may change line endings.
    """
    listing = _git(root, "ls-tree", "-r", "-z", tree).decode().split("\0")
    blobs = [(name, words.split()) for words, _, name in (line.partition("\t") for line in listing if line)]
    files = {name: blob for name, (_, kind, blob) in blobs if kind == "blob"}
    content = io.BytesIO(_git(root, "cat-file", "--batch", given="\n".join([*files.values(), ""]).encode()))
    return {name: _next_blob(content) for name in files}


def _next_blob(content: io.BytesIO) -> bytes:
    """After a line with its name, type and size; a line's end follows."""
    size = int(content.readline().split()[2])
    return content.read(size + 1)[:-1]


def _git(root: Path, *arguments: str, given: bytes | None = None) -> bytes:
    try:
        run = subprocess.run(["git", *arguments], cwd=root, input=given, capture_output=True, check=False)
    except FileNotFoundError:
        raise ReleaseError("git must be on the PATH: a release is made from a commit") from None
    if run.returncode:
        raise ReleaseError(f"git {' '.join(arguments)}: {run.stderr.decode(errors='replace').strip()}")
    return run.stdout


def _zip(files: dict[str, bytes]) -> bytes:
    """Not compressed: what a zip's readers all know depends on the zlib that made it."""
    output = io.BytesIO()
    with ZipFile(output, "w", ZIP_STORED) as archive:
        for name, content in files.items():
            file = ZipInfo(name, FILE_TIME)
            file.create_system = 3  # Unix, wherever it is made
            file.external_attr = FILE_MODE << 16
            archive.writestr(file, content)
    return output.getvalue()


def _tar_bz2(files: dict[str, bytes]) -> bytes:
    """Compressed: there is one bzip2, and its bytes depend on nothing but the content."""
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in files.items():
            file = tarfile.TarInfo(name)
            file.size, file.mode, file.mtime = len(content), FILE_MODE, FILE_TIME_IN_UNIX_SECONDS
            archive.addfile(file, io.BytesIO(content))
    return bz2.compress(output.getvalue())
