"""The version: that of the tag, in a clone, in a wheel and after `pip install git+...`.

The build of a wheel loads this file by its path (pyproject.toml), so it imports nothing of the package.
"""

import re
import subprocess
from pathlib import Path

UNKNOWN = "0.0.0"
_DESCRIBE = ("git", "describe", "--tags", "--match=v[0-9]*", "--always", "--long", "--dirty", "--abbrev=12")
_DESCRIBED = re.compile(r"(?:v(\d+\.\d+\.\d+)-(\d+)-g)?([0-9a-f]+)(-dirty)?\n")


def version() -> str:
    """Return the version of the clone, or else of the installed package."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415, it is slow

    if found := of_clone():
        return found
    try:
        return version("product-import")
    except PackageNotFoundError:
        return UNKNOWN


def of_clone() -> str | None:
    """Return the version of the commit that the clone is at, or None if this is no clone or git cannot tell.

    1.2.0 at the tag v1.2.0; 1.2.0+3.g0123456789ab three commits later; 0.0.0+g0123456789ab without a tag. With changes
    that are not committed, `dirty` is at the end. Python Packaging User Guide, "Version specifiers", allows this form.
    """
    project = Path(__file__).parents[1]
    if not (project / ".git").exists():
        return None
    try:
        described = subprocess.run(_DESCRIBE, cwd=project, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = _DESCRIBED.fullmatch(described)
    if found is None:
        return None
    tag, commits, commit, dirty = found.groups()
    since = [] if tag and commits == "0" else [*([commits] if tag else []), f"g{commit}"]
    local = [*since, *(["dirty"] if dirty else [])]
    return "+".join([tag or UNKNOWN, *([".".join(local)] if local else [])])
