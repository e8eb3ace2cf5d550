"""Pair the elements of two lists that differ, so that similar objects are compared with each other."""

from collections.abc import Iterator
from itertools import product, zip_longest
from typing import Any

from product_import.plan_diff.compare.values import Missing

# Objects in two lists are compared with each other if they have the same value of one of these members.
ELEMENT_NAMES = ("name", "Name", "Sid", "id", "key")
# With more pairs of elements than this, objects are compared by position.
MOST_LIKENESSES = 1_000


def pairs(old: list[Any], new: list[Any]) -> Iterator[tuple[int | None, int | None]]:
    """Yield the indexes of the elements of a changed run that are compared with each other; None for no counterpart.

    If the lengths differ, similar objects are paired, and the elements between them are paired by position. An
    insertion must not make all later elements look changed, even if each has an id that becomes unknown.
    """
    old_start = new_start = 0
    for old_end, new_end in [*_alike(old, new), (len(old), len(new))]:
        yield from zip_longest(range(old_start, old_end), range(new_start, new_end))
        if old_end < len(old) and new_end < len(new):
            yield old_end, new_end
        old_start, new_start = old_end + 1, new_end + 1


def _alike(old: list[Any], new: list[Any]) -> list[tuple[int, int]]:
    """Return the pairs of objects, in order, with the highest total likeness."""
    if len(old) == len(new) or not 0 < len(old) * len(new) <= MOST_LIKENESSES:
        return []
    likeness = [[_likeness(old_element, new_element) for new_element in new] for old_element in old]
    # The highest total of the elements from a place in each list to its end.
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, j in product(reversed(range(len(old))), reversed(range(len(new)))):
        paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
        best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found = []
    i = j = 0
    while i < len(old) and j < len(new):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(old: Any, new: Any) -> float:
    """Return the share of equal members among those known in both objects; 0 below one half, 1 for an equal name."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return 0.0
    if any(isinstance(old.get(name), str) and old[name] == new.get(name) for name in ELEMENT_NAMES):
        return 1.0
    known = [name for name in old.keys() & new.keys() if old[name] is not None and new[name] is not Missing.UNKNOWN]
    share = sum(old[name] == new[name] for name in known) / len(known) if known else 0.0
    return share if share >= 0.5 else 0.0
