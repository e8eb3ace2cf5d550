"""Facts of a VPC: subnets, gateways, routes, security groups."""

from collections.abc import Mapping
from typing import Any

from product_import.stand_in.facts.kinds import HERE, MANAGED, Facts, Resource, prefixed_name


def _source_kind(rule: Resource) -> list[str]:
    kinds = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
    return [kind for kind in kinds if rule[kind] is not None]


def _has_another_kind_of_source(before: Resource, after: Resource) -> bool:
    """As `ModifyPlan` of ec2/vpc_security_group_ingress_rule.go."""
    return _source_kind(before) != _source_kind(after)


def _made_by_ec2(prefix: str, kind: str) -> dict[str, Any]:
    """What EC2 gives each resource that has an owner."""
    return {"id": f"{prefix}-{{unique}}", "arn": f"arn:aws:ec2:{HERE}:{kind}/{{id}}", "owner_id": "{account}"}


_RULE = Facts(
    is_of_sdk=False,
    replace=frozenset({"security_group_id"}),
    replace_if=dict.fromkeys(
        ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"), _has_another_kind_of_source
    ),
    made={
        "id": "sgr-{unique}",
        "security_group_rule_id": "{id}",
        "arn": f"arn:aws:ec2:{HERE}:security-group-rule/{{id}}",
    },
)
FACTS: Mapping[str, Facts] = {
    # ec2/ec2_eip.go
    "aws_eip": Facts(
        replace=frozenset({"address", "domain", "network_border_group", "public_ipv4_pool"}),
        made={
            "id": "eipalloc-{unique}",
            "allocation_id": "{id}",
            "arn": f"arn:aws:ec2:{HERE}:elastic-ip/{{id}}",
        },
    ),
    # ec2/vpc_internet_gateway.go
    "aws_internet_gateway": Facts(made=_made_by_ec2("igw", "internet-gateway")),
    # ec2/vpc_nat_gateway.go
    "aws_nat_gateway": Facts(
        replace=frozenset({"allocation_id", "connectivity_type", "private_ip", "subnet_id"}),
        defaults={"connectivity_type": "public"},
        made={"id": "nat-{unique}"},
    ),
    # ec2/vpc_route.go
    "aws_route": Facts(
        replace=frozenset(
            {
                "destination_cidr_block",
                "destination_ipv6_cidr_block",
                "destination_prefix_list_id",
                "route_table_id",
            }
        ),
        made={"id": "r-{route_table_id}{serial}", "origin": "CreateRoute", "state": "active"},
    ),
    # ec2/vpc_route_table.go
    "aws_route_table": Facts(replace=frozenset({"vpc_id"}), made=_made_by_ec2("rtb", "route-table")),
    # ec2/vpc_route_table_association.go
    "aws_route_table_association": Facts(
        replace=frozenset({"gateway_id", "subnet_id"}), made={"id": "rtbassoc-{unique}"}
    ),
    # ec2/vpc_security_group.go
    "aws_security_group": Facts(
        replace=frozenset({"description", "name", "name_prefix", "vpc_id"}),
        defaults=MANAGED | {"revoke_rules_on_delete": False},
        made={
            "name": prefixed_name,
            "name_prefix": "",
            "id": "sg-{unique}",
            "arn": f"arn:aws:ec2:{HERE}:security-group/{{id}}",
            "owner_id": "{account}",
            "vpc_id": "vpc-{unique}",
        },
        version=1,
    ),
    # ec2/vpc_subnet.go
    "aws_subnet": Facts(
        replace=frozenset(
            {"availability_zone", "availability_zone_id", "cidr_block", "ipv6_native", "outpost_arn", "vpc_id"}
        ),
        defaults=dict.fromkeys(
            (
                "assign_ipv6_address_on_creation",
                "enable_dns64",
                "enable_resource_name_dns_a_record_on_launch",
                "enable_resource_name_dns_aaaa_record_on_launch",
                "ipv6_native",
                "map_public_ip_on_launch",
            ),
            False,
        ),
        made=_made_by_ec2("subnet", "subnet"),
        version=1,
    ),
    # ec2/vpc_.go
    "aws_vpc": Facts(
        replace=frozenset({"cidr_block", "ipv4_ipam_pool_id", "ipv4_netmask_length"}),
        defaults={"enable_dns_support": True, "instance_tenancy": "default"},
        made=_made_by_ec2("vpc", "vpc"),
        version=1,
    ),
    # ec2/vpc_security_group_egress_rule.go and vpc_security_group_ingress_rule.go
    "aws_vpc_security_group_egress_rule": _RULE,
    "aws_vpc_security_group_ingress_rule": _RULE,
}
