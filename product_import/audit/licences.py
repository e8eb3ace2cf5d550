"""The licences of what is pinned, against the list of those that are allowed."""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from product_import.errors import UserError

FILE = Path(__file__).with_name("licences.toml")


@dataclass(frozen=True)
class Licences:
    """licences.toml, which explains its parts."""

    allowed: Sequence[str]
    accepted: Mapping[str, str]
    stated: Mapping[str, str]


def read_licences(path: Path = FILE) -> Licences:
    return Licences(**tomllib.loads(path.read_text(encoding="utf-8")))


def python_licences(program: Path, python: Path) -> dict[str, str]:
    """The licence of each package that is installed for a Python, as its metadata words it.

    Args:
        program: pip-licenses.
        python: the Python.

    Raises:
        UserError: pip-licenses fails.
    """
    command = [str(program), "--python", str(python), "--from", "mixed", "--with-system", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(f"pip-licenses: {done.stderr.strip()}")
    return {normalized(entry["Name"]): entry["License"] for entry in json.loads(done.stdout)}


def npm_licences(lock: Path) -> dict[str, str]:
    """The licence of each package of a package-lock.json; empty where it has none."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    return {
        path.rpartition("node_modules/")[2]: package.get("license", "") for path, package in packages.items() if path
    }


def pinned(requirements: Iterable[Path]) -> set[str]:
    """The names that requirement files pin for this Python and machine."""
    from packaging.requirements import Requirement  # noqa: PLC0415, not of a bare installation

    lines = (line for file in requirements for line in file.read_text(encoding="utf-8").splitlines())
    pins = (Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[A-Za-z0-9]", line))
    return {normalized(pin.name) for pin in pins if pin.marker is None or pin.marker.evaluate()}


def normalized(name: str) -> str:
    """A package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def problems(found: Mapping[str, str], required: Iterable[str], licences: Licences) -> Iterator[str]:
    """What is not allowed or not known, a sentence each.

    Args:
        found: licences by package.
        required: the packages that have to be among them.
        licences: the list.
    """
    for name in sorted({*found, *required}):
        licence = found.get(name) or licences.stated.get(name, "")
        if not licence:
            yield f"{name}: its licence is not known. Look, and add it to `stated` in {FILE.name}."
        elif name not in licences.accepted and not _is_allowed(licence, licences.allowed):
            yield f"{name}: {licence!r} is not among the allowed licences of {FILE.name}."
    for name in sorted({*licences.accepted, *licences.stated} - {*found, *required}):
        yield f"{name} is in {FILE.name} and no dependency any more: take it out."


def _is_allowed(licence: str, allowed: Sequence[str]) -> bool:
    """Whether all parts are allowed; of alternatives one is enough."""
    if licence in allowed:
        return True
    inner = licence.removeprefix("(").removesuffix(")") if re.fullmatch(r"\([^()]*\)", licence) else licence
    for separator, enough in (("; ", all), (" AND ", all), (" OR ", any)):
        # Not within a parenthesis.
        parts = re.split(rf"{separator}(?![^(]*\))", inner)
        if len(parts) > 1:
            return enough(_is_allowed(part, allowed) for part in parts)
    return inner in allowed
