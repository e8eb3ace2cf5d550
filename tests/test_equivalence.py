"""What the provider takes for the same document, case by case."""

import json
from typing import Any

from product_import.equivalence import (
    differing_containers,
    differing_policies,
    same_containers,
    same_json,
    same_policies,
)

import pytest

WORKER: dict[str, Any] = {
    "name": "worker",
    "image": "api:1",
    "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
    "secrets": [{"name": "C", "valueFrom": "c"}, {"name": "D", "valueFrom": "d"}],
    "healthCheck": {"command": ["CMD", "true"]},
    "portMappings": [{"containerPort": 80}],
    "command": ["run", "fast"],
    "dockerLabels": {"Team": "import"},
}
PUBLISHER = {"name": "publisher", "image": "publisher:1"}


@pytest.mark.parametrize(
    "other",
    [
        [PUBLISHER, WORKER],
        [WORKER | {"environment": WORKER["environment"][::-1], "secrets": WORKER["secrets"][::-1]}, PUBLISHER],
        [WORKER | {"essential": True}, PUBLISHER],
        [WORKER | {"cpu": 0, "links": None}, PUBLISHER],
        [WORKER, PUBLISHER | {"environment": [], "mountPoints": [], "volumesFrom": []}],
        [WORKER, PUBLISHER | {"environment": [{}]}],
        [WORKER | {"healthCheck": {"command": ["CMD", "true"], "interval": 30, "retries": 3, "timeout": 5}}, PUBLISHER],
        [WORKER | {"portMappings": [{"containerPort": 80, "protocol": "tcp", "hostPort": 80}]}, PUBLISHER],
        [WORKER | {"portMappings": [{"containerPort": 80, "hostPort": 0}]}, PUBLISHER],
        [{name.title(): value for name, value in WORKER.items()}, PUBLISHER],
    ],
)
def test_the_same_containers(other: list[Any]) -> None:
    """Order, defaults, null, empty lists and the case of a member's name do not count."""
    assert same_containers(json.dumps([WORKER, PUBLISHER]), json.dumps(other), awsvpc=True)


