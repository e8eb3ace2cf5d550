"""What the provider takes for the same is no change in a report; what it does not is one."""

import json
from typing import Any

from imports.resource_types import RESOURCE_TYPES
from product_import.plan_diff.compare.notes import NOTHING
from product_import.plan_diff.compare.provider import SDK_TYPES
from tests.plan_diff.documents import diff, resource, rows

import pytest

ALARM = "aws_cloudwatch_metric_alarm.a"
REPLACE = ["delete", "create"]


def changed(address: str, actions: list[str], before: Any, after: Any, **more: Any) -> list[tuple[str, str, str]]:
    (change,) = diff(resource(address, actions, before, after, **more)).resources
    return rows(change)


def test_the_types_are_the_modules() -> None:
    """All of them are written on the SDK that does not tell null from an empty value."""
    assert {f"aws_{name}" for name in RESOURCE_TYPES} == SDK_TYPES


@pytest.mark.parametrize("empty", ["", 0, False, [], {}])
def test_null_and_an_empty_value_are_the_same(empty: Any) -> None:
    """Either way, in blocks too; the update says that nothing differs."""
    for before, after in ((None, empty), (empty, None), ([{"a": None}], [{"a": empty}])):
        (change,) = diff(resource(ALARM, ["update"], {"x": before}, {"x": after})).resources
        assert (change.arguments, change.notes) == ((), ((NOTHING, ""),))


@pytest.mark.parametrize(
    ("address", "before", "after", "more"),
    [
        (ALARM, None, 5, {}),
        (ALARM, "", "a", {}),
        (ALARM, True, False, {}),
        (ALARM, {"a": ""}, {}, {}),
        (ALARM, ["a", ""], ["a"], {}),
        (ALARM, '{"a": null}', '{"a": ""}', {}),
        (ALARM, "", None, {"replace_paths": [["x"]]}),
        ("aws_vpc_security_group_ingress_rule.a", None, "", {}),
        ("terraform_data.a", None, "", {}),
    ],
)
def test_other_values_are_not(address: str, before: Any, after: Any, more: Any) -> None:
    """Nor what forces the replacement, nor what is in a document, nor null and empty in types of another SDK."""
    assert changed(address, REPLACE, {"x": before}, {"x": after}, **more)


def test_a_sensitive_empty_value_is_like_null() -> None:
    """As `secret_binary` of a secret that holds a text."""
    before = {"secret_binary": "", "secret_string": "s-old-12"}
    after = {"secret_binary": None, "secret_string": "s-new-12"}
    masks = {"secret_binary": True, "secret_string": True}
    found = changed(
        "aws_secretsmanager_secret_version.a", REPLACE, before, after, before_sensitive=masks, after_sensitive=masks
    )
    assert [path for path, _, _ in found] == ["secret_string"]


def test_elements_that_differ_in_nothing_are_the_same_wherever_they_stand() -> None:
    """Null or empty, an element is not paired with another one."""
    before = [{"a": name, "b": None, "c": [{"d": None}]} for name in ("1", "2")]
    after = [{"a": "0", "b": ""}, *({"a": name, "b": "", "c": [{"d": ""}]} for name in ("1", "2"))]
    assert changed(ALARM, ["update"], {"x": before}, {"x": after}) == [("x[0]", "", '{"a": "0"}')]


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ({"id": "n", "label": None, "unit": "", "dimensions": {}}, '{"id": "n"}'),
        ({"id": "n", "period": 0, "return_data": False}, '{"id": "n", "period": 0, "return_data": false}'),
        ({"id": "n", "dimensions": {"a": ""}}, '{"id": "n", "dimensions": {"a": ""}}'),
    ],
)
def test_a_block_that_comes_or_goes_shows_what_is_set(block: Any, shown: str) -> None:
    """Zero and false may be set, and a map has its own keys."""
    path = 'metric_query["n"]'
    assert changed(ALARM, ["update"], {"metric_query": []}, {"metric_query": [block]}) == [(path, "", shown)]
    assert changed(ALARM, ["update"], {"metric_query": [block]}, {"metric_query": []}) == [(path, shown, "")]


def test_a_long_block_shows_no_member_that_is_null() -> None:
    """In a type of which nothing is known too; in a document null is a value."""
    block = {"name": "n" * 200, "other": None, "document": '{"a": null}'}
    found = changed("terraform_data.a", ["update"], {"x": []}, {"x": [block]})
    assert [path.rpartition(".")[2] for path, _, _ in found] == ["document", "name"]
    assert found[0][2] == '{"a": null}'


def container(**members: Any) -> str:
    return json.dumps([{"name": "worker", "image": "api:1", **members}])


