"""Values of a plan: what stands in the place of one, documents inside strings, and how a value is written."""

import json
import re
from enum import Enum
from typing import Any

import msgspec

SENSITIVE = "(sensitive value)"
_DOCUMENT_STARTS = frozenset("{[ \t\r\n")
# A text in JSON that starts with one of these; writers of JSON escape some of them.
_DOCUMENT = re.compile(rb'"(?:[{\[ ]|\\[tnru])')
_TEXT_OR_MORE = frozenset({b'"', b"{", b"["})
_PLAIN = frozenset({str, dict, list, int, float, bool, type(None)})
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Missing(Enum):
    """What stands in a value's place."""

    UNKNOWN = "(known after apply)"
    ABSENT = ""


class Sensitive:
    """A value that must not be shown; it can be compared. `found` is one that Terraform itself does not mark."""

    # No dataclass: msgspec would write one as an object, with the value.
    __slots__ = ("found", "value")

    def __init__(self, value: Any, found: bool = False) -> None:
        self.value, self.found = value, found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and (self.value, self.found) == (other.value, other.found)

    def __repr__(self) -> str:
        return f"Sensitive(found={self.found})"

    __hash__ = None  # type: ignore[assignment]


class Document:
    """The object or list of a JSON text. Null in it is a value, whereas an argument that is null is not set."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and bool(self.value == other.value)

    def __repr__(self) -> str:
        return f"Document({self.value!r})"

    __hash__ = None  # type: ignore[assignment]


def below(mask: Any, step: str | int) -> Any:
    """The part of a mask that belongs to an object's member or a list's element."""
    if isinstance(mask, dict):
        return mask.get(step)
    if isinstance(mask, list) and isinstance(step, int) and step < len(mask):
        return mask[step]
    return None


def is_marked(mask: Any) -> bool:
    """Whether a mask marks any part of a value."""
    parts = mask.values() if isinstance(mask, dict) else mask if isinstance(mask, list) else ()
    return mask is True or any(map(is_marked, parts))


def document(text: str) -> Any:
    """The JSON object or list that the text is, else the text."""
    if text[:1] not in _DOCUMENT_STARTS or text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


_UNKNOWN = Missing.UNKNOWN.value.encode()


def may_hold_documents(text: bytes) -> bool:
    """Whether a text in a JSON text may be a document itself, by how it begins."""
    return text[:1] in _TEXT_OR_MORE and _DOCUMENT.search(text) is not None


def notation(value: Any) -> str:
    """The value as JSON on one line, without characters that a terminal or a browser would act on."""
    if type(value) in _PLAIN:
        try:
            return printable(_encode(value))
        except TypeError:  # something else is inside
            pass
    return _notation(value)


def _notation(value: Any) -> str:
    if isinstance(value, Sensitive):
        return SENSITIVE
    if isinstance(value, Missing):
        return value.value
    if isinstance(value, Document):
        return _notation(value.value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_notation(name)}: {_notation(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_notation, value)) + "]"
    return printable(_encode(value))


def fits(value: Any, characters: int) -> bool:
    """Whether the notation of a value has at most so many characters; a long one is hardly ever written for that."""
    try:
        dense = msgspec.json.encode(value)
    except (OverflowError, TypeError, ValueError):
        return len(notation(value)) <= characters
    if len(dense) > 4 * characters and _UNKNOWN not in dense:
        return False  # a character takes up to four bytes
    # All of ASCII but the last character is written alike; the notation has spaces after separators.
    if dense.isascii() and b"\x7f" not in dense and _UNKNOWN not in dense:
        if len(dense) > characters:
            return False
        if len(dense) + dense.count(b",") + dense.count(b":") <= characters:
            return True
    return len(notation(value)) <= characters


def word(text: str) -> str:
    """A word of the plan's format, which stands in a sentence of the report: nothing in it is markup or a mention."""
    return text if re.fullmatch(r"[A-Za-z]+(-[A-Za-z]+)*", text) else "(unreadable)"


def printable(text: str) -> str:
    """The text with control characters, line breaks and marks of direction as JSON escapes."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else json.dumps(character)[1:-1] for character in text)
