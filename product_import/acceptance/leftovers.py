"""What AWS has of a run, whatever a state says: by the tag, by EC2's own tags, and by name what tags do not find."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from product_import.acceptance.pace import Pace, TooLongError
from product_import.acceptance.record import TAG, Record

import boto3  # type: ignore[import-untyped]
import jmespath  # type: ignore[import-untyped]
from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]

# While AWS takes things away, and while it throttles.
AGAIN_MINUTES = 5
# GetResources also names what is deleted or had the tag before (its page in the API Reference), so each is looked at.
# By service, and the kind in an ARN or the prefix of an id: the call, its parameters, and what the answer has while the
# resource exists.
_Parameters = Callable[[str], dict[str, Any]]


def _filtered(name: str) -> _Parameters:
    return lambda arn: {"Filters": [{"Name": name, "Values": [arn.rpartition("/")[2]]}]}


def _given(parameter: str) -> _Parameters:
    return lambda arn: {parameter: arn}


def _in_cluster(parameter: str) -> _Parameters:
    return lambda arn: {"cluster": arn.split("/")[1], parameter: [arn]}


_LOOKS: Mapping[str, tuple[str, _Parameters, str]] = {
    "application-autoscaling": ("list_tags_for_resource", _given("ResourceARN"), "Tags"),
    "cloudwatch": ("list_tags_for_resource", _given("ResourceARN"), "Tags"),
    "ec2:eipalloc": ("describe_addresses", _filtered("allocation-id"), "Addresses"),
    "ec2:igw": ("describe_internet_gateways", _filtered("internet-gateway-id"), "InternetGateways"),
    "ec2:nat": (
        "describe_nat_gateways",
        lambda arn: {"NatGatewayIds": [arn.rpartition("/")[2]]},
        "NatGateways[?State!='deleted']",
    ),
    "ec2:eni": ("describe_network_interfaces", _filtered("network-interface-id"), "NetworkInterfaces"),
    "ec2:rtb": ("describe_route_tables", _filtered("route-table-id"), "RouteTables"),
    "ec2:sg": ("describe_security_groups", _filtered("group-id"), "SecurityGroups"),
    "ec2:subnet": ("describe_subnets", _filtered("subnet-id"), "Subnets"),
    "ec2:vpc": ("describe_vpcs", _filtered("vpc-id"), "Vpcs"),
    "ecs:cluster": ("describe_clusters", lambda arn: {"clusters": [arn]}, "clusters[?status!='INACTIVE']"),
    "ecs:service": ("describe_services", _in_cluster("services"), "services[?status!='INACTIVE']"),
    "ecs:task": ("describe_tasks", _in_cluster("tasks"), "tasks[?lastStatus!='STOPPED']"),
    "elasticache": ("list_tags_for_resource", _given("ResourceName"), "TagList"),
    "logs": ("list_tags_for_resource", _given("resourceArn"), "tags"),
    "s3": ("head_bucket", lambda arn: {"Bucket": arn.rpartition(":")[2]}, "@"),
    "secretsmanager": ("describe_secret", _given("SecretId"), "[@][?!DeletedDate]"),
    "sns": ("get_topic_attributes", _given("TopicArn"), "Attributes"),
}
# The revisions of a task definition stay, and cost nothing.
_STAYS = ("ecs:task-definition",)
# GetResources has no roles ("Services that support the Resource Groups Tagging API"), and is behind by some minutes.
# Policies and the alarms of target tracking have no tag. Log groups are written by AWS too, without one.
_LISTS: tuple[tuple[str, str, Mapping[str, str], str], ...] = (
    (
        "application-autoscaling",
        "describe_scalable_targets",
        {"ServiceNamespace": "ecs"},
        "ScalableTargets[].ResourceId",
    ),
    (
        "application-autoscaling",
        "describe_scaling_policies",
        {"ServiceNamespace": "ecs"},
        "ScalingPolicies[].PolicyARN",
    ),
    ("cloudwatch", "describe_alarms", {}, "MetricAlarms[].AlarmArn"),
    ("ecs", "list_clusters", {}, "clusterArns[]"),
    ("elasticache", "describe_replication_groups", {}, "ReplicationGroups[].ARN"),
    ("elasticache", "describe_snapshots", {}, "Snapshots[].ARN"),
    ("iam", "list_roles", {}, "Roles[].Arn"),
    ("logs", "describe_log_groups", {}, "logGroups[].logGroupName"),
)
_UNKNOWN = "not known, "
_ABSENT = re.compile("NotFound|NoSuch|^404$")


def leftovers(session: boto3.Session, record: Record, pace: Pace) -> list[str]:
    """What is left of a run, asked for again for some minutes while there is something.

    What AWS does not tell counts as left, with the reason.
    """
    found: list[str] = []

    def nothing() -> bool | None:
        found[:] = seen(session, record)
        return None if found else True

    with suppress(TooLongError):
        pace.wait_for("nothing left", nothing, AGAIN_MINUTES)
    return found


def of_any_run(session: boto3.Session, region: str) -> list[str]:
    """What has the tag with whatever name, those of runs that are under way included."""
    return _there(session, region, _tagged(session, region, {"Key": TAG}))


def seen(session: boto3.Session, record: Record) -> list[str]:
    """What there is of a run now, as `leftovers`."""
    if (account := _account(session, record.region)) != record.account:
        return [f"{_UNKNOWN}the credentials must be of the account {record.account}. Given: {account}"]
    tagged = _tagged(session, record.region, {"Key": TAG, "Values": [record.name]})
    filters = [{"Name": "key", "Values": [TAG]}, {"Name": "value", "Values": [record.name]}]
    ec2 = session.client("ec2", region_name=record.region)
    tags = _listed(ec2, "describe_tags", "Tags[].[ResourceType, ResourceId]", Filters=filters)
    here = f"arn:{ec2.meta.partition}:ec2:{record.region}:{record.account}"
    of_ec2 = [each if isinstance(each, str) else f"{here}:{'/'.join(each)}" for each in tags]
    named = [
        each
        for service, operation, parameters, names in _LISTS
        for each in _listed(session.client(service, region_name=record.region), operation, names, **parameters)
        if record.name in each or each.startswith(_UNKNOWN)
    ]
    # What a list names is there, except deleted clusters. Alarms of target tracking and automatic snapshots have no
    # tags to look at.
    clusters = [each for each in named if ":ecs:" in each]
    there = _there(session, record.region, [*tagged, *of_ec2, *clusters])
    return list(dict.fromkeys([*there, *(each for each in named if each not in clusters)]))


def _account(session: boto3.Session, region: str) -> str:
    """The account of the credentials, which may have changed since the run began: another one has nothing of it."""
    try:
        return str(session.client("sts", region_name=region).get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        return f"sts:GetCallerIdentity failed: {' '.join(str(error).split())}"


def _tagged(session: boto3.Session, region: str, tag: Mapping[str, Any]) -> list[str]:
    client = session.client("resourcegroupstaggingapi", region_name=region)
    return list(_listed(client, "get_resources", "ResourceTagMappingList[].ResourceARN", TagFilters=[tag]))


def _listed(client: Any, operation: str, names: str, **parameters: Any) -> Iterator[Any]:
    """What is at a place (JMESPath) of all pages; at last the failure, where there is one."""
    try:
        yield from client.get_paginator(operation).paginate(**parameters).search(names)
    except (BotoCoreError, ClientError) as error:
        service = client.meta.service_model.service_name
        yield f"{_UNKNOWN}{service}:{operation} failed: {' '.join(str(error).split())}"


def _there(session: boto3.Session, region: str, arns: list[str]) -> list[str]:
    return [arn for arn in arns if not arn.startswith("arn:") or _is_there(session, region, arn)]


def _is_there(session: boto3.Session, region: str, arn: str) -> bool:
    """Unless AWS says that it is gone, it is there."""
    service, _, _, resource = arn.split(":", 5)[2:]
    kind = f"ec2:{re.split('[/-]', resource)[-2]}" if service == "ec2" else f"{service}:{re.split('[:/]', resource)[0]}"
    look = _LOOKS.get(kind) or _LOOKS.get(service)
    if look is None:
        return kind not in _STAYS
    operation, parameters, there = look
    try:
        answer = getattr(session.client(service, region_name=region), operation)(**parameters(arn))
    except ClientError as error:
        return not _ABSENT.search(error.response["Error"]["Code"])
    except BotoCoreError:
        return True
    return bool(jmespath.search(there, answer))
