"""Facts of ElastiCache."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from product_import.stand_in.facts.kinds import HERE, MANAGED, Facts, Resource, nothing, without

_ENDPOINT = "{replication_group_id}.{unique}.{region}.cache.amazonaws.com"
_VERSION = re.compile(r"\d+(\.\d+)*")


def _version(text: str) -> tuple[float, ...]:
    """`6.x` comes after each 6; `7.1` is `7.1.0`."""
    parts = [float("inf") if part == "x" else int(part) for part in text.split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def _is_downgrade(before: Resource, after: Resource) -> bool:
    """As `engineVersionIsDowngrade` of elasticache/engine_version.go; after `7.x` the real version's minor counts."""
    old, new = before["engine_version"], after["engine_version"]
    if not isinstance(old, str) or not isinstance(new, str):
        return False
    if old.endswith(".x"):
        return _version(new)[:2] < _version(before["engine_version_actual"])[:2]
    return _version(new) < _version(old)


def _actual_version(group: Resource) -> str:
    """The patch level that AWS runs: ElastiCache's user guide, "Supported engine versions"."""
    newest = {"5.0.6": "5.0.6", "6.x": "6.2.6", "7.0": "7.0.7"}
    return newest.get(group["engine_version"], f"{group['engine_version']}.0")


def _engine_version(group: Resource) -> Any:
    """As `setEngineVersionRedis` of elasticache/engine_version.go: the real version without its patch level."""
    actual, configured = group["engine_version_actual"], group["engine_version"]
    if not isinstance(actual, str) or not _VERSION.fullmatch(actual):
        return configured
    major, minor, *_ = actual.split(".")
    if int(major) < 6:
        return actual
    return f"{major}.x" if isinstance(configured, str) and configured.endswith(".x") else f"{major}.{minor}"


def _is_no_upgrade_to_valkey(before: Resource, after: Resource) -> bool:
    """As `customizeDiffEngineForceNewOnDowngrade` of elasticache/engine_version.go."""
    return (before["engine"], after["engine"]) != ("redis", "valkey")


def _is_older_than_7_0_5(before: Resource, _: Resource) -> bool:
    """Before 7.0.5 encryption in transit can only be chosen at creation (elasticache/replication_group.go)."""
    return not isinstance(before["engine_version_actual"], str) or _version(before["engine_version_actual"]) < (7, 0, 5)


def _number(value: Any, otherwise: int) -> int:
    """A number that the configuration may leave to AWS."""
    return value if isinstance(value, int) and value else otherwise


def _has_cluster_mode(group: Resource) -> bool:
    """ElastiCache's user guide, "Parameters specific to Redis OSS 3.2.4": default groups that turn it on say so."""
    on, parameters = group["cluster_mode"] in {"enabled", "compatible"}, group["parameter_group_name"]
    return on or _number(group["num_node_groups"], 1) > 1 or str(parameters).endswith(".cluster.on")


def _with_cluster_mode(value: str) -> Callable[[Resource], str | None]:
    return lambda group: value.format(**group) if _has_cluster_mode(group) else None


def _without_cluster_mode(value: str) -> Callable[[Resource], str | None]:
    return lambda group: None if _has_cluster_mode(group) else value.format(**group)


def _shards(group: Resource) -> int:
    return _number(group["num_node_groups"], 1)


def _members(group: Resource) -> list[str]:
    """The provider sends a number of nodes. Which ones go is AWS's choice; here it is not the highest numbers."""
    if _has_cluster_mode(group):
        shards = range(1, _shards(group) + 1)
        nodes = range(1, _number(group["replicas_per_node_group"], 0) + 2)
        return [f"{group['replication_group_id']}-{shard:04}-{node:03}" for shard in shards for node in nodes]
    number, before = _number(group["num_cache_clusters"], 1), sorted(group["prior"].get("member_clusters") or [])
    if number <= len(before):
        return [*before[:1], *before[len(before) - number + 1 :]]
    names = (f"{group['replication_group_id']}-{node:03}" for node in range(1, number + 1 + len(before)))
    return sorted([*before, *[name for name in names if name not in before][: number - len(before)]])


def _replicas(group: Resource) -> int:
    """Of each node group: the members are the primaries too."""
    return len(group["member_clusters"] or [0]) // _shards(group) - 1


def _with_rotation(state: Resource) -> Resource:
    """As `replicationGroupStateUpgradeFromV1` of elasticache/replication_group_migrate.go."""
    return {**state, "auth_token_update_strategy": "ROTATE", "cluster_mode": None}


def without_idle_rotation(state: Resource) -> Resource:
    """As `replicationGroupStateUpgradeFromV2` of elasticache/replication_group_migrate.go."""
    return state if state.get("auth_token") else {**state, "auth_token_update_strategy": None}


