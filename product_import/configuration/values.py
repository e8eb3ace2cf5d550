"""What an expression may come to, and how Terraform converts, compares and calculates it.

Numbers are int, or float where they have a fraction: 53 bits where Terraform has 512.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn, Protocol

from product_import.errors import UserError

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# Forms of Go's big.Float that no person writes: infinity, and powers of two.
_OTHER_NUMBER = re.compile(rf"[+-]?[iI]nf|{_NUMBER.pattern}[pP][+-]?[0-9]+")
# Python refuses to make text of an integer with more than 4300.
_MOST_DIGITS = 4000


@dataclass(frozen=True)
class Unknown:
    """What only an apply would tell, such as an ARN that AWS gives."""

    address: str

    def __str__(self) -> str:
        return f"(known after apply: {self.address})"


class ExpressionError(UserError):
    """An expression cannot be evaluated; the text says which part, or is the module's own about a wrong input."""


class NotKnownHereError(ExpressionError):
    """A limit of this package, which Terraform does not have: neither try() nor can() may hide it."""


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
    """Names with their values, for an expression outside of a module; errors say `where` it is."""

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


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def text_of(value: object) -> str:
    """A value as Terraform puts it into a string.

    Raises:
        ExpressionError: it is null, a list or an object.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, int | str):
        return str(value)
    raise ExpressionError(f"{value!r:.60} is no string.")


def number_of(value: object) -> int | float:
    """A value as a number, as Terraform converts one.

    Raises:
        ExpressionError: it is none; of a string, its text is the error's.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _whole(value)
    if not isinstance(value, str):
        raise ExpressionError(f"{value!r:.60} is no number.")
    if _OTHER_NUMBER.fullmatch(value):
        raise NotKnownHereError(f"a number of this form is not known here: {value:.40}")
    if not _NUMBER.fullmatch(value):
        raise ExpressionError(value)
    number = Decimal(value)
    if number.adjusted() > _MOST_DIGITS:
        raise NotKnownHereError(f"a number of this size is not known here: {value:.40}")
    return int(number) if number == number.to_integral_value() else _rounded(Fraction(number))


def boolean_of(value: object) -> bool:
    """A value as a boolean, as Terraform converts one.

    Raises:
        ExpressionError: it is neither true nor false.
    """
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _BOOLEANS:
        return _BOOLEANS[value]
    raise ExpressionError(f"{value!r:.60} is neither true nor false.")


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def same(left: object, right: object) -> bool:
    """Whether Terraform takes two values for equal: those of different types never are."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return _kind(left) == _kind(right) and left == right


def calculated(mark: str, left: object, right: object) -> int | float:
    """The result of + - * / or %, exact before it is rounded.

    Raises:
        ExpressionError: an operand is no number.
        NotKnownHereError: the result is infinite, which Terraform calculates with.
    """
    first, second = (Fraction(text_of(number_of(value))) for value in (left, right))
    if mark == "%":
        # Go's remainder has the sign of the dividend; by 0 it is the dividend (cty, Value.Modulo).
        return _rounded(first - second * int(first / second) if second else first)
    if mark == "/":
        if not second:
            raise NotKnownHereError("a division by zero is not known here")
        return _rounded(first / second)
    return _rounded(first + second if mark == "+" else first - second if mark == "-" else first * second)


def _rounded(number: Fraction) -> int | float:
    try:
        rounded = float(number)
    except OverflowError:
        raise NotKnownHereError("a number of this size is not known here") from None
    return number.numerator if number.denominator == 1 else _whole(rounded)


def _whole(number: float) -> int | float:
    """Terraform has one type of number: 3.0 is 3."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


# Null and the unknown have the type ANY. A list or a map has one type for all items, a tuple or an object one for each.
Type = Any
ANY = "any"


def unified(values: Sequence[Any]) -> list[Any]:
    """The values converted to one type, as those of a list or of a condition's two results are.

    Raises:
        ExpressionError: there is no such type.
    """
    wanted = _common([_type(value) for value in values])
    return [_as(value, wanted) for value in values]


def _kind(value: object) -> str:
    if value is None or is_unknown(value):
        return ANY
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "bool"
    return "number" if is_number(value) else "map" if isinstance(value, Mapping) else "list"


def _type(value: Any) -> Type:
    if isinstance(value, list):
        return ("tuple", [_type(item) for item in value])
    if isinstance(value, Mapping):
        return ("object", {key: _type(item) for key, item in value.items()})
    return _kind(value)


def _common(types: list[Type]) -> Type:
    known = [each for each in types if each != ANY]
    if not known:
        return ANY
    if all(isinstance(each, str) for each in known):
        if len(set(known)) > 1 and "string" not in known:
            raise ExpressionError(f"there is no common type of {' and '.join(sorted(set(known)))}.")
        return "string" if "string" in known else known[0]
    families = {each if isinstance(each, str) else "list" if each[0] in ("tuple", "list") else "map" for each in known}
    if len(families) > 1:
        raise ExpressionError(f"there is no common type of {' and '.join(sorted(families))}.")
    parts = [each[1] for each in known]
    if families == {"list"}:
        if all(each[0] == "tuple" for each in known) and len({len(each) for each in parts}) == 1:
            return ("tuple", [_common(list(each)) for each in zip(*parts, strict=True)])
        return ("list", _common([item for kind, part in known for item in (part if kind == "tuple" else [part])]))
    if all(each[0] == "object" for each in known) and len({frozenset(each) for each in parts}) == 1:
        return ("object", {key: _common([each[key] for each in parts]) for key in parts[0]})
    return ("map", _common([item for kind, part in known for item in (part.values() if kind == "object" else [part])]))


def _as(value: Any, wanted: Type) -> Any:
    if wanted == "string" and value is not None and not is_unknown(value):
        return text_of(value)
    if isinstance(value, list):
        kind, part = wanted
        return [_as(item, part[at] if kind == "tuple" else part) for at, item in enumerate(value)]
    if isinstance(value, Mapping):
        kind, part = wanted
        return {key: _as(item, part[key] if kind == "object" else part) for key, item in value.items()}
    return value
