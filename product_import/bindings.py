"""Lean bindings of the AWS provider: `product_import.aws`, made by `python -m imports.cut`.

Importing a type that was not cut raises ModuleNotFoundError with the remedy.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

BINDINGS = Path(__file__).with_name("aws")
PACKAGE = f"{__package__}.{BINDINGS.name}"


class _MissingBindings:
    """Asked last, when no file of that name exists. No importlib.abc.MetaPathFinder, which takes long to import."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002, the protocol's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        package, _, resource_type = fullname.rpartition(".")
        if fullname == PACKAGE:
            raise ModuleNotFoundError(f"{fullname} is not there: `make imports` makes it.", name=fullname)
        if package == PACKAGE:
            raise ModuleNotFoundError(
                f"The type aws_{resource_type} is not in the bindings: list {resource_type!r} in "
                "RESOURCE_TYPES of imports/resource_types.py and run `make imports`.",
                name=fullname,
            )
        return None


def explain_missing() -> None:
    """From now on, an import of what the bindings lack names the remedy."""
    if not any(isinstance(finder, _MissingBindings) for finder in sys.meta_path):
        sys.meta_path.append(_MissingBindings())
