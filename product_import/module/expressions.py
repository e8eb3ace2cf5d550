"""Expressions of Terraform that cdktf has no words for, or is slow at."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cdktf import Fn, IResolvable, ListTerraformIterator, MapTerraformIterator, Op, TerraformIterator, Token

_TOKEN = re.compile(r"(\$\{TfToken\[[^\]]+\]\})")
# The only item of a list that is a token.
_LIST_TOKEN = re.compile(r"#\{TfToken\[[^\]]+\]\}")


class Expression(str):
    """The text of an expression: what stands in it is no string that wants quotes."""


def jsonencode(value: Any) -> str:
    """The JSON of a value, which may hold references and expressions at any depth.

    cdktf resolves what it is given anew for each level that it is nested in, so the value goes there as one text.
    """
    # Nothing looked up in the text is the text, as an expression.
    return Token.as_string(Fn.lookup_nested(Token.as_any(call("jsonencode", value)), []))


def call(function: str, *arguments: Any) -> Expression:
    """A call of one of Terraform's functions, within the value of `jsonencode`."""
    return Expression(f"{function}({', '.join(map(_text, arguments))})")


def _text(value: Any) -> str:
    """The text of a value in an expression, as cdktf writes it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{key}" = {_text(item)}' for key, item in value.items()) + "}"
    if isinstance(value, list | tuple) and not _is_token(value):
        return f"[{', '.join(map(_text, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, Expression):
        return value
    if isinstance(value, str):
        return value if _TOKEN.fullmatch(value) else _quoted(value)
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return Token.as_string(value)


def _is_token(values: Sequence[Any]) -> bool:
    return len(values) == 1 and isinstance(values[0], str) and _LIST_TOKEN.fullmatch(values[0]) is not None


def _quoted(text: str) -> str:
    """A string, in which references stand in braces."""
    parts = _TOKEN.split(text)
    parts[::2] = [literal.replace("\n", "\\n").replace("${", "$${") for literal in parts[::2]]
    parts[1::2] = [f"${{{token}}}" for token in parts[1::2]]
    return f'"{"".join(parts)}"'


def only_if(condition: IResolvable | bool, value: Any) -> Any:
    """The value, or null: an argument that is null is as if it were not there."""
    return Fn.conditional(condition, value, Token.null_value())


def listed_if(condition: IResolvable | bool, item: Any) -> Any:
    """A list of the one item, or an empty list."""
    return Fn.conditional(condition, [item], [])


def is_given(value: Any) -> IResolvable | bool:
    """Whether a value is not null."""
    return False if value is None else Op.neq(value, Token.null_value())


def each_item(items: Sequence[str], expression: str) -> Any:
    """A list with an expression for each string of a list, which is `val` in it."""
    iterator: ListTerraformIterator = TerraformIterator.from_list(items)
    return iterator.for_expression_for_list(expression)


def each(mapping: Any, expression: str) -> Any:
    """A list with an expression for each item of a map, whose key is `key` and whose value is `val` in it."""
    known = mapping if isinstance(mapping, Mapping) else Token.as_any_map(mapping)
    iterator: MapTerraformIterator = TerraformIterator.from_map(known)
    return iterator.for_expression_for_list(expression)
