"""Data sources that read what the same root makes."""

from typing import Any

from product_import.stand_in.planning import Values
from tests.engine.conftest import both_majors
from tests.engine.protocol import Asked

import pytest

# What is applied, by a name; `{x.y}` stands for a value of an earlier one.
ROOT: dict[str, tuple[str, dict[str, Any]]] = {
    "vpc": ("aws_vpc", {"cidr_block": "10.9.0.0/16", "tags": {"Name": "main"}}),
    "a": ("aws_subnet", {"vpc_id": "{vpc.id}", "cidr_block": "10.9.1.0/24", "availability_zone": "eu-central-1a"}),
    "b": ("aws_subnet", {"vpc_id": "{vpc.id}", "cidr_block": "10.9.2.0/24", "availability_zone": "eu-central-1b"}),
    "sg": ("aws_security_group", {"vpc_id": "{vpc.id}", "name": "web", "description": "of the web"}),
    "role": ("aws_iam_role", {"name": "task", "assume_role_policy": '{"Version":"2012-10-17","Statement":[]}'}),
    "empty": ("aws_vpc", {"cidr_block": "10.8.0.0/16", "tags": {"Name": "empty"}}),
    "table": ("aws_route_table", {"vpc_id": "{vpc.id}"}),
    "tie": ("aws_route_table_association", {"route_table_id": "{table.id}", "subnet_id": "{a.id}"}),
    "cluster": ("aws_ecs_cluster", {"name": "main"}),
    "secret": ("aws_secretsmanager_secret", {"name": "token"}),
    "version": ("aws_secretsmanager_secret_version", {"secret_id": "{secret.id}", "secret_string": "the token"}),
}


class Root:
    """A provider with what ROOT makes."""

    def __init__(self, major: int) -> None:
        self.asked = Asked(major)
        self.made: dict[str, Values] = {}
        for name, (resource_type, arguments) in ROOT.items():
            self.made[name] = self.asked.applied(resource_type, **self.filled(arguments))

    def filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.filled(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if not isinstance(value, str) or not value.startswith("{") or value.count(".") != 1:
            return value
        name, _, attribute = value.strip("{}").partition(".")
        return self.made[name][attribute]


@pytest.fixture(scope="module")
def roots() -> dict[int, Root]:
    return {major: Root(major) for major in (5, 6)}


@pytest.mark.parametrize(
    ("source", "arguments", "values"),
    [
        ("aws_vpc", {"id": "{vpc.id}"}, {"cidr_block": "10.9.0.0/16", "arn": "{vpc.arn}", "tags": {"Name": "main"}}),
        ("aws_vpc", {"tags": {"Name": "main"}}, {"id": "{vpc.id}"}),
        ("aws_vpc", {"filter": [{"name": "tag:Name", "values": ["m*"]}]}, {"id": "{vpc.id}"}),
        ("aws_vpc", {"cidr_block": "10.9.0.0/16", "state": "available"}, {"id": "{vpc.id}"}),
        ("aws_vpcs", {"tags": {"Name": "main"}}, {"ids": ["{vpc.id}"]}),
        ("aws_vpc", {"id": "{empty.id}"}, {"enable_dns_support": True, "default": False}),
        ("aws_subnets", {"filter": [{"name": "vpc-id", "values": ["{empty.id}"]}]}, {"ids": []}),
        ("aws_route_table", {"subnet_id": "{a.id}"}, {"id": "{table.id}", "vpc_id": "{vpc.id}"}),
        (
            "aws_iam_session_context",
            {"arn": "arn:aws:sts::123456789012:assumed-role/task/me"},
            {"issuer_id": "{role.unique_id}", "issuer_arn": "{role.arn}"},
        ),
        ("aws_subnet", {"id": "{b.id}"}, {"vpc_id": "{vpc.id}", "availability_zone": "eu-central-1b"}),
        ("aws_subnet", {"vpc_id": "{vpc.id}", "availability_zone": "eu-central-1b"}, {"id": "{b.id}"}),
        (
            "aws_subnets",
            {"filter": [{"name": "vpc-id", "values": ["{vpc.id}"]}, {"name": "cidr-block", "values": ["10.9.2.*"]}]},
            {"ids": ["{b.id}"]},
        ),
        ("aws_security_group", {"name": "web", "vpc_id": "{vpc.id}"}, {"id": "{sg.id}", "description": "of the web"}),
        ("aws_security_group", {"filter": [{"name": "group-name", "values": ["web"]}]}, {"arn": "{sg.arn}"}),
        ("aws_iam_role", {"name": "task"}, {"arn": "{role.arn}", "unique_id": "{role.unique_id}"}),
        ("aws_ecs_cluster", {"cluster_name": "main"}, {"arn": "{cluster.arn}"}),
        ("aws_secretsmanager_secret", {"name": "token"}, {"arn": "{secret.arn}"}),
        ("aws_secretsmanager_secret", {"arn": "{secret.arn}"}, {"name": "token"}),
        ("aws_secretsmanager_secret_version", {"secret_id": "{secret.arn}"}, {"secret_string": "the token"}),
        ("aws_secretsmanager_secret_version", {"secret_id": "token"}, {"secret_string": "the token"}),
    ],
)
@both_majors
def test_found(
    roots: dict[int, Root], major: int, source: str, arguments: dict[str, Any], values: dict[str, Any]
) -> None:
    root = roots[major]
    found = root.asked.data(source, **root.filled(arguments))
    assert {name: found[name] for name in values} == root.filled(values)


@both_majors
def test_all_are_found_without_arguments(roots: dict[int, Root], major: int) -> None:
    root = roots[major]
    assert sorted(root.asked.data("aws_vpcs")["ids"]) == sorted(root.made[name]["id"] for name in ("vpc", "empty"))


@pytest.mark.parametrize(
    ("source", "arguments"),
    [
        ("aws_vpc", {"default": True, "cidr_block": "10.9.0.0/16"}),
        ("aws_vpc", {"tags": {"Name": "other"}}),
        ("aws_vpc", {"tags": {"Name": "main"}, "cidr_block": "10.8.0.0/16"}),
        ("aws_vpc", {}),
        ("aws_subnet", {"id": "{vpc.id}"}),
        ("aws_iam_role", {"name": "other"}),
    ],
)
def test_not_found(roots: dict[int, Root], source: str, arguments: dict[str, Any]) -> None:
    """One argument does not name it, or none is there: the values are of another one."""
    root = roots[5]
    found = root.asked.data(source, **root.filled(arguments))
    assert found["arn"] not in {each.get("arn") for each in root.made.values()}


def test_a_changed_resource_is_found_as_it_is() -> None:
    root = Root(5)
    root.asked.applied("aws_vpc", root.made["vpc"], cidr_block="10.9.0.0/16", tags={"Name": "renamed"})
    assert root.asked.data("aws_vpc", id=root.made["vpc"]["id"])["tags"] == {"Name": "renamed"}


def test_a_deleted_resource_is_not_found() -> None:
    root = Root(5)
    root.asked.deleted("aws_vpc", root.made["vpc"])
    assert root.asked.data("aws_vpc", tags={"Name": "main"})["id"] != root.made["vpc"]["id"]


def test_a_resource_that_a_refresh_reads_is_found() -> None:
    """A plan of a root that was applied by another process."""
    root, later = Root(5), Asked(5)
    later.read("aws_vpc", root.made["vpc"])
    assert later.data("aws_vpc", id=root.made["vpc"]["id"])["cidr_block"] == "10.9.0.0/16"
