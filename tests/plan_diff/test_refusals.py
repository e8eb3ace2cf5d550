"""Warnings of what AWS refuses although the plan accepts it."""

from typing import Any

from product_import.plan_diff.compare.refusals import RULES
from product_import.plan_diff.write.markdown import markdown
from product_import.plan_diff.write.text import text
from tests.plan_diff.documents import diff, resource

import pytest

GROUP = "module.m.aws_elasticache_replication_group.redis"
SUBNETS = "module.m.aws_elasticache_subnet_group.redis"
IN_PLACE, REPLACED = ["update"], ["delete", "create"]


def nodes(before: int, after: int, *, failover: bool = True, actions: list[str] = IN_PLACE) -> dict[str, Any]:
    return resource(
        GROUP,
        actions,
        {"num_cache_clusters": before, "automatic_failover_enabled": failover},
        {"num_cache_clusters": after, "automatic_failover_enabled": after > 1},
        module_address="module.m",
    )


def subnets(before: Any, after: Any, actions: list[str] = IN_PLACE) -> dict[str, Any]:
    return resource(SUBNETS, actions, {"subnet_ids": before}, {"subnet_ids": after}, module_address="module.m")


def firewall(path: str, module: str = "module.m") -> dict[str, Any]:
    address = f"{module}.aws_security_group.redis"
    return resource(address, REPLACED, {path: "a"}, {path: "b"}, replace_paths=[[path]], module_address=module)


@pytest.mark.parametrize(
    ("resources", "events"),
    [
        ([nodes(3, 1)], ["loses its last replica"]),
        ([nodes(2, 1)], ["loses its last replica"]),
        ([nodes(2, 1, failover=False)], []),
        ([nodes(3, 2)], []),
        ([nodes(3, 1, actions=REPLACED)], []),
        ([subnets(["a", "b"], ["a"])], ["loses a subnet"]),
        ([subnets(["a", "b"], ["a", "c"])], ["loses a subnet"]),
        ([subnets(["a"], ["b", "a"])], []),
        ([subnets(["a", "b"], None)], []),
        ([subnets(["a", "b"], ["a"], REPLACED)], []),
        ([nodes(3, 3), firewall("vpc_id")], ["gets security groups of another VPC"]),
        ([nodes(3, 3), firewall("name_prefix")], []),
        ([nodes(3, 3), firewall("vpc_id", "module.other")], []),
        ([nodes(3, 3, actions=REPLACED), firewall("vpc_id")], []),
    ],
)
def test_warns_of_what_aws_refuses(resources: list[dict[str, Any]], events: list[str]) -> None:
    """Of an update in place; what is replaced has nothing to refuse."""
    found = diff(*resources).warnings
    assert [warning.event.split(",")[0].startswith(event) for warning, event in zip(found, events, strict=True)] == [
        True for _ in events
    ]


def test_a_warning_is_no_danger_and_is_seen_in_both_formats() -> None:
    """`--fail-on-danger` lets it pass: nothing is lost."""
    found, other = diff(nodes(3, 1)), diff()
    assert not found.dangers
    first, second, command = text({"a": found, "b": other}).splitlines()[:3]
    assert first == f"! WARNING: {GROUP} {RULES[0].event}. [a]"
    assert second == f"{RULES[0].advice}:"
    assert command == f"    {RULES[0].command}"
    content = markdown({"a": found, "b": other})
    assert "> [!WARNING]" in content
    assert "— <code>a</code>.<br>Turn failover off" in content
    assert "--no-automatic-failover-enabled" in content


def test_a_new_environment_says_how_to_keep_the_old_one() -> None:
    """It is dangerous already: the plan replaces Redis, whose name it changes."""
    (danger,) = diff(
        resource(
            GROUP,
            REPLACED,
            {"replication_group_id": "a"},
            {"replication_group_id": "b"},
            replace_paths=[["replication_group_id"]],
        )
    ).dangers
    assert danger.remedy
    assert danger.remedy.advice.startswith("To keep this deployment, set environment back.")


def test_a_cut_counts_warnings_that_are_left_out() -> None:
    """They go after dangers, and before arguments."""
    many = [
        resource(
            f"module.m{index}.aws_elasticache_subnet_group.redis", IN_PLACE, {"subnet_ids": ["a"]}, {"subnet_ids": []}
        )
        for index in range(900)
    ]
    content = markdown({"a": diff(*many)})
    shown = content.count("loses a subnet")
    assert 0 < shown < 900
    assert f"Not shown: {900 - shown:,} warnings, " in content
