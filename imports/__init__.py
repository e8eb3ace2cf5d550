"""Lean bindings of the AWS provider: `imports.aws`, made by `python -m imports.cut`.

Importing a type that was not cut raises ModuleNotFoundError with the remedy.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

from imports.resource_types import RESOURCE_TYPES

BINDINGS = f"{__name__}.aws"


class _MissingBindings(MetaPathFinder):
    """Asked last, when no file of that name exists."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002, the protocol's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        package, _, resource_type = fullname.rpartition(".")
        if fullname == BINDINGS or (package == BINDINGS and resource_type in RESOURCE_TYPES):
            raise ModuleNotFoundError(f"{fullname} is not there: `make imports` makes it.", name=fullname)
        if package == BINDINGS:
            raise ModuleNotFoundError(
                f"The type aws_{resource_type} is not in the bindings: add {resource_type!r} to "
                "RESOURCE_TYPES in imports/resource_types.py and run `make imports`.",
                name=fullname,
            )
        return None


sys.meta_path.append(_MissingBindings())
