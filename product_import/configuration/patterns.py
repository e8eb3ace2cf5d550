"""Regular expressions of RE2, which Terraform has, as those of Python."""

import re
import sys
import unicodedata
from functools import cache
from typing import NoReturn

from product_import.configuration.values import NotKnownHereError

# An escape, a class's bracket, the start of a group with options, or any other character.
_PART = re.compile(
    r"\\p\{(?P<property>\w+)\}|\\(?P<escape>.)|(?P<group>\(\?(?:P<\w+>|[is]*:)?)|(?P<other>.)", re.DOTALL
)
_ESCAPES = frozenset("dDwWsSbBAnrtfv")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern of Python.

    Raises:
        NotKnownHereError: a part of it is not known here.
        re.error: it is no pattern.
    """
    found, in_class = [], False
    for part in _PART.finditer(pattern):
        text = part[0]
        if part["property"]:
            ranges = _ranges(part["property"])
            if not ranges:
                _refuse(text, pattern)
            text = ranges if in_class else f"[{ranges}]"
        elif part["escape"]:
            if part["escape"] == "z":
                text = r"\Z"
            elif part["escape"].isalnum() and part["escape"] not in _ESCAPES:
                _refuse(text, pattern)
        elif part["group"] and not in_class:
            if text == "(?":
                _refuse(text, pattern)
        elif text == "$" and not in_class:
            text = r"\Z"  # RE2's does not match before a line's end
        elif text == "[" and in_class:
            text = r"\["
        elif text in "[]":
            in_class = text == "["
        found.append(text)
    return re.compile("".join(found), re.ASCII)


def _refuse(part: str, pattern: str) -> NoReturn:
    raise NotKnownHereError(f"{part} is not known here in a pattern: {pattern:.60}")


@cache
def _ranges(category: str) -> str:
    """The characters of a Unicode category as ranges of a class."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(category):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
