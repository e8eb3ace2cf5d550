"""Inputs in the documentation: where an attribute is one, the text shows its default and its name."""

import json
import re
from typing import Any

from product_import.inputs import INPUTS

_REFERENCE = re.compile(r"\$\{(?:var\.|local\.checked_)(\w+)\}")
_CHOICE = re.compile(r'\$\{\(var\.(\w+) == "(\w+)"\) \? "([^"]*)" : "([^"]*)"\}')
_MARK = re.compile(r"\0(\w+)\0")
_CODE = re.compile(r"(^```\w*\n.*?^```$)", re.MULTILINE | re.DOTALL)
_DEFAULTS = {row.name: row.default for row in INPUTS if row.default is not None}


class _Number(int):
    """The default of an input, to compute with; as text a mark that `shown` replaces."""

    mark: str

    def __str__(self) -> str:
        return self.mark

    def __format__(self, _: str) -> str:
        return self.mark


def with_settings(value: Any) -> Any:
    """A tree of Terraform's JSON whose references to inputs can be shown.

    A value that is an input with a default, and nothing else, becomes that default with a mark; one of two texts, the
    text of the input's default. Other references, as those in names, become a shell's variables.
    """
    if isinstance(value, dict):
        return {key: with_settings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_settings(item) for item in value]
    if not isinstance(value, str):
        return value
    value = _CHOICE.sub(lambda match: match[3] if _DEFAULTS[match[1]] == match[2] else match[4], value)
    match = _REFERENCE.fullmatch(value)
    if match is None or match[1] not in _DEFAULTS:
        return _REFERENCE.sub(lambda match: f"${match[1].upper()}", value)
    default, mark = _DEFAULTS[match[1]], f"\0{match[1]}\0"
    if isinstance(default, bool) or not isinstance(default, int):
        return mark
    number = _Number(default)
    number.mark = mark
    return number


def input_of(value: object) -> str:
    """The name of the input whose default the value is."""
    return str(value).strip("\0")


def shown(text: str) -> str:
    """A text with its marks replaced: in a block of code by a shell's variable, else by the default and the name."""
    parts = _CODE.split(text)
    return "".join(
        _MARK.sub(lambda match: f"${match[1].upper()}", part) if index % 2 else _MARK.sub(_default, part)
        for index, part in enumerate(parts)
    )


def _default(match: re.Match[str]) -> str:
    default = _DEFAULTS[match[1]]
    return f"{default if isinstance(default, str) else json.dumps(default)} (`{match[1]}`)"
