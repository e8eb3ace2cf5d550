"""What an expression may come to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from product_import.errors import UserError


@dataclass(frozen=True)
class Unknown:
    """What only an apply would tell, such as an ARN that AWS gives."""

    address: str

    def __str__(self) -> str:
        return f"(known after apply: {self.address})"


class ExpressionError(UserError):
    """An expression cannot be evaluated; the text says which part, or is the module's own about a wrong input."""


class Scope(Protocol):
    def variable(self, name: str) -> Any: ...

    def local(self, name: str) -> Any: ...

    def attribute(self, resource_type: str, name: str, attribute: str) -> Any: ...

    def symbol(self, name: str) -> Any:
        """A name that a loop binds.

        Raises:
            KeyError: there is none of that name.
        """


class Names:
    """Names with their values, for an expression that stands outside a module; `where`, an error says."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self._values, self._where = values, where

    def symbol(self, name: str) -> Any:
        return self._values[name]

    def variable(self, name: str) -> Any:
        self._refuse(f"var.{name}")

    def local(self, name: str) -> Any:
        self._refuse(f"local.{name}")

    def attribute(self, resource_type: str, name: str, attribute: str) -> Any:
        self._refuse(f"{resource_type}.{name}.{attribute}")

    def _refuse(self, reference: str) -> NoReturn:
        raise ExpressionError(f"{reference}: {self._where} cannot refer to the module.")


Expression = Callable[[Scope], Any]
"""A compiled expression: gets what it refers to, and returns a JSON value in which parts may be Unknown."""


def is_unknown(value: object) -> bool:
    return isinstance(value, Unknown)


def text_of(value: object) -> str:
    """A value as Terraform puts it into a string.

    Raises:
        ExpressionError: it is a list or an object.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | str):
        return str(value)
    raise ExpressionError(f"{value!r:.60} is no string.")


def number_of(value: object) -> int | float:
    """A value as a number, as Terraform converts one.

    Raises:
        ExpressionError: it is none; of a string, its text is the error's.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        number = float(str(value))
    except ValueError:
        raise ExpressionError(str(value)) from None
    return int(number) if number.is_integer() else number
