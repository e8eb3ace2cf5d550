"""Which leaves differ between two values."""

from typing import Any

from product_import.plan_diff.compare.comparison import differences
from product_import.plan_diff.compare.marks import marked
from product_import.plan_diff.compare.values import Missing, Sensitive

import pytest

NONE = Missing.ABSENT


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [("b", 2, 3)]),
        ({"a": None}, {"a": "x"}, [("a", None, "x")]),
        ({"a": 1}, {}, [("a", 1, NONE)]),
        ({"a": True}, {"a": 1}, [("a", True, 1)]),
        ({"a": [{"b": 0}]}, {"a": [{"b": False}]}, [("a[0].b", 0, False)]),
        ({"a": 1.0}, {"a": 1}, []),
        ({"s3:x y": 1}, {"s3:x y": 2}, [('["s3:x y"]', 1, 2)]),
        ({"l": ["a", "c"]}, {"l": ["a", "b", "c"]}, [("l[1]", NONE, "b")]),
        ({"l": ["a", "b", "c"]}, {"l": ["b", "c"]}, [("l[0]", "a", NONE)]),
        ({"l": [1, 2, 3]}, {"l": [1, 9, 3]}, [("l[1]", 2, 9)]),
        ({"l": []}, {"l": [{"name": "x"}]}, [('l["x"]', NONE, {"name": "x"})]),
        ({"l": [{"name": "x"}, {"name": "y"}]}, {"l": [{"name": "y"}, {"name": "x"}]}, []),
        (
            {"l": [{"name": "x", "value": "1"}]},
            {"l": [{"name": "w", "value": "0"}, {"name": "x", "value": "2"}]},
            [('l["x"].value', "1", "2"), ('l["w"]', NONE, {"name": "w", "value": "0"})],
        ),
        ({"l": [{"name": "x", "v": 1}] * 2}, {"l": [{"name": "x", "v": 2}] * 2}, [("l[0].v", 1, 2), ("l[1].v", 1, 2)]),
        ({"a": {"b": 1}}, {"a": Missing.UNKNOWN}, [("a", {"b": 1}, Missing.UNKNOWN)]),
        ({}, {"a": {"b": "x" * 60, "c": "y" * 60}}, [("a.b", NONE, "x" * 60), ("a.c", NONE, "y" * 60)]),
        ({"a": ["x" * 60, "y" * 60]}, {}, [("a[0]", "x" * 60, NONE), ("a[1]", "y" * 60, NONE)]),
        ({"a": Sensitive({"b": 1})}, {"a": {"b": 2}}, [("a", Sensitive({"b": 1}), {"b": 2})]),
        ({"a": Sensitive(1)}, {"a": Sensitive(1)}, []),
    ],
)
def test_finds_each_changed_leaf(old: Any, new: Any, expected: list[tuple[str, Any, Any]]) -> None:
    """The differences are the changed leaves alone, at paths as one writes them in Terraform."""
    assert list(differences(old, new)) == expected


def test_compares_deeply_nested_lists_in_linear_steps() -> None:
    """A document of lists in lists is compared without a cost that doubles at each level."""
    old, new = "[" * 100 + "1" + "]" * 100, "[" * 100 + "2" + "]" * 100
    assert list(differences(marked(old), marked(new))) == [("[0]" * 100, 1, 2)]
