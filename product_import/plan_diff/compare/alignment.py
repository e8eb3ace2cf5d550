"""Find where two sequences differ, in time proportional to their length rather than to its square."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

# difflib compares up to this many pairs of elements. For shuffled elements it takes more steps than there are pairs.
MOST_PAIRS = 10_000
# How often a run is divided at common elements. Each division costs as much as reading the run.
MOST_DIVISIONS = 10

Span = tuple[int, int]


def changed_runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Span, Span]]:
    """Yield the runs of elements that differ, as the start and end in each sequence.

    A long run without an element that occurs equally often on both sides is one difference.
    """
    return _runs(old, new, (0, len(old)), (0, len(new)), MOST_DIVISIONS)


def _runs(
    old: Sequence[str], new: Sequence[str], old_span: Span, new_span: Span, divisions: int
) -> Iterator[tuple[Span, Span]]:
    (start, end), (new_start, new_end) = old_span, new_span
    while start < end and new_start < new_end and old[start] == new[new_start]:
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
        end, new_end = end - 1, new_end - 1
    if start == end and new_start == new_end:
        return
    pairs = (end - start) * (new_end - new_start)
    if 0 < pairs <= MOST_PAIRS:
        opcodes = SequenceMatcher(None, old[start:end], new[new_start:new_end]).get_opcodes()
        for kind, old_from, old_to, new_from, new_to in opcodes:
            if kind != "equal":
                yield (start + old_from, start + old_to), (new_start + new_from, new_start + new_to)
        return
    anchors = _anchors(old[start:end], new[new_start:new_end]) if pairs and divisions else []
    if not anchors:
        yield (start, end), (new_start, new_end)
        return
    first, new_first = start, new_start
    for old_place, new_place in [*anchors, (end - first, new_end - new_first)]:
        to, new_to = first + old_place, new_first + new_place
        yield from _runs(old, new, (start, to), (new_start, new_to), divisions - 1)
        start, new_start = to + 1, new_to + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Span]:
    """Return the places of the rarest elements that occur equally often on both sides, without those out of order.

    This is patience diff, extended to repeated elements.
    """
    new_counts = Counter(new)
    counts = {key: count for key, count in Counter(old).items() if count == new_counts.get(key)}
    rarest = min(counts.values(), default=0)
    old_places, new_places = (
        sorted((key, place) for place, key in enumerate(side) if counts.get(key) == rarest) for side in (old, new)
    )
    pairs = sorted((place, other) for (_, place), (_, other) in zip(old_places, new_places, strict=True))
    # Longest increasing subsequence of places in `new`: for each length, keep the pair that ends at the lowest place.
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(lowest, place)
        lowest[length : length + 1] = [place]
        ends[length : length + 1] = [index]
        before.append(ends[length - 1] if length else -1)
    found = []
    index = ends[-1] if ends else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]
