"""Values of a plan: placeholders for values, documents inside strings, and the notation of values."""

import json
import re
from enum import Enum
from json.encoder import encode_basestring
from typing import Any

import msgspec

SENSITIVE = "(sensitive value)"
_DOCUMENT_STARTS = frozenset("{[ \t\r\n")
# A text in JSON that starts with one of these; writers of JSON escape some of them.
_DOCUMENT = re.compile(rb'"(?:[{\[ ]|\\[tnru])')
_TEXT_OR_MORE = frozenset({b'"', b"{", b"["})
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Missing(Enum):
    """A placeholder for a value."""

    UNKNOWN = "(known after apply)"
    ABSENT = ""


class Sensitive:
    """A value that can be compared but must not be shown; `found` is true if Terraform does not mark it."""

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
    """The object or list in a JSON text. In it, null is a value; a null argument is not set."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and bool(self.value == other.value)

    def __repr__(self) -> str:
        return f"Document({self.value!r})"

    __hash__ = None  # type: ignore[assignment]


def below(mask: Any, step: str | int) -> Any:
    """Return the part of a mask for a member of an object or an element of a list."""
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
    """Return the JSON object or list in the text, else the text."""
    if text[:1] not in _DOCUMENT_STARTS or text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:  # json also reads NaN, unpaired surrogates and numbers that are too large for a float
        pass
    except RecursionError:
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
    """Return the value as JSON on one line, without characters that control a terminal or a browser."""
    return printable(_written(value))


def _written(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is dict:
        return "{" + ", ".join([f"{encode_basestring(name)}: {_written(item)}" for name, item in value.items()]) + "}"
    if kind is list:
        return "[" + ", ".join(map(_written, value)) + "]"
    if kind is Sensitive:
        return SENSITIVE
    if kind is Missing:
        return str(value.value)
    return _written(value.value) if kind is Document else _encode(value)


def fits(value: Any, characters: int) -> bool:
    """Whether the notation of a value has at most so many characters. Long notations are rarely written to find out."""
    try:
        dense = msgspec.json.encode(value)
    except (OverflowError, TypeError, ValueError):
        return len(notation(value)) <= characters
    if len(dense) > 4 * characters and _UNKNOWN not in dense:
        return False  # a character takes up to four bytes
    # Both write ASCII in the same way, except for DEL. The notation has spaces after separators.
    if dense.isascii() and b"\x7f" not in dense and _UNKNOWN not in dense:
        if len(dense) > characters:
            return False
        if len(dense) + dense.count(b",") + dense.count(b":") <= characters:
            return True
    return len(notation(value)) <= characters


def word(text: str) -> str:
    """Return a word of the plan format for a sentence of the report; any other text could be markup or a mention."""
    return text if re.fullmatch(r"[A-Za-z]+(-[A-Za-z]+)*", text) else "(unreadable)"


def printable(text: str) -> str:
    """Return the text with control characters, line breaks and direction marks as JSON escapes."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else json.dumps(character)[1:-1] for character in text)
