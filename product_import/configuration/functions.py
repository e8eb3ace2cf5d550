"""Terraform's functions, those that the module uses and their near relatives, as its documentation describes them."""

import json
import math
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any
from urllib.parse import quote_plus

from product_import.configuration.patterns import compiled
from product_import.configuration.values import (
    ExpressionError,
    NotKnownHereError,
    Unknown,
    boolean_of,
    calculated,
    is_number,
    is_unknown,
    number_of,
    same,
    text_of,
    unified,
)

# The longest list that range() makes (terraform, internal/lang/funcs: cty's RangeFunc).
_LONGEST_RANGE = 1024


def _range(*limits: float) -> list[float]:
    start, stop = limits[:2] if len(limits) > 1 else (0, limits[0])
    step = limits[2] if len(limits) > 2 else 1 if start <= stop else -1
    length = math.ceil((stop - start) / step)
    if (stop - start) * step < 0 or length > _LONGEST_RANGE:
        raise ExpressionError(f"range() from {start} to {stop} by {step}: at most {_LONGEST_RANGE} values.")
    return [calculated("+", start, calculated("*", index, step)) for index in range(length)]


def _regex(pattern: str, text: str) -> Any:
    match = compiled(pattern).search(text)
    if match is None:
        raise ExpressionError(f"{text!r} does not match {pattern!r}.")
    return match.groupdict() or list(match.groups()) or match[0]


def _replace(text: str, old: str, new: str) -> str:
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        raise NotKnownHereError("replace() with a pattern is not known here.")
    return text.replace(old, new)


def _cidrsubnet(prefix: str, bits: int, number: int) -> str:
    network = ip_network(prefix, strict=False)
    length = network.prefixlen + bits
    if bits < 0 or length > network.max_prefixlen or not 0 <= number < 1 << bits:
        raise ExpressionError(f"{prefix} has no {number}th part of {bits} more bits.")
    return f"{network.network_address + (number << (network.max_prefixlen - length))}/{length}"


def _element(values: list[Any], index: int) -> Any:
    if index < 0:
        raise NotKnownHereError("element() of a negative index is not known here.")
    return values[index % len(values)]


def _flattened(values: list[Any]) -> list[Any]:
    return [item for each in values for item in (_flattened(each) if isinstance(each, list) else [each])]


def _length(value: Any) -> int:
    if isinstance(value, str | list | Mapping):
        return len(value)
    raise ExpressionError(f"{value!r:.60} has no length.")


def _lookup(values: Mapping[str, Any], key: str, *default: Any) -> Any:
    return values.get(key, *default) if default else values[key]


def _one(values: list[Any]) -> Any:
    if len(values) > 1:
        raise ExpressionError(f"one() of {len(values)} values.")
    return values[0] if values else None


def _slice(values: list[Any], start: int, end: int) -> list[Any]:
    if not 0 <= start <= end <= len(values):
        raise ExpressionError(f"slice() from {start} to {end} of {len(values)} values.")
    return values[start:end]


