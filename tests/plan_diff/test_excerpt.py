"""Long values cut down to what differs."""

from product_import.plan_diff.compare.diff import Argument
from product_import.plan_diff.compare.excerpt import excerpts
from tests.plan_diff.documents import diff, update

FILLER = " ".join(f"word{index}" for index in range(60))


def test_a_second_change_far_from_the_first_is_shown() -> None:
    """Each with the text round it, and an ellipsis between them."""
    old, new = excerpts(f"alpha {FILLER} omega", f"beta {FILLER} psi")
    assert old == "alpha word0 word1 word2 word3…56 word57 word58 word59 omega"
    assert new == "beta word0 word1 word2 word3…56 word57 word58 word59 psi"


def test_changes_that_do_not_fit_are_counted() -> None:
    """On both sides."""
    parts = [f"{name} {FILLER}" for name in "abcdefghij"]
    old, new = excerpts(" ".join(parts), " ".join(part.upper()[0] + part[1:] for part in parts))
    assert old.endswith(" more changes)")
    assert new.endswith(" more changes)")
    assert old != new


def arguments(old: str, new: str) -> tuple[Argument, ...]:
    (change,) = diff(update({"user_data": old}, {"user_data": new})).resources
    return change.arguments


def test_a_text_is_compared_line_by_line() -> None:
    """A changed, an added and a removed line are three changes, with the lines' numbers."""
    lines = [f"line {index} {'x' * 40}\n" for index in range(1, 41)]
    old, new = [*lines], [*lines]
    new[1] = "changed\n"
    del new[30]
    new.insert(20, "added\n")
    assert [(row.path, row.old[:10], row.new) for row in arguments("".join(old), "".join(new))] == [
        ("user_data, line 2", '"line 2 xx', '"changed\\n"'),
        ("user_data, line 21", "", '"added\\n"'),
        ("user_data, line 31", '"line 31 x', ""),
    ]


def test_a_list_is_compared_element_by_element() -> None:
    """An element that came in front does not change the others."""
    statements = [{"Action": f"s3:{index}", "Effect": "Allow"} for index in range(5)]
    changed = [{"Action": "new", "Effect": "Deny"}, *statements[:4], {"Action": "s3:4", "Effect": "Deny"}]
    (change,) = diff(update({"policy": statements}, {"policy": changed})).resources
    assert [(row.path, row.old, row.new) for row in change.arguments] == [
        ("policy[0]", "", '{"Action": "new", "Effect": "Deny"}'),
        ("policy[5].Effect", '"Allow"', '"Deny"'),
    ]
