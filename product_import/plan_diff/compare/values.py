"""Values of a plan: what stands in the place of one, documents inside strings, and how a value is written."""

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

SENSITIVE = "(sensitive value)"
_DOCUMENT_STARTS = frozenset("{[ \t\r\n")
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Missing(Enum):
    """What stands in a value's place."""

    UNKNOWN = "(known after apply)"
    ABSENT = ""


@dataclass(frozen=True)
class Sensitive:
    """A value that must not be shown; it can be compared. `found` is one that Terraform itself does not mark."""

    value: Any = field(repr=False)
    found: bool = False


@dataclass(frozen=True)
class Document:
    """The object or list of a JSON text. Null in it is a value, whereas an argument that is null is not set."""

    value: Any


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


def notation(value: Any) -> str:
    """The value as JSON on one line, without characters that a terminal or a browser would act on."""
    if not isinstance(value, (Sensitive, Missing, Document)):
        try:
            return printable(_encode(value))
        except TypeError:  # one of these is inside
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
    """Whether the notation of a value has at most so many characters; a long one is not written for that."""
    least, rest = 0, [value]
    while rest and least <= characters:
        item = rest.pop()
        if isinstance(item, Document):
            item = item.value
        if isinstance(item, str):
            least += len(item) + 2
        elif isinstance(item, (dict, list)):
            # Brackets, what parts the elements, and `"": ` of each member.
            least += 2 * max(len(item), 1) + (len(item) * 4 if isinstance(item, dict) else 0)
            if least <= characters:
                rest.extend(item.values() if isinstance(item, dict) else item)
    return least <= characters and len(notation(value)) <= characters


def printable(text: str) -> str:
    """The text with control characters, line breaks and marks of direction as JSON escapes."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else json.dumps(character)[1:-1] for character in text)