def _distinct(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in unified(values):
        if not any(same(value, each) for each in found):
            found.append(value)
    return found


def _set(values: list[Any]) -> list[Any]:
    """Sorted, as Terraform lists one."""
    members = _distinct(values)
    if any(isinstance(each, list | Mapping) for each in members):
        return members
    return sorted(members, key=lambda each: (each is None, each if is_number(each) else 0, text_of(each or "")))


def _json(value: Any) -> str:
    """As Go writes it. What is unknown shows as such: otherwise nobody could read the number of containers."""
    if value is None or isinstance(value, bool) or is_number(value):
        return "null" if value is None else text_of(value)
    if isinstance(value, list):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{_json(key)}:{_json(value[key])}' for key in sorted(value))}}}"
    text = json.dumps(str(value), ensure_ascii=False)
    return re.sub("[<>&\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _coalesce(*values: Any) -> Any:
    for value in unified(values):
        if value is not None and value != "":
            return value
    raise ExpressionError("coalesce() of nothing but null.")


# How an argument is converted: null is refused by all but `any` and `map or null`.
def _whole_number(value: Any) -> int:
    number = number_of(value)
    if isinstance(number, float):
        raise ExpressionError(f"{number} is no whole number.")
    return number


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ExpressionError(f"{value!r:.60} is no list.")
    return value


def _list_of(convert: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    """Null and the unknown stay."""
    return lambda value: [each if each is None or is_unknown(each) else convert(each) for each in _list(value)]


def _texts(value: Any) -> list[str]:
    return [text_of(each) for each in _list(value)]


def _map(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ExpressionError(f"{value!r:.60} is no map.")
    return value


def _map_or_null(value: Any) -> Mapping[str, Any]:
    return {} if value is None else _map(value)


def _any(value: Any) -> Any:
    return value


def _not_null(value: Any) -> Any:
    if value is None:
        raise ExpressionError("an argument must not be null.")
    return value


def _or_null(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


Convert = Callable[[Any], Any]
# The function, the conversions of its arguments, and that of any further one.
FUNCTIONS: Mapping[str, tuple[Callable[..., Any], tuple[Convert, ...], Convert | None]] = {
    "abs": (abs, (number_of,), None),
    "alltrue": (lambda values: all(value is True for value in values), (_list_of(boolean_of),), None),
    "anytrue": (lambda values: any(value is True for value in values), (_list_of(boolean_of),), None),
    "ceil": (math.ceil, (number_of,), None),
    "cidrsubnet": (_cidrsubnet, (text_of, _whole_number, _whole_number), None),
    "coalesce": (_coalesce, (), _any),
    "compact": (lambda values: [each for each in values if each not in (None, "")], (_list_of(text_of),), None),
    "concat": (lambda first, *lists: [item for each in (first, *lists) for item in each], (_list,), _list),
    "contains": (lambda values, value: any(same(each, value) for each in values), (_list, _not_null), None),
    "distinct": (_distinct, (_list,), None),
    "element": (_element, (_list, _whole_number), None),
    "flatten": (_flattened, (_list,), None),
    "floor": (math.floor, (number_of,), None),
    "join": (
        lambda separator, *lists: separator.join(item for each in lists for item in each),
        (text_of, _texts),
        _texts,
    ),
    "jsondecode": (lambda text: json.loads(text, parse_float=number_of, parse_constant=number_of), (text_of,), None),
    "jsonencode": (_json, (_any,), None),
    "keys": (sorted, (_map,), None),
    "length": (_length, (_not_null,), None),
    "lookup": (_lookup, (_map, text_of), _any),
    "lower": (str.lower, (text_of,), None),
    "max": (lambda first, *others: max(first, *others, first), (number_of,), number_of),
    "merge": (lambda *maps: {key: value for each in maps for key, value in each.items()}, (), _map_or_null),
    "min": (lambda first, *others: min(first, *others, first), (number_of,), number_of),
    "one": (_one, (_list,), None),
    "range": (_range, (number_of,), number_of),
    "regex": (_regex, (text_of, text_of), None),
    "replace": (_replace, (text_of, text_of, text_of), None),
    "slice": (_slice, (_list, _whole_number, _whole_number), None),
    "sort": (sorted, (_texts,), None),
    "split": (lambda separator, text: text.split(separator) if separator else list(text), (text_of, text_of), None),
    "tobool": (_any, (_or_null(boolean_of),), None),
    "tolist": (_or_null(unified), (_or_null(_list),), None),
    "tomap": (
        _or_null(lambda given: dict(zip(given, unified(list(given.values())), strict=True))),
        (_or_null(_map),),
        None,
    ),
    "tonumber": (_any, (_or_null(number_of),), None),
    "toset": (_or_null(_set), (_or_null(_list),), None),
    "tostring": (_any, (_or_null(text_of),), None),
    "trimprefix": (str.removeprefix, (text_of, text_of), None),
    "trimsuffix": (str.removesuffix, (text_of, text_of), None),
    "trimspace": (str.strip, (text_of,), None),
    "upper": (str.upper, (text_of,), None),
    "urlencode": (quote_plus, (text_of,), None),
    "values": (lambda mapping: [mapping[key] for key in sorted(mapping)], (_map,), None),
}
# What these return is known in all but the parts that are not.
TAKE_UNKNOWN_PARTS = frozenset(
    {"compact", "concat", "jsonencode", "length", "merge", "one", "slice", "tolist", "tomap"}
)


def call(name: str, arguments: list[Any]) -> Any:
    """The function's value; Unknown where an argument is.

    Raises:
        ExpressionError: the function refuses its arguments.
        NotKnownHereError: it is not known here.
    """
    if name not in FUNCTIONS:
        raise NotKnownHereError(f"the function {name}() is not known here. Known: {', '.join(sorted(FUNCTIONS))}.")
    top = next(filter(is_unknown, arguments), None)
    if top is not None:
        return top
    if name not in TAKE_UNKNOWN_PARTS and (part := _unknown_part(arguments)) is not None:
        return part
    function, conversions, further = FUNCTIONS[name]
    if len(arguments) < len(conversions) or (further is None and len(arguments) > len(conversions)):
        raise ExpressionError(f"{name}() takes {len(conversions)} arguments. Given: {len(arguments)}.")
    try:
        converts = [*conversions, *[further or _any] * (len(arguments) - len(conversions))]
        return function(*(convert(each) for convert, each in zip(converts, arguments, strict=True)))
    except ExpressionError:
        raise
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError, re.error) as error:
        raise ExpressionError(f"{name}({', '.join(f'{each!r:.60}' for each in arguments)}): {error}") from None


def _unknown_part(value: Any) -> Unknown | None:
    if isinstance(value, Unknown):
        return value
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return next((part for part in map(_unknown_part, items) if part is not None), None)
