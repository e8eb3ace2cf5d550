"""What the provider takes for the same document, case by case."""

import json
from typing import Any

from product_import.stand_in.equivalence import same_containers, same_json, same_policies

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
