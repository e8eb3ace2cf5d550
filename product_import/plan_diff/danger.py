"""Changes that a reviewer must not overlook."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_DATA = "the data in it is lost"
# What follows when an object of the type is deleted, also when another one takes its place at once.
CONSEQUENCES = {
    "aws_elasticache_replication_group": "Redis is lost with every job in the queue",
    "aws_elasticache_subnet_group": "Redis cannot stay in a subnet group that goes",
    "aws_elasticache_parameter_group": "Redis cannot keep a parameter group that goes",
    "aws_secretsmanager_secret": "its ARN changes, its value is lost, and AWS keeps the name taken for days",
    "aws_cloudwatch_log_group": "all its log events are lost",
    "aws_ecs_service": "all its workers stop",
    # What else a root may hold beside the module.
    "aws_db_instance": _DATA,
    "aws_dynamodb_table": _DATA,
    "aws_ebs_volume": _DATA,
    "aws_efs_file_system": _DATA,
    "aws_kms_key": "what it encrypted cannot be read any more",
    "aws_rds_cluster": _DATA,
    "aws_s3_bucket": _DATA,
    "aws_sqs_queue": _DATA,
}
# What to do in the place of a replacement, by the type and the path that forces it.
REMEDIES = {
    ("aws_elasticache_replication_group", "engine_version"): "set redis_engine_version to the version that runs",
}
# The arguments by which AWS knows an object; the first that is set decides.
IDENTITY = (
    "name_prefix",
    "name",
    "alarm_name",
    "bucket",
    "family",
    "identifier",
    "replication_group_id",
    "resource_id",
)

Resource = dict[str, Any]


@dataclass(frozen=True)
class Danger:
    """`addresses` is one address, or the old and the new one; `forced_by` are the paths that force a replacement."""

    addresses: tuple[str, ...]
    event: str
    consequence: str = ""
    forced_by: tuple[str, ...] = ()


def dangers(resources: list[Resource], forced_by: Mapping[str, tuple[str, ...]]) -> Iterator[Danger]:
    """The dangerous ones of a plan's resource changes; `forced_by` gives by address what forces a replacement."""
    pairs = _changed_addresses(resources)
    paired = {resource["address"] for pair in pairs for resource in pair}
    for old, new in pairs:
        consequence = CONSEQUENCES.get(old["type"], "")
        yield Danger(
            (old["address"], new["address"]), "is destroyed at one address and created at another", consequence
        )
    for resource in resources:
        address, actions = resource["address"], resource["change"]["actions"]
        if "forget" in actions:
            yield Danger((address,), "leaves the state", "the object itself stays, and Terraform no longer knows of it")
        elif "delete" in actions and resource["type"] in CONSEQUENCES and address not in paired:
            event = "is replaced" if "create" in actions else "is destroyed"
            forcing = forced_by.get(address, ())
            yield Danger((address,), event, _advice(resource["type"], forcing), forcing)
        if "previous_address" in resource:
            yield Danger((resource["previous_address"], address), "changes its address", "the object itself stays")


def _advice(resource_type: str, forcing: tuple[str, ...]) -> str:
    remedies = (remedy for path in forcing if (remedy := REMEDIES.get((resource_type, path))))
    return "; ".join((CONSEQUENCES[resource_type], *remedies))


def _changed_addresses(resources: Iterable[Resource]) -> list[tuple[Resource, Resource]]:
    """Pairs of a deleted and a created resource of Terraform that are one object to AWS."""
    created = {
        _identity(resource, "after"): resource for resource in resources if resource["change"]["actions"] == ["create"]
    }
    deleted = (
        resource
        for resource in resources
        if resource["change"]["actions"] == ["delete"] and not resource.get("deposed")
    )
    return [(old, created[identity]) for old in deleted if (identity := _identity(old, "before")) in created]


def _identity(resource: Resource, side: str) -> tuple[str, str, str]:
    """The type with what AWS knows the object by; where the plan does not tell that, with Terraform's name."""
    arguments = resource["change"].get(side) or {}
    argument = next((name for name in IDENTITY if arguments.get(name)), "")
    return resource["type"], argument, str(arguments[argument]) if argument else resource["name"]
