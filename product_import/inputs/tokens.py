"""Tokens of cdktf among the inputs: values that only a plan or an apply tells."""

import math
from collections.abc import Mapping
from typing import Any

# cdktf's own forms of a token in a string, as the only item of a list, and as the only key of a map.
_TEXT, _LIST, _MAP = "TfToken[", "#{TfToken[", "&{TfToken["
# Numbers that stand for tokens are below; cdktf, lib/tokens/private/encoding.ts.
_NUMBER = -1e280


class Later(str):
    """The place of a token in a value that is checked: it follows any rule on one string."""

    __slots__ = ()


def is_token(value: object) -> bool:
    """Whether a value is a token, or a string with one in it. A list or a map that only holds one is none."""
    if isinstance(value, str):
        return _TEXT in value
    if isinstance(value, float):
        return math.isfinite(value) and value < _NUMBER
    if isinstance(value, Mapping | list | tuple):
        first = next(iter(value), None)
        return len(value) == 1 and isinstance(first, str) and first.startswith((_LIST, _MAP))
    # As cdktf's own Tokenization.isResolvable, which fails at other objects than jsii's.
    return hasattr(value, "creation_stack")


def without_tokens(value: Any) -> Any:
    """A value with `Later` in the place of each token in it, or `Later` where it is one itself."""
    if is_token(value):
        return Later()
    if isinstance(value, Mapping):
        # Keys that are tokens stay apart.
        return {Later(key) if is_token(key) else key: _item(item) for key, item in value.items()}
    return [_item(item) for item in value] if isinstance(value, list | tuple) else value


def _item(value: Any) -> Any:
    """No item is a list or a map, nor a token of one."""
    return Later() if is_token(value) and not isinstance(value, Mapping | list | tuple) else value


def of_type(value: Any, wanted: str) -> Any:
    """A token as cdktf takes values of a Terraform type; anything else as it is."""
    from cdktf import Token  # noqa: PLC0415, it starts Node

    if not is_token(value):
        return value
    if wanted == "string":
        return value if isinstance(value, str) else Token.as_string(value)
    if wanted == "number":
        return value if isinstance(value, float) else Token.as_number(value)
    if wanted == "bool":
        return Token.as_any(value)
    if wanted == "list(string)":
        return list(value) if isinstance(value, list | tuple) else Token.as_list(value)
    # cdktf adds nothing to a token of a map, but takes one of a string in an expression.
    return Token.as_string(value)
