"""Find the secrets of a plan in texts, and hide them."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import chain

from product_import.plan_diff.compare.encodings import SHORTEST_IN_CHARACTERS, decoded
from product_import.plan_diff.compare.values import SENSITIVE, document

# Searching for a shorter secret ("eu", "8080") would hide every value that contains it by chance.
SHORTEST_SECRET_IN_CHARACTERS = SHORTEST_IN_CHARACTERS
# Shorter lines of a secret, such as `#!/bin/bash`, also occur in texts without secrets.
SHORTEST_LINE_IN_CHARACTERS = 16
# Encodings may be nested this deep, such as JSON in base64 in JSON.
DEEPEST_ENCODING = 3
# A text is hidden without a search if all its decoded forms together are longer than this.
MOST_DECODED_CHARACTERS = 16_000_000
# Results for short texts are cached: plans and the stages of a report repeat them.
_SHORT_IN_CHARACTERS = 256
_MOST_RESULTS = 1 << 16

_ARMOR = re.compile(r"-{4,}[\w ]+-{4,}")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class Secrets:
    """Finds secrets in texts, plain and in reversible encodings, and hides them.

    Attributes:
        values: the texts to search for.
        in_names: the values that are also part of a name in the configuration.
    """

    def __init__(self, values: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        """`names` are the names of resources, modules and arguments in the configuration."""
        self.values = frozenset(chain.from_iterable(map(_forms, map(_encodable, values))))
        self._several_lines = any("\n" in value for value in self.values)
        self.in_names: frozenset[str] = frozenset()
        self._apart_from_names = self
        self._search = None
        if self.values:
            from ahocorasick_rs import AhoCorasick  # noqa: PLC0415 - most plans hold no secret

            # A URL may have `+` for a space, and decoding keeps it.
            in_urls = {value.replace(" ", "+") for value in self.values}
            patterns = [*(self.values | in_urls)]
            self._search = AhoCorasick(patterns, store_patterns=False)
            found = self._search.find_matches_as_indexes("\n".join(names), overlapping=True)
            self.in_names = self.values & {patterns[index] for index, _, _ in found}
            if self.in_names:
                self._apart_from_names = Secrets(self.values - self.in_names)
            self._occur_in_short = lru_cache(_MOST_RESULTS)(self._occur_in)

    def occur_in(self, text: str) -> bool:
        """Whether a secret is in the text."""
        if self._search is None or len(text) < SHORTEST_SECRET_IN_CHARACTERS:
            return False
        return self._occur_in_short(text) if len(text) <= _SHORT_IN_CHARACTERS else self._occur_in(text)

    def hide(self, text: str) -> str:
        """Return the text without secrets.

        Quoted values, such as a key of `for_each`, and plain secrets are replaced where they are. A text with a secret
        in an encoding is replaced as a whole. A secret that is also in a name, such as "postgres", is hidden only where
        it is quoted, so that names stay readable.
        """
        if not self.occur_in(text):
            return text
        text = _QUOTED.sub(lambda quoted: f'"{SENSITIVE}"' if self.occur_in(quoted[0]) else quoted[0], text)
        others = self._apart_from_names
        if not others.occur_in(text):
            return text
        text = others._without_plain(text)
        return SENSITIVE if others.occur_in(text) else text

    def _without_plain(self, text: str) -> str:
        assert self._search is not None
        text = _encodable(text)
        parts, end = [], 0
        for _, start, stop in sorted(self._search.find_matches_as_indexes(text, overlapping=True), key=lambda m: m[1]):
            if start >= end:
                parts += [text[end:start], SENSITIVE]
            end = max(end, stop)
        return "".join([*parts, text[end:]])

    def _occur_in(self, text: str) -> bool:
        assert self._search is not None
        characters = 0
        for depth in range(DEEPEST_ENCODING + 1):
            text = _encodable(text)
            if self._several_lines and "\n" in text:
                text = _unindented(text)
            if self._search.find_matches_as_indexes(text):
                return True
            if depth < DEEPEST_ENCODING:
                text = "\n".join(decoded(text, MOST_DECODED_CHARACTERS))
                characters += len(text)
            if characters >= MOST_DECODED_CHARACTERS:
                return True
            if len(text) < SHORTEST_SECRET_IN_CHARACTERS:
                return False
        return False


def union(found: Collection[Secrets]) -> Secrets:
    """Return the secrets of several plans: one plan may repeat, without a mark, what another one marks."""
    values = frozenset[str]().union(*(secrets.values for secrets in found))
    in_names = frozenset[str]().union(*(secrets.in_names for secrets in found))
    # If one plan has all secrets, its search index is built already.
    made = (secrets for secrets in found if (secrets.values, secrets.in_names) == (values, in_names))
    return next(made, None) or Secrets(values, in_names)


def _forms(value: str) -> Iterator[str]:
    """Yield the texts to search for: the value without indentation, and its long lines if it is not JSON."""
    value = _unindented(value)
    if len(value) >= SHORTEST_SECRET_IN_CHARACTERS:
        yield value
    if "\n" in value and isinstance(document(value), str):
        for line in value.split("\n"):
            if len(line) >= SHORTEST_LINE_IN_CHARACTERS and not _ARMOR.fullmatch(line):
                yield line


def _unindented(text: str) -> str:
    """Return the text without empty lines and without whitespace around lines."""
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))


def _encodable(text: str) -> str:
    """Return the text without unpaired surrogates, which JSON allows and UTF-8 does not."""
    return text if text.isascii() else text.encode(errors="replace").decode()