def _needs_a_replica(before: Resource, after: Resource) -> str | None:
    """What AWS answers to DecreaseReplicaCount: provider issue 24244 and pull request 34819.

    As of 5.85 the provider turns failover off before (`resourceReplicationGroupUpdate`), which AWS does in the
    maintenance window unless `apply_immediately` is set. 5.46 decreases first, so that there nothing helps. When in
    between this changed could not be read.
    """
    goes = after["num_cache_clusters"] == 1 and (before["num_cache_clusters"] or 1) > 1
    if not goes or after["apply_immediately"] is True:
        return None
    if before["multi_az_enabled"]:
        return "InvalidParameterValue: Must have at least 1 replica for Multi-AZ enabled Replication Group."
    if before["automatic_failover_enabled"]:
        return (
            "InvalidParameterValue: Must have at least 1 replica when cluster mode is disabled with auto failover "
            "enabled."
        )
    return None


FACTS: Mapping[str, Facts] = {
    # elasticache/parameter_group.go
    "aws_elasticache_parameter_group": Facts(
        replace=frozenset({"description", "family", "name"}),
        defaults=MANAGED,
        made={"arn": f"arn:aws:elasticache:{HERE}:parametergroup:{{name}}", "id": "{name}"},
    ),
    # elasticache/replication_group.go
    "aws_elasticache_replication_group": Facts(
        replace=frozenset(
            {
                "at_rest_encryption_enabled",
                "data_tiering_enabled",
                "global_replication_group_id",
                "kms_key_id",
                "network_type",
                "port",
                "replication_group_id",
                "security_group_names",
                "snapshot_arns",
                "snapshot_name",
                "subnet_group_name",
            }
        ),
        replace_if={
            "engine": _is_no_upgrade_to_valkey,
            "engine_version": _is_downgrade,
            "transit_encryption_enabled": _is_older_than_7_0_5,
        },
        defaults={
            "auth_token_update_strategy": "ROTATE",
            "automatic_failover_enabled": False,
            "engine": "redis",
            "multi_az_enabled": False,
        },
        made={
            "arn": f"arn:aws:elasticache:{HERE}:replicationgroup:{{replication_group_id}}",
            "id": "{replication_group_id}",
            # `resourceReplicationGroupRead` sets either the first or the other two.
            "configuration_endpoint_address": _with_cluster_mode(f"clustercfg.{_ENDPOINT}"),
            "primary_endpoint_address": _without_cluster_mode(f"master.{_ENDPOINT}"),
            "reader_endpoint_address": _without_cluster_mode(f"replica.{_ENDPOINT}"),
            "cluster_enabled": _has_cluster_mode,
            "member_clusters": _members,
            "num_cache_clusters": lambda group: _shards(group) * (_number(group["replicas_per_node_group"], 0) + 1),
            "num_node_groups": lambda _: 1,
            "replicas_per_node_group": lambda group: _number(group["num_cache_clusters"], 1) // _shards(group) - 1,
            "cluster_mode": lambda group: "enabled" if _has_cluster_mode(group) else "disabled",
            "global_replication_group_id": nothing,
            # The provider has no default for it, AWS has (ElastiCache API Reference, CreateReplicationGroup).
            "auto_minor_version_upgrade": "true",
            "engine_version": "7.1",
            "engine_version_actual": _actual_version,
            # Nothing but the configuration sets it.
            "apply_immediately": nothing,
            # ElastiCache API Reference, CreateReplicationGroup.
            "ip_discovery": "ipv4",
            "network_type": "ipv4",
            "transit_encryption_mode": lambda group: "required" if group["transit_encryption_enabled"] else "",
        },
        fails_if=_needs_a_replica,
        renew={"member_clusters": frozenset({"num_cache_clusters", "num_node_groups", "replicas_per_node_group"})},
        follow={"engine_version_actual": "engine_version"},
        read={
            "engine_version": _engine_version,
            "num_cache_clusters": lambda group: len(group["member_clusters"] or [0]),
            "num_node_groups": lambda group: group["num_node_groups"] if _has_cluster_mode(group) else 1,
            "replicas_per_node_group": _replicas,
        },
        unread=frozenset(
            {
                "apply_immediately",
                "auth_token",
                "auth_token_update_strategy",
                "configuration_endpoint_address",
                "final_snapshot_identifier",
                "global_replication_group_id",
                "notification_topic_arn",
                "preferred_cache_cluster_azs",
                "snapshot_arns",
                "snapshot_name",
            }
        ),
        upgrade={1: _with_rotation},
        sensitive=frozenset({"auth_token"}),
        max_items={"log_delivery_configuration": 2},
        version=2,
    ),
    # elasticache/subnet_group.go
    "aws_elasticache_subnet_group": Facts(
        replace=frozenset({"name"}),
        defaults=MANAGED,
        made={"arn": f"arn:aws:elasticache:{HERE}:subnetgroup:{{name}}", "id": "{name}", "vpc_id": "vpc-{unique}"},
    ),
}

_GROUP = FACTS["aws_elasticache_replication_group"]
# What provider 6 changed: its upgrade guide, and the files named above as of 6.2x.
IN_6: Mapping[str, Facts] = {
    "aws_elasticache_replication_group": replace(
        _GROUP,
        defaults=without(_GROUP.defaults, "auth_token_update_strategy", "engine"),
        made={**_GROUP.made, "engine": "redis"},
        upgrade={**_GROUP.upgrade, 2: without_idle_rotation},
        version=3,
    )
}
