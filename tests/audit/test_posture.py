"""The security posture: its file, and what it is held against."""

from typing import Any

from product_import.audit.posture import TARGETS, Answer, Check, differences, options, read_posture
from product_import.configuration import Configuration
from product_import.inputs import INPUTS
from product_import.plan_diff.environments import ENVIRONMENTS

import pytest

ENCRYPTED = Answer("Encryption", ["C_1", "C_2"], "always")
KEY = Answer("A key", ["C_3"], "it costs", ["plan"], ["aws_secret.url"], {"kms_key_arn": "arn:key"})
OPEN = Answer("Closed", ["C_4"], "it is deployed so", ["module", "plan", "options"], ["aws_group.redis"])
AS_THEY_SAY = [
    Check("plan", "C_1", "aws_redis.redis", True),
    Check("plan", "C_2", "aws_redis.redis", True),
    Check("plan", "C_3", "aws_secret.url", False),
    Check("options", "C_3", "aws_secret.url", True),
    *(Check(target, "C_4", "aws_group.redis", False) for target in ("module", "plan", "options")),
]


def test_a_row_is_on_an_option_or_accepted() -> None:
    """By where its checks fail."""
    assert [row.state for row in (ENCRYPTED, KEY, OPEN)] == ["on", "an option", "accepted"]
    assert Answer("Computed", ["C_5"], "an expression", ["module"], ["aws_redis.redis"]).state == "on"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            [Check("plan", "C_3", "aws_secret.other", False)],
            "C_3 fails for aws_secret.other (plan), and no row says why",
        ),
        (
            [Check("options", "C_3", "aws_secret.url", False)],
            "C_3 fails for aws_secret.url (options), and no row says why",
        ),
        ([Check("root", "C_9", "aws_redis.redis", False)], "C_9 fails for aws_redis.redis (root), and no row says why"),
    ],
)
def test_a_failure_without_a_row_is_named(changed: list[Check], sentence: str) -> None:
    """Of another resource, on another target, or by another check."""
    assert differences([ENCRYPTED, KEY, OPEN], AS_THEY_SAY) == []
    assert differences([ENCRYPTED, KEY, OPEN], [*AS_THEY_SAY, *changed]) == [sentence]


def test_a_row_without_its_failure_is_named() -> None:
    """The check passes now, or is made no more."""
    sentence = "C_4 fails no more for aws_group.redis (options): take that out of its row"
    assert differences([ENCRYPTED, KEY, OPEN], AS_THEY_SAY[:-1]) == [sentence]
    passes = [*AS_THEY_SAY[:-1], Check("options", "C_4", "aws_group.redis", True)]
    assert differences([ENCRYPTED, KEY, OPEN], passes) == [sentence]


def test_what_is_said_to_be_on_is_checked() -> None:
    """On the plan, where the values are."""
    moved = [Check("module", "C_2", "aws_redis.redis", True), *AS_THEY_SAY[:1], *AS_THEY_SAY[2:]]
    assert differences([ENCRYPTED, KEY, OPEN], moved) == ["C_2 is said to be on, and nothing passes it on the plan"]


def test_the_rows_name_what_there_is(module: dict[str, Any]) -> None:
    """Targets, resources and inputs; and no failure is explained twice."""
    rows = read_posture()
    resources = {f"{kind}.{name}" for kind, named in module["resource"].items() for name in named}
    failures = [failure for row in rows for failure in row.failures()]
    assert {target for target, _, _ in failures} == set(TARGETS)
    assert {resource for _, _, resource in failures} <= resources
    assert len(set(failures)) == len(failures)
    assert all(bool(row.fails) == bool(row.resources) for row in rows)
    assert {row.what: bool(row.set) for row in rows if row.fails} == {
        row.what: row.state == "an option" for row in rows if row.fails
    }
    assert set(options(rows)) <= {row.name for row in INPUTS if not row.required}
    Configuration(module, {**ENVIRONMENTS["everything"], **options(rows)})


def test_an_unknown_target_explains_nothing() -> None:
    """A slip of the pen in the file is a row without its failure."""
    row = Answer("Closed", ["C_4"], "why", ["plans"], ["aws_group.redis"])
    assert "C_4 fails no more for aws_group.redis (plans): take that out of its row" in differences([row], AS_THEY_SAY)