@pytest.mark.parametrize(
    "other",
    [
        [WORKER],
        [WORKER | {"image": "api:2"}, PUBLISHER],
        [WORKER | {"essential": False}, PUBLISHER],
        [WORKER | {"command": ["fast", "run"]}, PUBLISHER],
        [WORKER | {"environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "3"}]}, PUBLISHER],
        [WORKER | {"healthCheck": {"command": ["CMD", "true"], "interval": 10}}, PUBLISHER],
        [WORKER | {"portMappings": [{"containerPort": 80, "protocol": "udp"}]}, PUBLISHER],
        [WORKER | {"dockerLabels": {"team": "import"}}, PUBLISHER],
        "no containers",
    ],
)
def test_other_containers(other: Any) -> None:
    """All else is a new revision."""
    assert not same_containers(json.dumps([WORKER, PUBLISHER]), json.dumps(other), awsvpc=True)


def test_the_port_of_the_host_is_the_containers_in_a_network_of_its_own() -> None:
    """With `awsvpc` alone."""
    mapped = json.dumps([PUBLISHER | {"portMappings": [{"containerPort": 80, "hostPort": 80}]}])
    unmapped = json.dumps([PUBLISHER | {"portMappings": [{"containerPort": 80}]}])
    assert same_containers(mapped, unmapped, awsvpc=True)
    assert not same_containers(mapped, unmapped, awsvpc=False)


READ: dict[str, Any] = {
    "Sid": "Read",
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::images/*",
    "Principal": {"AWS": "123456789012"},
    "Condition": {"StringEquals": {"aws:SourceAccount": ["1", "2"]}, "Bool": {"aws:SecureTransport": "true"}},
}
LIST = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::images"}


def policy(*statements: Any, **members: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements, **members})


@pytest.mark.parametrize(
    "other",
    [
        policy(LIST, READ),
        policy(READ | {"Action": ["s3:PutObject", "s3:GetObject"]}, LIST),
        policy(READ | {"Resource": ["arn:aws:s3:::images/*"]}, LIST),
        policy(READ | {"Effect": "allow"}, LIST),
        policy(READ | {"Principal": {"AWS": ["arn:aws:iam::123456789012:root"]}}, LIST),
        policy(READ | {"Principal": {"AWS": "123456789012", "Service": []}}, LIST),
        policy(
            READ
            | {"Condition": {"Bool": {"aws:SecureTransport": True}, "StringEquals": {"aws:SourceAccount": ["2", "1"]}}},
            LIST,
        ),
        f" [{policy(READ, LIST)}] ",
    ],
)
def test_the_same_policy(other: str) -> None:
    """Order, single values in lists, an account and its root do not count."""
    assert same_policies(policy(READ, LIST), other)


@pytest.mark.parametrize(
    "other",
    [
        policy(READ),
        policy(READ, LIST, LIST),
        policy(READ, LIST, Id="one"),
        policy(READ, LIST, Version="2008-10-17"),
        policy(READ | {"Sid": "Write"}, LIST),
        policy(READ | {"Effect": "Deny"}, LIST),
        policy(READ | {"Action": ["s3:GetObject"]}, LIST),
        policy(READ | {"Action": [], "NotAction": READ["Action"]}, LIST),
        policy(READ | {"Resource": "arn:aws:s3:::other/*"}, LIST),
        policy(READ | {"Principal": {"AWS": "210987654321"}}, LIST),
        policy(READ | {"Condition": None}, LIST),
        policy(READ, LIST | {"Condition": {}}),
        policy(READ | {"Condition": {"StringEquals": {"aws:SourceAccount": ["1"]}}}, LIST),
        "no policy",
    ],
)
def test_another_policy(other: str) -> None:
    """All else is a change."""
    assert not same_policies(policy(READ, LIST), other)


def test_one_statement_needs_no_list() -> None:
    """As one value needs none."""
    assert same_policies(policy(LIST), json.dumps({"Version": "2012-10-17", "Statement": LIST}))


def test_nothing_is_an_empty_policy() -> None:
    """But no other one."""
    assert same_policies("", "{}")
    assert not same_policies("", policy(LIST))


def test_the_same_json() -> None:
    """Spaces and the order of keys do not count, values do, and what is no JSON is never the same."""
    assert same_json('{"a": 1, "b": []}', '{"b":[],"a":1}')
    assert not same_json('{"a": 1}', '{"a": "1"}')
    assert not same_json("{", "{")


@pytest.mark.parametrize(
    ("returned", "configured", "awsvpc"),
    [
        (WORKER | {"cpu": 0, "mountPoints": [], "essential": True}, WORKER, True),
        ({name.title(): value for name, value in WORKER.items()}, WORKER, True),
        (WORKER | {"portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}]}, WORKER, True),
        (WORKER | {"environment": WORKER["environment"][::-1], "links": None}, WORKER, False),
    ],
)
def test_containers_differ_in_what_was_changed_alone(returned: Any, configured: Any, awsvpc: bool) -> None:
    """What ECS returns is no difference beside one that is, and names are spelled as they are configured."""
    old, new = differing_containers([PUBLISHER, returned], [configured | {"image": "api:2"}, PUBLISHER], awsvpc=awsvpc)
    assert [container | {"image": "api:2"} for container in old if container["name"] == "worker"] == new[1:]
    assert old[0] == new[0]
    assert {"image", "portMappings", "healthCheck", "dockerLabels"} <= new[1].keys()


def test_a_default_stands_beside_another_value() -> None:
    """On the side that leaves it out, so that both values show."""
    returned = WORKER | {"cpu": 256, "essential": False, "healthCheck": {"command": ["CMD", "true"], "interval": 60}}
    ([old], [new]) = differing_containers([returned], [WORKER], awsvpc=True)
    assert (old["cpu"], new["cpu"]) == (256, 0)
    assert (old["essential"], new["essential"]) == (False, True)
    assert (old["healthCheck"]["interval"], new["healthCheck"]["interval"]) == (60, 30)


def test_the_port_of_the_host_differs_where_it_is_not_the_containers() -> None:
    """Without a network of its own."""
    mapped = [PUBLISHER | {"portMappings": [{"containerPort": 80, "hostPort": 80}]}]
    unmapped = [PUBLISHER | {"portMappings": [{"containerPort": 80}]}]
    old, new = differing_containers(mapped, unmapped, awsvpc=False)
    assert old != new


@pytest.mark.parametrize("other", ["no containers", [1], {"name": "worker"}, None])
def test_what_is_no_list_of_containers_comes_back(other: Any) -> None:
    """Unchanged."""
    assert differing_containers([WORKER], other, awsvpc=True) == ([WORKER], other)


def statements(*found: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(found)}


def test_policies_differ_in_what_was_changed_alone() -> None:
    """Order, single values in lists and an account's root are no difference beside one that is."""
    returned = READ | {
        "Effect": "allow",
        "Action": READ["Action"][::-1],
        "Resource": ["arn:aws:s3:::images/*"],
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
    }
    changed = LIST | {"Resource": ["arn:aws:s3:::images", "arn:aws:s3:::more"]}
    old, new = differing_policies(statements(LIST, returned), statements(READ, changed))
    assert new == statements(READ, changed)
    assert old == statements(READ, LIST | {"Resource": ["arn:aws:s3:::images"]})


def test_values_that_stay_take_their_new_places() -> None:
    """So that only what came and went differs."""
    old, new = differing_policies(
        statements(LIST | {"Action": ["a:C", "a:Gone", "a:A"]}), statements(LIST | {"Action": ["a:A", "a:B", "a:C"]})
    )
    assert old["Statement"][0]["Action"] == ["a:A", "a:Gone", "a:C"]
    assert new["Statement"][0]["Action"] == ["a:A", "a:B", "a:C"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LIST | {"Principal": "*"}, LIST | {"Principal": "arn:aws:iam::123456789012:root"}),
        (LIST | {"Condition": {}}, LIST),
        (LIST | {"Effect": "Deny"}, LIST),
    ],
)
def test_a_changed_member_differs(old: Any, new: Any) -> None:
    """Two principals that are texts too, which the provider overlooks."""
    one, other = differing_policies(statements(old), statements(new))
    assert one != other


@pytest.mark.parametrize("other", ["no policy", {"Version": "2012-10-17"}, {"Statement": ["text"]}, None])
def test_what_is_no_policy_comes_back(other: Any) -> None:
    """Unchanged."""
    assert differing_policies(statements(LIST), other) == (statements(LIST), other)
