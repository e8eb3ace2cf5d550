"""Values of a plan with their marks."""

import json
from typing import Any

from product_import.plan_diff.compare.marks import marked
from product_import.plan_diff.compare.values import (
    Document,
    Missing,
    Sensitive,
    fits,
    may_hold_documents,
    notation,
    printable,
)

import pytest


@pytest.mark.parametrize(
    ("value", "unknown", "sensitive", "expected"),
    [
        ("x", None, None, "x"),
        ("x", False, True, Sensitive("x")),
        (None, False, True, None),
        (None, True, False, Missing.UNKNOWN),
        (None, True, True, Sensitive(Missing.UNKNOWN)),
        ({"a": 1}, {"b": True}, {}, {"a": 1, "b": Missing.UNKNOWN}),
        (None, {"b": True}, {}, {"b": Missing.UNKNOWN}),
        ({"a": [{"b": "s"}, {"b": "t"}]}, {}, {"a": [{"b": True}, {}]}, {"a": [{"b": Sensitive("s")}, {"b": "t"}]}),
        ("x", None, [True], Sensitive("x")),
        (["x"], None, {"a": {"b": True}}, Sensitive(["x"])),
        ({"a": "x"}, {}, [{"b": True}], Sensitive({"a": "x"})),
        ("x", None, [{"a": False}], "x"),
        (["x", None], [False, True], [False, False], ["x", Missing.UNKNOWN]),
        ('{"a": [1]}', None, None, Document({"a": [1]})),
        ('[{"a": "{\\"b\\": 2}"}]', None, None, Document([{"a": Document({"b": 2})}])),
        ("[not JSON", None, None, "[not JSON"),
        ("12", None, None, "12"),
    ],
)
def test_puts_marks_where_the_masks_say_so(value: Any, unknown: Any, sensitive: Any, expected: Any) -> None:
    """Sensitive and unknown parts are marked at any depth, and JSON documents in strings are parsed."""
    assert marked(value, unknown, sensitive) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a\nb\x1b[31m", '"a\\nb\\u001b[31m"'),
        ("\u202eabc\u200b\u2028\x85\x7f", '"\\u202eabc\\u200b\\u2028\\u0085\\u007f"'),
        ("ü 日本 😀", '"ü 日本 😀"'),
        ("\ud800", '"\\ud800"'),
        ({"a": [True, None, 1.5], "b\n": Sensitive("s")}, '{"a": [true, null, 1.5], "b\\n": (sensitive value)}'),
        (Missing.UNKNOWN, "(known after apply)"),
        ("(known after apply)", '"(known after apply)"'),
        (Missing.ABSENT, ""),
    ],
)
def test_writes_values_that_a_terminal_shows_as_they_are(value: Any, expected: str) -> None:
    """Values are JSON on one line, with characters that act on a terminal escaped."""
    assert notation(value) == expected


def test_escapes_what_is_not_printable() -> None:
    """An address or a name keeps its printable characters, and the others show as escapes."""
    assert printable('module.a["\x1b[2J"].b') == 'module.a["\\u001b[2J"].b'


def test_a_sensitive_value_has_no_readable_form() -> None:
    """Not even a traceback or a failed assertion shows a sensitive value."""
    assert "hunter2" not in repr(Sensitive("hunter2"))


@pytest.mark.parametrize(
    ("value", "may"),
    [
        ({"a": ["x", 1, None, True]}, False),
        (12, False),
        ("{}", True),
        ({"a": ["x", ' {"b": 1}']}, True),
        (["[]"], True),
        ("\n{}", True),
        ("\t[1]", True),
        ("\r{}", True),
    ],
)
def test_finds_texts_that_may_be_documents(value: Any, may: bool) -> None:
    """Any text that is parsed as a document is found in the JSON around it."""
    assert may_hold_documents(json.dumps(value).encode()) is may


@pytest.mark.parametrize("escaped", [rb'"\u007b}"', rb'{"a": "\u005b]"}'])
def test_finds_documents_whose_start_is_escaped(escaped: bytes) -> None:
    """Programs may write any character so."""
    assert may_hold_documents(escaped)


@pytest.mark.parametrize("characters", range(10, 40))
@pytest.mark.parametrize(
    "value",
    [
        {"a": "b", "c": ["d", 1, None, {"e": True}]},
        ["\x7f" * 4, "\n\t"],
        {"ä": "öü", "\u202e": "x"},
        [Missing.UNKNOWN],
        [2**70],
        ["\ud800"],
        [],
    ],
)
def test_tells_the_length_of_a_notation(value: Any, characters: int) -> None:
    """Without writing it, where that is clear."""
    assert fits(value, characters) is (len(notation(value)) <= characters)
