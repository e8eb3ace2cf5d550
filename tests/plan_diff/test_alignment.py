"""Tests of where two sequences differ, and of the work that takes."""

import random
from collections.abc import Sequence
from difflib import SequenceMatcher

from product_import import equivalence
from product_import.plan_diff.compare import alignment
from product_import.plan_diff.compare.alignment import MOST_PAIRS, changed_runs
from tests.plan_diff.documents import count_calls

import pytest

NUMBERS = random.Random(1)


def shuffled(items: Sequence[str]) -> list[str]:
    return NUMBERS.sample(items, len(items))


def words(count: int, vocabulary: int) -> list[str]:
    return [f"word{NUMBERS.randrange(vocabulary)}" for _ in range(count)]


UNIQUE = [f"10.0.{number // 250}.{number % 250}" for number in range(2_400)]
SIDES = {
    "equal": (UNIQUE, UNIQUE),
    "one empty": ([], UNIQUE),
    "shuffled": (UNIQUE, shuffled(UNIQUE)),
    "few words": (words(3_000, 40), words(3_000, 40)),
    "two words": (words(3_000, 2), words(3_000, 2)),
    "one word": (["a"] * 3_000, ["a"] * 2_000),
    "small": (words(40, 20), words(40, 20)),
}


@pytest.mark.parametrize("name", SIDES)
def test_elements_between_changed_runs_are_equal(name: str) -> None:
    """The runs are ordered, and none is empty on both sides."""
    old, new = SIDES[name]
    place = new_place = 0
    for (start, end), (new_start, new_end) in [*changed_runs(old, new), ((len(old),) * 2, (len(new),) * 2)]:
        assert old[place:start] == new[new_place:new_start]
        assert (end > start or new_end > new_start) or start == len(old)
        place, new_place = end, new_end


def test_edits_of_a_long_sequence_are_told_apart() -> None:
    """Each edit is a run of its own, in sequences too long for difflib."""
    new = ["first", *UNIQUE[:1_000], "changed", *UNIQUE[1_001:2_000], *UNIQUE[2_001:], "last"]
    assert list(changed_runs(UNIQUE, new)) == [
        ((0, 0), (0, 1)),
        ((1_000, 1_001), (1_001, 1_002)),
        ((2_000, 2_001), (2_001, 2_001)),
        ((2_400, 2_400), (2_400, 2_401)),
    ]


@pytest.mark.parametrize("name", SIDES)
def test_difflib_compares_only_short_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time grows faster than the square, so the number of pairs must stay proportional to the length."""
    tried = []

    class Matcher(SequenceMatcher[str]):
        def __init__(self, junk: None, old: Sequence[str], new: Sequence[str]) -> None:
            tried.append(len(old) * len(new))
            super().__init__(junk, old, new)

    monkeypatch.setattr(alignment, "SequenceMatcher", Matcher)
    old, new = SIDES[name]
    list(changed_runs(old, new))
    assert max(tried, default=0) <= MOST_PAIRS
    assert sum(tried) <= (len(old) + len(new)) * 100


def test_statements_of_a_long_policy_are_compared_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS refuses policies of that size, so few pairs of statements are tried."""
    tests = count_calls(monkeypatch, equivalence, "_same_plain_statement")
    sides = ({"Statement": [{"Action": f"{side}{index}"} for index in range(1_000)]} for side in "ab")
    old, new = equivalence.differing_policies(*sides)
    assert len(tests) <= equivalence.MOST_PAIRS
    assert len(old["Statement"]) == len(new["Statement"]) == 1_000
