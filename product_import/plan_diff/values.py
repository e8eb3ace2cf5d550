"""Values of a plan with their marks: what is sensitive, what is unknown, and documents inside strings."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Self
from urllib.parse import quote_plus

# A shorter one ("eu", "8080") would hide every value that happens to contain it.
SHORTEST_SECRET_IN_CHARACTERS = 8
_encode = json.JSONEncoder(ensure_ascii=False).encode
# A string in a document that may be a document itself.
_INNER_DOCUMENT = re.compile(r'"\s*[{\[]')


class Missing(Enum):
    """What stands in a value's place."""

    UNKNOWN = "(known after apply)"
    ABSENT = ""


@dataclass(frozen=True)
class Sensitive:
    """A value that must not be shown; it can be compared."""

    value: Any = field(repr=False)


def marked(value: Any, unknown: Any = None, sensitive: Any = None) -> Any:
    """The value with `Sensitive` and `Missing.UNKNOWN` where Terraform's masks say so, and JSON documents parsed.

    A mask is true for all of a value, or has the value's own shape. A sensitive string stays one: its document is not
    looked into.
    """
    if sensitive is True:
        hidden = marked(value, unknown)
        return hidden if hidden is None else Sensitive(hidden)  # null is no secret
    if unknown is True:
        return Missing.UNKNOWN
    if isinstance(value, dict) or isinstance(unknown, dict):
        members = value or {}
        names = {**members, **unknown} if isinstance(unknown, dict) else members
        return {name: marked(members.get(name), _at(unknown, name), _at(sensitive, name)) for name in names}
    if isinstance(value, list):
        return [marked(item, _at(unknown, index), _at(sensitive, index)) for index, item in enumerate(value)]
    if isinstance(value, str):
        return _document(value)
    return value


def _at(mask: Any, step: str | int) -> Any:
    if isinstance(mask, dict):
        return mask.get(step)
    if isinstance(mask, list) and isinstance(step, int) and step < len(mask):
        return mask[step]
    return None


def _document(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        document = json.loads(text)
        return marked(document) if _INNER_DOCUMENT.search(text) else document
    except (ValueError, RecursionError):
        return text


def notation(value: Any) -> str:
    """The value as JSON on one line, without characters that a terminal or a browser would act on."""
    if isinstance(value, Sensitive):
        return "(sensitive value)"
    if isinstance(value, Missing):
        return value.value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{notation(name)}: {notation(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(notation, value)) + "]"
    return printable(_encode(value))


def printable(text: str) -> str:
    """The text with control characters, line breaks and marks of direction as JSON escapes."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else json.dumps(character)[1:-1] for character in text)


class Secrets:
    """The strings that a plan marks as sensitive somewhere, to hide them where a provider lost the mark."""

    def __init__(self, values: Iterable[str]) -> None:
        # By their first characters, so that thousands of secrets cost no more than one.
        self._by_start: dict[str, set[str]] = defaultdict(set)
        for value in values:
            if len(value) >= SHORTEST_SECRET_IN_CHARACTERS:
                for written in (value, quote_plus(value)):
                    self._by_start[written[:SHORTEST_SECRET_IN_CHARACTERS]].add(written)

    @classmethod
    def of(cls, marks: Iterable[tuple[Any, Any]]) -> Self:
        """From pairs of a value and its sensitivity mask."""
        return cls(text for value, mask in marks for text in _sensitive_strings(value, mask))

    def hide(self, value: Any) -> Any:
        """The value with `Sensitive` round each string that contains a secret."""
        if not self._by_start:
            return value
        if isinstance(value, dict):
            return {self._hide_name(name): self.hide(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.hide(item) for item in value]
        return Sensitive(value) if isinstance(value, str) and self.occur_in(value) else value

    def _hide_name(self, name: str) -> str:
        return "(sensitive value)" if self.occur_in(name) else name

    def occur_in(self, text: str) -> bool:
        if not self._by_start:
            return False
        return any(
            text.startswith(secret, index)
            for index in range(len(text) - SHORTEST_SECRET_IN_CHARACTERS + 1)
            for secret in self._by_start.get(text[index : index + SHORTEST_SECRET_IN_CHARACTERS], ())
        )


def _sensitive_strings(value: Any, mask: Any) -> Iterator[str]:
    if mask is True and isinstance(value, str):
        yield value
    elif mask and isinstance(value, dict):
        for name, item in value.items():
            yield from _sensitive_strings(item, True if mask is True else _at(mask, name))
    elif mask and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _sensitive_strings(item, True if mask is True else _at(mask, index))
