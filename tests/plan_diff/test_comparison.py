"""Which leaves differ between two values."""

from typing import Any

from product_import.plan_diff.compare.comparison import Paths, differences
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


def rule(number: int, **more: Any) -> dict[str, Any]:
    """A rule of a cloudflare_ruleset."""
    return {"action": "block", "enabled": True, "expression": f"path eq {number}", "id": f"r{number}", **more}


def positions(old: list[Any], new: list[Any]) -> set[str]:
    return {path for path, _, _ in differences({"l": old}, {"l": new})}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # Each id becomes unknown: the rule in front is the only new one.
        ([1, 2, 3], [0, 1, 2, 3], {"l[0]", "l[1].id", "l[2].id", "l[3].id"}),
        ([1, 2, 3], [1, 2, 0, 3], {"l[0].id", "l[1].id", "l[2]", "l[3].id"}),
        ([1, 2, 3], [1, 2, 3, 0], {"l[0].id", "l[1].id", "l[2].id", "l[3]"}),
        ([1, 2, 3], [2, 3], {"l[0]", "l[0].id", "l[1].id"}),
        ([1, 2, 3], [], {'l["r1"]', 'l["r2"]', 'l["r3"]'}),
        ([1, 2], [3, 4], {f"l[{index}].{name}" for index in (0, 1) for name in ("expression", "id")}),
    ],
)
def test_similar_objects_of_lists_are_compared(old: list[int], new: list[int], expected: set[str]) -> None:
    """A new or removed object does not make those after it look changed."""
    assert positions([*map(rule, old)], [rule(number, id=Missing.UNKNOWN) for number in new]) == expected


def test_objects_of_one_name_are_compared_whatever_else_they_have() -> None:
    """The new object has no counterpart, although it resembles the old one more."""
    old = [{"id": "a", "b": 1, "c": 1, "d": 1}]
    new = [{"id": None, "b": 1, "c": 1, "d": 2}, {"id": "a", "b": 2, "c": 2, "d": 2}]
    assert positions(old, new) == {"l[0]", "l[1].b", "l[1].c", "l[1].d"}


def test_objects_that_have_little_in_common_are_compared_by_position() -> None:
    """Long lists are compared by position too."""
    old, new = [{"a": 1, "b": 1, "c": 1}], [{"a": 2, "b": 2, "c": 2}, {"a": 1, "b": 3, "c": 3}]
    assert positions(old, new) == {"l[0].a", "l[0].b", "l[0].c", "l[1]"}
    many = [rule(number) for number in range(40)]
    moved = [rule(number, id=Missing.UNKNOWN) for number in range(-1, 40)]
    assert "l[0].expression" in positions(many, moved)


VALUES = """\
# Of the chart.
replicas: 1
controller:
  # The one that runs.
  image:
    repository: nginx
    tag: "1"
  hosts:
    - name: a
      paths:
        - /
script: |
  echo 1
containers:
- ports:
  - 80
  args:
  - a
- name: b
"""


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("replicas: 1", "replicas: 2", "values, line 2"),
        ('tag: "1"', 'tag: "2"', "values, line 7 (controller.image)"),
        ("        - /\n", "        - /\n        - /b\n", "values, line 12 (controller.hosts.paths)"),
        ("    repository: nginx\n", "", "values, line 6 (controller.image)"),
        ("echo 1", "echo 2", "values, line 13 (script)"),
        ("echo 1", "echo 2\n  echo 3", "values, lines 13 to 14 (script)"),
        ("  - 80", "  - 81", "values, line 16 (containers.ports)"),
        ("  - a\n", "  - c\n", "values, line 18 (containers.args)"),
        ("name: b", "name: c", "values, line 19 (containers)"),
    ],
)
def test_a_line_of_yaml_has_the_keys_above_it(old: str, new: str, path: str) -> None:
    """Its own key is on the line and not repeated."""
    assert [found for found, _, _ in differences(VALUES, VALUES.replace(old, new), "values")] == [path]


def test_a_line_of_another_text_has_no_keys() -> None:
    """Programs have lines that look like keys."""
    program = "import os\ntry:\n  a()\n"
    assert [path for path, _, _ in differences(program, program.replace("a()", "b()"), "p")] == ["p, line 3"]


def test_compares_deeply_nested_lists_in_linear_steps() -> None:
    """A document of lists in lists is compared without a cost that doubles at each level."""
    old, new = "[" * 100 + "1" + "]" * 100, "[" * 100 + "2" + "]" * 100
    assert list(differences(marked(old), marked(new))) == [("[0]" * 100, 1, 2)]


def test_a_dot_in_a_key_is_no_step() -> None:
    """A path has as many parts as it has steps, however long a key is."""
    paths = Paths(['m["a.b[c"].d'])
    assert paths.touch("m")
    assert paths.touch('m["a.b[c"]')
    assert paths.are_above('m["a.b[c"].d[0]')
    assert not paths.touch('m["a')
    assert not paths.touch('m["a.b')
