"""How each type of resource is read from AWS: one function a type, by the names that the configuration gives."""

import json
import re
from collections.abc import Mapping
from typing import Any

from product_import.configuration import Resource
from product_import.doctor.deployment import Answer, Deployment

NO_SUCH_ROLE = "NoSuchEntity"
# What Terraform puts behind a name_prefix: the time in 18 digits and a counter in 8 hexadecimal ones
# (terraform-plugin-sdk, helper/id/id.go, PrefixedUniqueId).
_SUFFIX = "[0-9a-f]{26}"


def alarm(deployment: Deployment, expected: Resource) -> Answer | None:
    return next((each for each in deployment.alarms if each.get("AlarmName") == expected["alarm_name"]), None)


def attachment(deployment: Deployment, expected: Resource) -> Answer | None:
    role, policy = expected["role"], expected["policy_arn"]
    attached = deployment.account.pages(
        "iam:ListAttachedRolePolicies", "AttachedPolicies", absent=NO_SUCH_ROLE, RoleName=role
    )
    arns = [each["PolicyArn"] for each in attached or [] if "PolicyArn" in each]
    # Without the inputs its partition is not known: any attached policy stands for it.
    found = policy if policy in arns else None if isinstance(policy, str) else next(iter(arns), None)
    return {"PolicyArn": found, "RoleName": role} if found else None


def dashboard(deployment: Deployment, expected: Resource) -> Answer | None:
    answer: Answer | None = deployment.account.read(
        "cloudwatch:GetDashboard", absent="ResourceNotFound", DashboardName=expected["dashboard_name"]
    )
    return answer


def log_group(deployment: Deployment, expected: Resource) -> Answer | None:
    name = expected["name"]
    found = deployment.account.pages("logs:DescribeLogGroups", "logGroups", logGroupNamePrefix=name)
    return next((each for each in found if each.get("logGroupName") == name), None)


def nothing(_: Deployment, __: Resource) -> Answer | None:
    """Of a type whose arguments are all compared elsewhere."""
    return None


def parameter_group(deployment: Deployment, expected: Resource) -> Answer | None:
    """The group with its parameters: those that are configured, and all that were set by a user."""
    names = {"CacheParameterGroupName": expected["name"]}
    absent = "CacheParameterGroupNotFound"
    groups = deployment.account.pages(
        "elasticache:DescribeCacheParameterGroups", "CacheParameterGroups", absent=absent, **names
    )
    found = deployment.account.pages("elasticache:DescribeCacheParameters", "Parameters", absent=absent, **names)
    if not groups or found is None:
        return None
    configured = {each["name"] for each in expected.blocks("parameter")}
    relevant = [each for each in found if each.get("ParameterName") in configured or each.get("Source") == "user"]
    return {**groups[0], "Parameters": relevant}


def replication_group(deployment: Deployment, _: Resource) -> Answer | None:
    return None if deployment.redis is None else {**deployment.redis, "Nodes": deployment.nodes}


def role(deployment: Deployment, expected: Resource) -> Answer | None:
    answer = deployment.account.read("iam:GetRole", absent=NO_SUCH_ROLE, RoleName=expected["name"])
    return answer["Role"] if answer else None


def role_policy(deployment: Deployment, expected: Resource) -> Answer | None:
    answer: Answer | None = deployment.account.read(
        "iam:GetRolePolicy", absent=NO_SUCH_ROLE, RoleName=expected["role"], PolicyName=expected["name"]
    )
    return answer


def scaling_policy(deployment: Deployment, expected: Resource) -> Answer | None:
    return next((each for each in deployment.scaling_policies if each.get("PolicyName") == expected["name"]), None)


def scaling_target(deployment: Deployment, _: Resource) -> Answer | None:
    return deployment.scaling_target


def secret(deployment: Deployment, expected: Resource) -> Answer | None:
    """The secret that the worker gets as REDIS_URL, if its name is the module's.

    The name alone would not do: ListSecrets cannot be limited to the secrets of the module.
    """
    arn = deployment.redis_url_secret
    if arn is None or not re.search(f":secret:{re.escape(expected['name_prefix'])}{_SUFFIX}-", arn):
        return None
    return deployment.secret(arn)


def security_group(deployment: Deployment, expected: Resource) -> Answer | None:
    """The group of the name's prefix. Terraform replaces one by making the next first: the one in use counts."""
    prefix = expected["name_prefix"]
    found = deployment.account.pages(
        "ec2:DescribeSecurityGroups",
        "SecurityGroups",
        Filters=[{"Name": "group-name", "Values": [f"{prefix}*"]}],
    )
    own = [each for each in found if re.fullmatch(re.escape(prefix) + _SUFFIX, each.get("GroupName", ""))]
    used = json.dumps([deployment.service, deployment.nodes], default=str) if len(own) > 1 else ""
    in_use = [each for each in own if f'"{each["GroupId"]}"' in used]
    return next(iter(in_use or own), None)


def service(deployment: Deployment, _: Resource) -> Answer | None:
    return deployment.service


def subnet_group(deployment: Deployment, expected: Resource) -> Answer | None:
    found = deployment.account.pages(
        "elasticache:DescribeCacheSubnetGroups",
        "CacheSubnetGroups",
        absent="CacheSubnetGroupNotFoundFault",
        CacheSubnetGroupName=expected["name"],
    )
    return found[0] if found else None


def task_definition(deployment: Deployment, _: Resource) -> Answer | None:
    return deployment.task


def named(expected: Resource) -> str:
    """The name of a resource, or what it begins with."""
    for argument in ("name", "alarm_name", "dashboard_name", "resource_id", "policy_arn", "replication_group_id"):
        if argument in expected and isinstance(name := expected[argument], str):
            return name
    return f"{expected['name_prefix']}..."


def rules(permissions: list[Mapping[str, Any]], own_group: str) -> list[str]:
    """The rules of a security group as AWS has them, one for each source, in words.

    AWS joins rules of one protocol and range of ports, whatever their description.
    """
    found = []
    for each in permissions:
        sources = [
            *((source.get("CidrIp"), source) for source in each.get("IpRanges", [])),
            *((source.get("CidrIpv6"), source) for source in each.get("Ipv6Ranges", [])),
            *((source.get("PrefixListId"), source) for source in each.get("PrefixListIds", [])),
            *((source.get("GroupId"), source) for source in each.get("UserIdGroupPairs", [])),
        ]
        for source, more in sources:
            of = "itself" if source == own_group else source
            found.append(_rule(each.get("IpProtocol"), each.get("FromPort"), each.get("ToPort"), of, more))
    return found


def configured_rules(blocks: list[Mapping[str, Any]]) -> list[str]:
    """The same of Terraform's blocks."""
    found = []
    for each in blocks:
        kinds = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
        sources = [source for kind in kinds for source in each.get(kind) or []]
        more = {"Description": each.get("description")}
        found += [
            _rule(each["protocol"], each["from_port"], each["to_port"], source, more)
            for source in [*sources, *(["itself"] if each.get("self") else [])]
        ]
    return found


def _rule(protocol: Any, first: Any, last: Any, source: object, more: Mapping[str, Any]) -> str:
    # With all protocols there are no ports: AWS leaves them out, Terraform writes 0.
    ports = "all" if protocol == "-1" else f"{protocol} {first}" if first == last else f"{protocol} {first}-{last}"
    return f"{ports} {source} ({more.get('Description') or 'no description'})"
