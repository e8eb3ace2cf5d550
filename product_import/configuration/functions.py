"""Terraform's functions, those that the module uses and their near relatives, as its documentation describes them."""

import json
import math
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any
from urllib.parse import quote_plus

from product_import.configuration.values import ExpressionError, Unknown, is_unknown, number_of, text_of


def _range(*limits: float) -> list[float]:
    start, stop = limits[:2] if len(limits) > 1 else (0, limits[0])
    step = limits[2] if len(limits) > 2 else 1 if start <= stop else -1
    return [start + index * step for index in range(max(0, math.ceil((stop - start) / step)))]


def _regex(pattern: str, text: str) -> Any:
    match = re.search(pattern, text, re.ASCII)
    if match is None:
        raise ExpressionError(f"{text!r} does not match {pattern!r}.")
    return match.groupdict() or list(match.groups()) or match[0]


def _cidrsubnet(prefix: str, bits: float, number: float) -> str:
    network = ip_network(prefix, strict=False)
    length = network.prefixlen + int(bits)
    return f"{network.network_address + (int(number) << (network.max_prefixlen - length))}/{length}"


def _element(values: list[Any], index: int) -> Any:
    return values[index % len(values)]


def _lookup(values: Mapping[str, Any], key: str, *default: Any) -> Any:
    return values.get(key, *default)


def _one(values: list[Any]) -> Any:
    if len(values) > 1:
        raise ExpressionError(f"one() of {len(values)} values.")
    return values[0] if values else None


def _merge(*maps: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: value for each in maps if each for key, value in each.items()}


def _json(value: Any) -> str:
    # What is unknown shows as such: the whole text would otherwise be, and with it the number of containers.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def _coalesce(*values: Any) -> Any:
    for value in values:
        if value is not None and value != "":
            return value
    raise ExpressionError("coalesce() of nothing but null.")


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "alltrue": lambda values: all(value is True for value in values),
    "anytrue": lambda values: any(value is True for value in values),
    "ceil": math.ceil,
    "cidrsubnet": _cidrsubnet,
    "coalesce": _coalesce,
    "compact": lambda values: [value for value in values if value not in (None, "")],
    "concat": lambda *lists: [item for each in lists for item in each],
    "contains": lambda values, value: value in values,
    "distinct": lambda values: list(dict.fromkeys(values)),
    "element": _element,
    "flatten": lambda values: [item for each in values for item in (each if isinstance(each, list) else [each])],
    "floor": math.floor,
    "join": lambda separator, values: separator.join(map(text_of, values)),
    "jsondecode": json.loads,
    "jsonencode": _json,
    "keys": sorted,
    "length": len,
    "lookup": _lookup,
    "lower": str.lower,
    "max": max,
    "merge": _merge,
    "min": min,
    "one": _one,
    "range": _range,
    "regex": _regex,
    "replace": lambda text, old, new: text.replace(old, new),
    "slice": lambda values, start, end: values[start:end],
    "sort": sorted,
    "split": lambda separator, text: text.split(separator),
    "tobool": lambda value: {"true": True, "false": False}[text_of(value)],
    "tolist": list,
    "tomap": dict,
    "tonumber": lambda value: None if value is None else number_of(value),
    "toset": lambda values: sorted(set(values)),
    "tostring": lambda value: None if value is None else text_of(value),
    "trimprefix": str.removeprefix,
    "trimsuffix": str.removesuffix,
    "trimspace": str.strip,
    "upper": str.upper,
    "urlencode": quote_plus,
    "values": lambda mapping: [mapping[key] for key in sorted(mapping)],
}
# What these return is known in all but the parts that are not.
TAKE_UNKNOWN_PARTS = frozenset(
    {"compact", "concat", "jsonencode", "length", "merge", "one", "slice", "tolist", "tomap"}
)


def call(name: str, arguments: list[Any]) -> Any:
    """The function's value; Unknown where an argument is.

    Raises:
        ExpressionError: the function is not known, or refuses its arguments.
    """
    if name not in FUNCTIONS:
        raise ExpressionError(f"the function {name}() is not known here. Known: {', '.join(sorted(FUNCTIONS))}.")
    top = next(filter(is_unknown, arguments), None)
    if top is not None:
        return top
    if name not in TAKE_UNKNOWN_PARTS and (part := _unknown_part(arguments)) is not None:
        return part
    try:
        return FUNCTIONS[name](*arguments)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ZeroDivisionError) as error:
        raise ExpressionError(f"{name}({', '.join(f'{each!r:.60}' for each in arguments)}): {error}") from None


def _unknown_part(value: Any) -> Unknown | None:
    if isinstance(value, Unknown):
        return value
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return next((part for part in map(_unknown_part, items) if part is not None), None)
