"""Long values cut down to what differs."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from product_import.plan_diff.compare.alignment import Span, changed_runs
from product_import.words import counted

# Equal text round a difference is cut to so many characters.
CONTEXT_IN_CHARACTERS = 24
LONG_IN_CHARACTERS = 60
LONGEST_IN_CHARACTERS = 300
# Beyond, differences are not told apart: the words of a text take some times its memory.
LONGEST_COMPARED_IN_CHARACTERS = 200_000


def excerpts(old: str, new: str) -> tuple[str, str]:
    """Both texts, short enough to be read side by side; an ellipsis stands for what is left out.

    A difference that is left out is counted, on both sides.
    """
    if min(len(old), len(new)) <= LONG_IN_CHARACTERS:
        return shortened(old), shortened(new)
    spans = _spans(old, new)
    shown = [("", 0), ("", 0)]
    for index, pair in enumerate(spans):
        longer = [
            (said + _around(text, span, end), span[1])
            for (said, end), text, span in zip(shown, (old, new), pair, strict=True)
        ]
        if index and max(len(said) for said, _ in longer) > LONGEST_IN_CHARACTERS:
            left = len(spans) - index
            more = f" ({counted(left, 'more change')})"
            return _ended(old, shown[0]) + more, _ended(new, shown[1]) + more
        shown = longer
    return shortened(_ended(old, shown[0])), shortened(_ended(new, shown[1]))


def _around(text: str, span: Span, end: int) -> str:
    """A span with the text before it, from the end of the last one on."""
    start = span[0] - CONTEXT_IN_CHARACTERS
    if end and start - end > CONTEXT_IN_CHARACTERS:
        return f"{text[end : end + CONTEXT_IN_CHARACTERS]}…{text[start : span[1]]}"
    if end or start <= 0:
        return text[end : span[1]]
    return f"…{text[start : span[1]]}"


def _ended(text: str, shown: tuple[str, int]) -> str:
    said, end = shown
    rest = text[end : end + CONTEXT_IN_CHARACTERS]
    return f"{said}{rest}{'…' if end + len(rest) < len(text) else ''}"


def _spans(old: str, new: str) -> list[tuple[Span, Span]]:
    """Where the texts differ, in characters of each; differences that are close together are one."""
    start = _equal_start(old, new)
    end = _equal_start(old[start:][::-1], new[start:][::-1])
    whole = ((start, len(old) - end), (start, len(new) - end))
    if all(stop - begin <= LONG_IN_CHARACTERS for begin, stop in whole):
        return [whole]
    found: list[tuple[Span, Span]] = []
    for (old_start, old_end), (new_start, new_end) in _word_spans(old, new, whole):
        if found and new_start - found[-1][1][1] <= CONTEXT_IN_CHARACTERS:
            found[-1] = ((found[-1][0][0], old_end), (found[-1][1][0], new_end))
        else:
            found.append(((old_start, old_end), (new_start, new_end)))
    return found


def _word_spans(old: str, new: str, whole: tuple[Span, Span]) -> Iterator[tuple[Span, Span]]:
    if any(end - start > LONGEST_COMPARED_IN_CHARACTERS for start, end in whole):
        yield whole
        return
    (old_words, old_places), (new_words, new_places) = _words(old, whole[0]), _words(new, whole[1])
    for (old_start, old_end), (new_start, new_end) in changed_runs(old_words, new_words):
        yield (old_places[old_start], old_places[old_end]), (new_places[new_start], new_places[new_end])


def _words(text: str, span: Span) -> tuple[list[str], list[int]]:
    """The words in a span of the text, and where each of them starts and the last one ends."""
    words = re.findall(r"\w+|\W", text[slice(*span)])
    return words, list(accumulate(map(len, words), initial=span[0]))


def _equal_start(old: str, new: str) -> int:
    """How many characters are the same at the start of both."""
    lengths = range(min(len(old), len(new)))
    return bisect_left(lengths, True, key=lambda length: old[: length + 1] != new[: length + 1])


def shortened(text: str) -> str:
    """The start of a text, with the number of characters that are left out."""
    if len(text) <= LONGEST_IN_CHARACTERS:
        return text
    return f"{text[:LONGEST_IN_CHARACTERS]}… ({len(text) - LONGEST_IN_CHARACTERS:,} more characters)"
