"""Values that are made up by name and type."""

import re

from product_import.stand_in.data.identifiers import Subject
from product_import.stand_in.data.made_up import made_up

import pytest

LB = Subject("aws_lb", "eu-central-1", "123456789012", "1", called="web")
VPC = Subject("aws_vpc", "cn-north-1", "123456789012", "1")


@pytest.mark.parametrize(
    ("subject", "name", "pattern"),
    [
        (LB, "arn", r"arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/[0-9a-f]{16}"),
        (LB, "id", r"arn:aws:elasticloadbalancing:.*"),
        (LB, "dns_name", r"web\.[0-9a-f]{17}\.eu-central-1\.elasticloadbalancing\.amazonaws\.com"),
        (LB, "vpc_id", r"vpc-[0-9a-f]{17}"),
        (LB, "target_group_arn", r"arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/.*"),
        (LB, "execution_role_arn", r"arn:aws:iam::123456789012:role/.*"),
        (VPC, "id", r"vpc-[0-9a-f]{17}"),
        (VPC, "arn", r"arn:aws-cn:ec2:cn-north-1:123456789012:vpc/vpc-[0-9a-f]{17}"),
        (VPC, "owner_id", r"123456789012"),
        (VPC, "cidr_block", r"10\.0\.0\.0/16"),
        (VPC, "availability_zone", r"cn-north-1a"),
        (VPC, "endpoint", r".*\.amazonaws\.com\.cn"),
    ],
)
def test_texts(subject: Subject, name: str, pattern: str) -> None:
    assert re.fullmatch(pattern, made_up(name, "string", subject))


def test_one_subject_has_one_id() -> None:
    """Its ARN ends with it, and what refers to its own type is the same."""
    assert made_up("arn", "string", VPC).endswith(made_up("id", "string", VPC))
    assert made_up("vpc_id", "string", VPC) == made_up("id", "string", VPC)
    assert made_up("id", "string", Subject("aws_vpc", "cn-north-1", "123456789012", "2")) != VPC.id


def test_collections() -> None:
    """A list of ids has different ones, a set has no value twice."""
    ids = made_up("subnet_ids", ["list", "string"], VPC, 3)
    assert len(set(ids)) == 3
    assert all(item.startswith("subnet-") for item in ids)
    assert made_up("cidr_blocks", ["set", "string"], VPC, 3) == ["10.0.0.0/16"]
    assert made_up(
        "settings", ["list", ["object", {"port": "number", "on": "bool", "tags": ["map", "string"]}]], VPC
    ) == [{"port": 443, "on": False, "tags": {}}]
