"""Facts of security groups."""

from collections.abc import Mapping

from product_import.stand_in.facts.kinds import HERE, MANAGED, Facts, Resource, prefixed_name


def _source_kind(rule: Resource) -> list[str]:
    kinds = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
    return [kind for kind in kinds if rule[kind] is not None]


def _has_another_kind_of_source(before: Resource, after: Resource) -> bool:
    """As `ModifyPlan` of ec2/vpc_security_group_ingress_rule.go."""
    return _source_kind(before) != _source_kind(after)


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
    # ec2/vpc_security_group_egress_rule.go and vpc_security_group_ingress_rule.go
    "aws_vpc_security_group_egress_rule": _RULE,
    "aws_vpc_security_group_ingress_rule": _RULE,
}
