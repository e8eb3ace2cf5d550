"""Changes that the plan accepts and AWS refuses, so that an apply stops halfway."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from product_import.plan_diff.read.plan import Resource

GROUP = "aws_elasticache_replication_group"


@dataclass(frozen=True)
class Refusal:
    """What AWS refuses: `event` is said of the address, `advice` is a sentence, and `command` goes with it."""

    address: str
    event: str
    advice: str
    command: str = ""


@dataclass(frozen=True)
class Rule:
    """When AWS refuses an update of a type; `holds` tells by the resource and all of its module."""

    type: str
    holds: Callable[[Resource, Sequence[Resource]], bool]
    event: str
    advice: str
    command: str = ""


def _loses_its_last_replica(group: Resource, _: Sequence[Resource]) -> bool:
    before, after = group.change.before or {}, group.change.after or {}
    return bool(before.get("automatic_failover_enabled")) and after.get("num_cache_clusters") == 1


def _loses_a_subnet(group: Resource, _: Sequence[Resource]) -> bool:
    before, after = ((side or {}).get("subnet_ids") for side in (group.change.before, group.change.after))
    return isinstance(before, list) and isinstance(after, list) and any(subnet not in after for subnet in before)


def _loses_its_vpc(_: Resource, module: Sequence[Resource]) -> bool:
    return any(
        resource.type == "aws_security_group" and ["vpc_id"] in (resource.change.replace_paths or [])
        for resource in module
    )


RULES = (
    # The provider sends DecreaseReplicaCount first, AWS answers "Must have at least 1 replica when cluster mode is
    # disabled with auto failover enabled" (hashicorp/terraform-provider-aws #24244). Later versions send the other
    # changes first, but these wait for the maintenance window unless apply_immediately is set: replication_group.go,
    # resourceReplicationGroupUpdate. After the command, the next plan only removes the replicas, in all versions.
    Rule(
        GROUP,
        _loses_its_last_replica,
        "loses its last replica while automatic failover is on, which AWS refuses",
        "Turn failover off first (ID is that of the replication group), wait until Redis is available, and plan again",
        "aws elasticache modify-replication-group --replication-group-id ID"
        " --no-automatic-failover-enabled --no-multi-az-enabled --apply-immediately",
    ),
    # ModifyCacheSubnetGroup has the error SubnetInUse (ElastiCache API reference). That a node in the subnet causes it
    # was not tried.
    Rule(
        "aws_elasticache_subnet_group",
        _loses_a_subnet,
        "loses a subnet, which AWS refuses while a node of Redis is in it",
        "Keep the subnet in private_subnet_ids until no node is in it",
    ),
    # ModifyReplicationGroup takes no subnet group (ElastiCache API reference), and another `subnet_group_name` replaces
    # the replication group (replication_group.go): it stays in its VPC. That AWS refuses security groups of another VPC
    # follows from that, and was not tried.
    Rule(
        GROUP,
        _loses_its_vpc,
        "gets security groups of another VPC, which AWS refuses: Redis stays in its VPC",
        "Keep vpc_id. For another VPC, deploy a further environment there, move the work to it, and destroy this one",
    ),
)


def refusals(resources: Sequence[Resource]) -> list[Refusal]:
    """What AWS refuses of a plan's resource changes, in the order of the rules."""
    updated = [resource for resource in resources if resource.change.actions == ["update"]]
    modules: dict[str, list[Resource]] = {}
    for resource in resources:
        modules.setdefault(resource.module_address, []).append(resource)
    return [
        Refusal(resource.address, rule.event, rule.advice, rule.command)
        for rule in RULES
        for resource in updated
        if resource.type == rule.type and rule.holds(resource, modules[resource.module_address])
    ]
