"""No string of a plan leaves code formatting: it would mention somebody, link an issue or end the report's markup."""

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from product_import.plan_diff.compare.changes import plan_diff
from product_import.plan_diff.compare.costs import CostChange, ItemCost
from product_import.plan_diff.read.plan import PlanError, read_plan
from product_import.plan_diff.write.markdown import markdown
from tests.plan_diff.documents import diff, document, resource

import pytest

WORD = "qzx"
# Each part is one that GitHub or GitLab acts on in text: mentions, issues, commits, links, references, markup.
HOSTILE = (
    f"{WORD}@octocat {WORD}#123 {WORD} GH-1 @octo/{WORD} example/shop#{WORD} !1{WORD} "
    f"0123456789abcdef0123456789abcdef01234567{WORD} https://example.org/{WORD} [{WORD}](http://x) ![{WORD}](x) "
    f"<!-- {WORD} --> </details></table></pre></code>{WORD}"
    f" ``{WORD}`` |{WORD}| **{WORD}**\n\n# {WORD}\r\n\n> {WORD}\n- {WORD} :{WORD}: $`{WORD}`$"
)
# What the report itself says is text; what a plan says is in these elements.
CODE = re.compile(r"<(code|pre)\b[^>]*>.*?</\1>", re.DOTALL)


def documents() -> Iterator[dict[str, Any]]:
    """Plans that fill each part of a report, as a whole and cut to a long report's form."""
    redis = resource(
        'module.a["x"].aws_elasticache_replication_group.redis', ["delete", "create"],
        {"port": 6379, "id": "x", "tags": {"Name": "n"}, "node_type": "cache.t3.micro", "num_cache_clusters": 3},
        {"port": 6380, "tags": {"Name": "m"}, "node_type": "cache.t3.small", "num_cache_clusters": 1},
        replace_paths=[["port"], ["tags", "Name"]], action_reason="replace_because_cannot_update",
        module_address='module.a["x"]', index="i",
    )  # fmt: skip
    old = resource("aws_db_instance.old", ["delete"], {"identifier": "i", "allocated_storage": 5, "engine": "x"})
    new = resource("aws_db_instance.new", ["create"], None, {"identifier": "i", "allocated_storage": 5, "engine": "x"})
    group = {"automatic_failover_enabled": True, "num_cache_clusters": 3}
    refused = resource("aws_elasticache_replication_group.g", ["update"], group, {**group, "num_cache_clusters": 1})
    policy = json.dumps({"Statement": [{"Sid": "s", "Action": ["a", "b"]}]})
    update = resource(
        "aws_iam_role.r", ["update"], {"policy": policy, "list": ["a", "b"], "text": "one\ntwo", "map": {"k": "v"}},
        {"policy": policy.replace("a", "c"), "list": ["a", "c"], "text": "one\nthree", "map": {"k": "w"}, "new": "n"},
        previous_address="aws_iam_role.before", importing={"id": "imported", "identity": {"arn": "arn"}},
    )  # fmt: skip
    invocation = {
        "address": "action.a.b", "config_values": {"k": "v"},
        "lifecycle_action_trigger": {"triggering_resource_address": "a.b", "action_trigger_event": "AfterCreate"},
    }  # fmt: skip
    check = {
        "address": {"to_display": "check.c"}, "status": "fail",
        "instances": [{"address": {"to_display": "check.c"}, "status": "fail", "problems": [{"message": "no"}]}],
    }  # fmt: skip
    members = {
        "output_changes": {"out": {"actions": ["update"], "before": {"k": "v"}, "after": {"k": "w"}}},
        "resource_drift": [resource("aws_ecs_service.w", ["update"], {"desired": {"k": "a"}}, {"desired": {"k": "b"}})],
        "relevant_attributes": [{"resource": "aws_ecs_service.w", "attribute": ["desired", "k"]}],
        "deferred_changes": [
            {"reason": "r", "resource_change": resource("aws_s3_bucket.d", ["delete"], {"bucket": "b"})}
        ],
        "action_invocations": [invocation],
        "deferred_action_invocations": [{"reason": "r", "action_invocation": invocation}],
        "checks": [check],
    }
    alike = [
        resource(f"{module}.aws_iam_role.r", ["update"], {"t": {"k": "a"}}, {"t": {"k": "b"}}, module_address=module)
        for module in (f"module.m{number}" for number in range(40))
    ]
    yield json.loads(document(redis, old, new, refused, **members))
    yield json.loads(document(redis, old, new, update, *alike, **members))
    yield json.loads(document(update, checks=[check], errored=True))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every string in a document, and of every key, which ends with None."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key, None)
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, (*path, index))
    elif isinstance(value, str):
        yield path


def with_hostile(document: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """The document with the hostile text at a place, behind what is there; a key stays there too."""
    changed = copy.deepcopy(document)
    *above, last = path
    if last is None:
        *above, last = above
    parent: Any = changed
    for step in above:
        parent = parent[step]
    if path[-1] is None:
        parent[last + HOSTILE] = parent[last]
    else:
        parent[last] += HOSTILE
    return changed


def report(document: dict[str, Any], name: str = "plan") -> str:
    return markdown({name: plan_diff(read_plan(json.dumps(document).encode(), "p.json"))})


def outside_of_code(content: str) -> list[str]:
    """The lines with the hostile text outside of code, and blank lines in code.

    A blank line ends a block of HTML, and what follows would be read as Markdown.
    """
    lines = [line for line in CODE.sub("", content).splitlines() if WORD in line]
    return lines + [block[0] for block in CODE.finditer(content) if "\n\n" in block[0]]


@pytest.mark.parametrize("number", range(3), ids=["short", "long", "errored"])
def test_no_string_of_a_plan_leaves_code(number: int) -> None:
    """At any place, as a value or as a key; and most places are shown, so that the test says something."""
    base = list(documents())[number]
    shown = 0
    found = {}
    for path in places(base):
        if path[0] == "resource_changes" and path[1] in range(5, 99):  # alike: one says as much as all
            continue
        try:
            content = report(with_hostile(base, path))
        except PlanError:  # a name of the format
            continue
        shown += WORD in content
        if lines := outside_of_code(content):
            found[path] = lines
    assert found == {}
    assert shown >= 10


def test_no_cost_leaves_code() -> None:
    """Neither the module nor the reason why a cost is not known."""
    items = (ItemCost("Redis", None, None, not_known=HOSTILE),)
    content = markdown({"plan": replace(diff(), costs=(CostChange(HOSTILE, items), CostChange("module.b", items)))})
    assert outside_of_code(content) == []
    assert content.count(f"#{WORD}") == 3 * HOSTILE.count(f"#{WORD}")


def test_no_name_of_an_environment_leaves_code() -> None:
    """It is the name of a file."""
    for base in documents():
        assert outside_of_code(report(base, HOSTILE)) == []


def test_no_module_of_a_changed_address_leaves_code() -> None:
    """Where both addresses are in it, and the advice says where to add the block."""
    module = f'module.m["{HOSTILE}"]'
    old, new = (
        resource(f"{module}.aws_iam_role.{name}", [action], *sides, module_address=module)
        for name, action, sides in (("a", "delete", ({"name": "x"}, None)), ("b", "create", (None, {"name": "x"})))
    )
    content = report(json.loads(document(old, new)))
    assert "moved {" in content
    assert outside_of_code(content) == []
