"""What to do about a part of the requirements that is not installed."""

import json
import shlex
import sys
from collections.abc import Mapping
from typing import Any

from product_import.checkout import is_clone


def remedy(target: str, extra: str) -> str:
    """Return what to do: run a target of make in a clone, or else install the package with an extra, or "" for none."""
    return f"Run: make {target}" if is_clone() else f"Install it:\n  {_installation(f'[{extra}]' if extra else '')}"


def _installation(extras: str) -> str:
    """Return a command that installs the package from where the package came: the project owns its name on no index."""
    from importlib.metadata import PackageNotFoundError, distribution  # noqa: PLC0415, it is slow

    try:
        package = distribution("product-import")
    except PackageNotFoundError:
        return f"python -m pip install 'product_import-<version>-py3-none-any.whl{extras}'"
    # Python Packaging User Guide, "Recording the Direct URL Origin": absent for a package that came from an index.
    origin = json.loads(package.read_text("direct_url.json") or "{}")
    wheel = f"product_import-{package.version}-py3-none-any.whl{extras}"
    what = f"product-import{extras} @ {_url(origin)}" if origin else wheel
    # uv's environments have no pip.
    python, with_uv = shlex.quote(sys.executable), (package.read_text("INSTALLER") or "").strip() == "uv"
    installer = f"uv pip install --python {python}" if with_uv else f"{python} -m pip install"
    return f"{installer} {shlex.quote(what)}"


def _url(origin: Mapping[str, Any]) -> str:
    vcs = origin.get("vcs_info")
    return f"{vcs['vcs']}+{origin['url']}@{vcs['commit_id']}" if vcs else str(origin["url"])
