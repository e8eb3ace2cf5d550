"""What the estimate reads of a planned module, and how it refuses what is not known."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from product_import.errors import UserError


class PlannedResource(Protocol):
    """A planned resource. A value that is not known is an object that says so."""

    def __getitem__(self, attribute: str) -> Any: ...

    def __contains__(self, attribute: str) -> bool: ...

    def blocks(self, name: str) -> list[Any]: ...

    def dynamic(self, name: str) -> Any:
        """Return what the blocks of a name depend on if that is not known, else None."""


class Planned(Protocol):
    """A planned module: the synthesized module with inputs, or a part of a plan."""

    def variable(self, name: str) -> Any: ...

    def resources(self, resource_type: str) -> Mapping[str, PlannedResource]: ...

    def resource(self, resource_type: str, name: str) -> PlannedResource: ...


def region(module: Planned) -> str:
    """Return the AWS region of the module."""
    return str(known(module.variable("aws_region")))


def address(resource_type: str, name: str, resource: PlannedResource) -> str:
    """Return the address of a resource in the module; each `count` of the module is 0 or 1."""
    return f"{resource_type}.{name}{'[0]' if 'count' in resource else ''}"


def known(value: Any) -> Any:
    """Return a value that the costs depend on.

    Raises:
        UserError: it is not known.
    """
    if not isinstance(value, bool | int | float | str | Decimal):
        raise UserError(f"The costs depend on {value}, which is not known.")
    return value


def number(resource: PlannedResource, name: str) -> Decimal:
    """Return a number, which a task definition has as text.

    Raises:
        UserError: it is not known, or has another form that AWS accepts, such as `2 vCPU`.
    """
    try:
        return Decimal(known(resource[name]))
    except InvalidOperation:
        # Without the value: a secret in it may have lost its mark.
        raise UserError(f"The costs depend on {name}, which must be a number.") from None


def nested(block: Mapping[str, Any], name: str) -> list[Any]:
    """Return the blocks of a name within a block: a plan has a list where the module may have a single block."""
    found = block.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]
