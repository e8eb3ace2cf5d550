"""Expressions of Terraform, as text.

cdktf has words for them too, but sends each to Node, and resolves it anew for each level that it is nested in.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdktf import Fn, Token

# cdktf's tokens, for example of a resource's attribute: in a string, of a list as its only item, and as a number.
_IN_STRING = r"\$\{TfToken\[[^\]]+\]\}"
_TOKEN = re.compile(rf"({_IN_STRING}|-\d\.\d+e\+2(?:89|9\d))")
_LIST_TOKEN = re.compile(r"#\{TfToken\[[^\]]+\]\}")
_REFERENCE = re.compile(r"\$\{([^{}]+)\}")


@dataclass(frozen=True)
class Expression:
    """An expression: a part of another one, or by `str` a resource's argument or a part of a string."""

    text: str

    def __str__(self) -> str:
        if not _TOKEN.search(self.text):
            return f"${{{self.text}}}"
        # Within an expression cdktf writes references without braces. Nothing that is looked up in a text is the text.
        return Token.as_string(Fn.lookup_nested(Token.as_any(self.text), []))


def call(function: str, *arguments: Any) -> Expression:
    """A call of one of Terraform's functions."""
    return Expression(f"{function}({', '.join(map(text_of, arguments))})")


def operation(left: Any, operator: str, right: Any) -> Expression:
    """A comparison or a calculation."""
    return Expression(f"({text_of(left)} {operator} {text_of(right)})")


def conditional(condition: Any, value: Any, otherwise: Any) -> Expression:
    """One value or the other; None is null: an argument that is null is as if it were not there."""
    return Expression(f"{text_of(condition)} ? {text_of(value)} : {text_of(otherwise)}")


def listed_if(condition: Any, item: Any) -> Expression:
    """A list of the one item, or an empty list."""
    return conditional(condition, [item], [])


def is_given(value: Any) -> Expression | bool:
    """Whether a value is not null."""
    return False if value is None else operation(value, "!=", None)


def each_item(items: Any, expression: str) -> Expression:
    """A list with an expression for each string of a list, which is `val` in it."""
    return Expression(f"[ for key, val in toset({text_of(items)}): {expression}]")


def each(mapping: Any, expression: str) -> Expression:
    """A list with an expression for each item of a map, whose key is `key` and whose value is `val` in it."""
    return Expression(f"[ for key, val in {text_of(mapping)}: {expression}]")


def jsonencode(value: Any) -> str:
    """The JSON of a value, which may hold references and expressions at any depth."""
    return str(call("jsonencode", value))


def text_of(value: Any) -> str:
    """The text of a value in an expression."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}" = {text_of(item)}' for key, item in value.items()) + "}"
    if text := getattr(value, "text", None):
        return str(text)
    if isinstance(value, list | tuple):
        if len(value) == 1 and isinstance(value[0], str) and _LIST_TOKEN.fullmatch(value[0]):
            return f"${value[0][1:]}"
        return f"[{', '.join(map(text_of, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        if _TOKEN.fullmatch(value):
            return value
        reference = _REFERENCE.fullmatch(value)
        return reference[1] if reference else _quoted(value)
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    return Token.as_string(value)


def _quoted(text: str) -> str:
    """A string, in which references stand in braces."""
    parts = _TOKEN.split(text.replace("\n", "\\n"))
    parts[1::2] = [f"${{{token}}}" for token in parts[1::2]]
    return f'"{"".join(parts)}"'