def test_what_ecs_returns_is_no_change_of_a_container() -> None:
    """The image is, alone."""
    before = container(cpu=0, mountPoints=[], portMappings=[], essential=True)
    assert changed(
        "aws_ecs_task_definition.a",
        REPLACE,
        {"container_definitions": before, "network_mode": "awsvpc"},
        {"container_definitions": container(image="api:2"), "network_mode": "awsvpc"},
        replace_paths=[["container_definitions"]],
    ) == [('container_definitions["worker"].image', '"api:1"', '"api:2"')]


@pytest.mark.parametrize("mode", ["awsvpc", "bridge"])
def test_the_port_of_the_host_counts_by_the_network(mode: str) -> None:
    """In a network of the task's own it is the container's."""
    before = container(portMappings=[{"containerPort": 80, "hostPort": 80}])
    after = container(portMappings=[{"containerPort": 80}])
    sides = ({"container_definitions": side, "network_mode": mode} for side in (before, after))
    assert bool(changed("aws_ecs_task_definition.a", REPLACE, *sides)) == (mode == "bridge")


def test_sensitive_containers_that_are_the_same_are_not_called_changed() -> None:
    """They are compared as others are, and stay hidden."""
    mask = {"container_definitions": True}
    sides = ({"container_definitions": side} for side in (container(cpu=0), container()))
    more = {"before_sensitive": mask, "after_sensitive": mask}
    assert not changed("aws_ecs_task_definition.a", ["update"], *sides, **more)
    sides = ({"container_definitions": side} for side in (container(cpu=1), container()))
    assert changed("aws_ecs_task_definition.a", ["update"], *sides, **more) == [
        ("container_definitions", "(sensitive value)", "(sensitive value, changed)")
    ]


@pytest.mark.parametrize(("argument", "same"), [("policy", True), ("assume_role_policy", True), ("content", False)])
def test_a_policy_is_compared_as_one(argument: str, same: bool) -> None:
    """By the name of its argument; in other documents the order counts."""
    before, after = (
        json.dumps({"Statement": [{"Effect": "Allow", "Action": actions}]})
        for actions in (["a:A", "a:B"], ["a:B", "a:A"])
    )
    assert bool(changed("acme_bucket.a", ["update"], {argument: before}, {argument: after})) != same


def test_the_policy_of_a_block_is_compared_too() -> None:
    """As `inline_policy` of a role."""
    before, after = (
        [{"name": "n", "policy": json.dumps({"Statement": {"Effect": "Allow", "Action": actions}})}]
        for actions in (["a:A"], "a:A")
    )
    assert not changed("aws_iam_role.a", ["update"], {"inline_policy": before}, {"inline_policy": after})


@pytest.mark.parametrize(("kind", "shown"), [("ECS", False), ("CODE_DEPLOY", True)])
def test_the_deployment_controller_that_aws_returns_is_no_change(kind: str, shown: bool) -> None:
    """A replacement shows it beside a configuration without one."""
    before, after = {"deployment_controller": [{"type": kind}], "name": "a"}, {"deployment_controller": [], "name": "b"}
    found = changed("aws_ecs_service.a", REPLACE, before, after, replace_paths=[["name"]])
    assert ("deployment_controller[0]" in [path for path, _, _ in found]) == shown


@pytest.mark.parametrize(
    ("before", "paths"),
    [
        ([{"cpu": "X86", "os": "LINUX"}], ["runtime_platform[0].cpu"]),
        ([], ["runtime_platform[0]"]),
    ],
)
def test_a_change_that_forces_by_its_parts_has_one_line(before: Any, paths: list[str]) -> None:
    """The plan names the argument, the block and its members."""
    forcing = [["runtime_platform"], ["runtime_platform", 0, "cpu"], ["runtime_platform", 0, "os"]]
    block = [{"cpu": "ARM", "os": "LINUX"}]
    found = diff(
        resource(
            "aws_ecs_service.a",
            REPLACE,
            {"runtime_platform": before},
            {"runtime_platform": block},
            replace_paths=forcing,
        )
    )
    (change,) = found.resources
    assert [argument.path for argument in change.arguments if argument.forces_replacement] == paths
    assert not change.notes
    assert [danger.forced_by for danger in found.dangers] == [("runtime_platform",)]


def test_a_block_that_comes_with_a_member_that_forces_is_marked() -> None:
    """The member has no line of its own."""
    more = {"replace_paths": [["x", 0, "a"]]}
    (change,) = diff(resource("a.b", REPLACE, {"x": []}, {"x": [{"a": 1}]}, **more)).resources
    assert [argument.forces_replacement for argument in change.arguments] == [True]
    assert not change.notes


@pytest.mark.parametrize(("length", "old"), [(10, f'["{"x" * 10}"]'), (200, "")])
def test_a_long_value_that_becomes_unknown_is_left_out(length: int, old: str) -> None:
    """What it becomes is all there is to tell."""
    before = {"x": ["x" * length]}
    found = changed(ALARM, ["update"], before, {}, after_unknown={"x": True})
    assert found == [("x", old, "(known after apply)")]
