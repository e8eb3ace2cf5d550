"""Redis: its nodes, its parameters, its load."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from product_import.doctor.account import NotLookedAtError
from product_import.doctor.deployment import Deployment, metric, query
from product_import.doctor.faults import (
    PARAMETERS_PENDING,
    REDIS_CPU_HIGH,
    REDIS_EVICTS,
    REDIS_MEMORY_HIGH,
    REDIS_METRICS_MISSING,
    REDIS_MISSING,
    REDIS_REPLACED,
    REDIS_UNAVAILABLE,
    REDIS_UPGRADED,
)
from product_import.doctor.findings import Fact, Finding

LOAD_SINCE, EVICTED_SINCE = timedelta(minutes=15), timedelta(hours=1)
PERIOD_SECONDS = 300
AVAILABLE = "available"
# What a snapshot or a change that waits leaves usable.
USABLE = (AVAILABLE, "snapshotting")


def nodes(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Available, and of the configured version."""
    expected = deployment.expected("elasticache_replication_group", "redis")
    group = deployment.redis
    if group is None:
        yield Finding(REDIS_MISSING, (f"{expected['replication_group_id']} in {deployment.account.region}",))
        return
    members = deployment.nodes
    versions = sorted({member["EngineVersion"] for member in members if "EngineVersion" in member})
    engine = group.get("Engine") or next((member["Engine"] for member in members if "Engine" in member), "redis")
    count, kind = len(group.get("MemberClusters", [])), group.get("CacheNodeType")
    yield Fact("redis", f"{count} nodes of {kind}, {engine} {', '.join(versions)}, {group.get('Status')}")
    unusable = [
        f"{name}: {status}"
        for name, status in (
            (group["ReplicationGroupId"], group.get("Status")),
            *((member["CacheClusterId"], member.get("CacheClusterStatus")) for member in members),
        )
        if status not in USABLE
    ]
    if unusable:
        yield Finding(REDIS_UNAVAILABLE, (f"{', '.join(unusable)}.",))
    yield from _version(deployment, engine, versions)


def parameters(deployment: Deployment) -> Iterator[Finding | Fact]:
    """In effect."""
    if deployment.redis is None:
        return
    pending = [
        f"{member['CacheClusterId']}: {state}."
        for member in deployment.nodes
        if (state := member.get("CacheParameterGroup", {}).get("ParameterApplyStatus", "in-sync")) != "in-sync"
    ]
    if pending:
        yield Finding(PARAMETERS_PENDING, tuple(pending))


def load(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Memory, CPU and evictions of the nodes, the first two as the alarms read them."""
    group = deployment.redis
    if group is None:
        return
    nodes = group.get("MemberClusters", [])
    memory, cpu = (_reading(deployment, nodes, alarm) for alarm in ("redis_memory_high", "redis_cpu_high"))
    evicted = _evicted(deployment, nodes)
    silent = [node for node, values in memory.by_node.items() if not values]
    if silent:
        yield Finding(REDIS_METRICS_MISSING, (f"{', '.join(silent)}.",))
    told = [
        f"{what} {reading.highest:.3g} % (threshold {reading.threshold:g} %)"
        for what, reading in (("memory", memory), ("CPU", cpu))
        if reading.highest is not None
    ]
    yield Fact("load", ", ".join((*told, f"{sum(evicted.values()):g} evictions in the last hour")))
    if any(evicted.values()):
        yield Finding(REDIS_EVICTS, tuple(f"{node}: {keys:g} keys." for node, keys in evicted.items() if keys))
    for fault, reading in ((REDIS_MEMORY_HIGH, memory), (REDIS_CPU_HIGH, cpu)):
        if reading.highest is not None and reading.highest > reading.threshold:
            yield Finding(
                fault,
                (
                    f"{reading.label}: {reading.highest:.3g} %, where {reading.threshold:g} % is the threshold.",
                    *(f"{node}: {max(values):.3g} %." for node, values in reading.by_node.items() if values),
                ),
            )


@dataclass(frozen=True)
class _Reading:
    """What an alarm reads of the nodes.

    Attributes:
        by_node: the values of each node.
        highest: the highest of what the alarm makes of them, or None where there is nothing.
        label: what the alarm calls that.
        threshold: above which it is on.
    """

    by_node: dict[str, list[float]]
    highest: float | None
    label: str
    threshold: float


def _reading(deployment: Deployment, nodes: list[str], name: str) -> _Reading:
    """What an alarm, as it is configured, reads of the nodes that there are."""
    members = {"aws_elasticache_replication_group.redis.member_clusters": nodes}
    alarm = deployment.configuration.with_applied(members).resource("aws_cloudwatch_metric_alarm", name)
    queries = alarm.blocks("metric_query")
    (highest,) = (each for each in queries if "expression" in each)
    ids = {each["metric"]["dimensions"]["CacheClusterId"]: each["id"] for each in queries if "metric" in each}
    found = deployment.metrics([_asked(each) for each in queries], LOAD_SINCE)
    return _Reading(
        {node: found[id_] for node, id_ in ids.items()},
        max(found[highest["id"]], default=None),
        highest["label"],
        alarm["threshold"],
    )


def _asked(configured: dict[str, Any]) -> dict[str, Any]:
    """A query of an alarm, as CloudWatch's calls take one."""
    if "metric" not in configured:
        return {"Id": configured["id"], "Expression": configured["expression"], "Label": configured["label"]}
    of = configured["metric"]
    asked = metric(of["namespace"], of["metric_name"], of["dimensions"])
    return query(configured["id"], asked, of["stat"], of["period"])


def _evicted(deployment: Deployment, nodes: list[str]) -> dict[str, float]:
    """How many keys each node has dropped."""
    queries = [
        query(
            f"evicted{number}",
            metric("AWS/ElastiCache", "Evictions", {"CacheClusterId": node, "CacheNodeId": "0001"}),
            "Sum",
            PERIOD_SECONDS,
        )
        for number, node in enumerate(nodes)
    ]
    found = deployment.metrics(queries, EVICTED_SINCE)
    return {node: sum(found[f"evicted{number}"]) for number, node in enumerate(nodes)}


def _version(deployment: Deployment, engine: str, versions: list[str]) -> Iterator[Finding]:
    """What the next apply would make of the version that runs.

    The provider (internal/service/elasticache/engine_version.go, engineVersionForceNewOnDowngrade) replaces the group
    where the configured version is lower than the real one; a change of `engine` replaces it too, except for the one
    from redis to valkey (replication_group.go).
    """
    expected = deployment.expected("elasticache_replication_group", "redis")
    wanted_engine, wanted = expected["engine"], expected["engine_version"]
    for version in versions:
        seen = f"{engine} {version} runs, where {wanted_engine} {wanted} is {deployment.configured_by}."
        if engine != wanted_engine:
            yield Finding(REDIS_REPLACED if engine == "valkey" else REDIS_UPGRADED, (seen,))
        elif (difference := _difference(version, wanted)) != 0:
            yield Finding(REDIS_REPLACED if difference > 0 else REDIS_UPGRADED, (seen,))


def _difference(live: str, wanted: str) -> int:
    """Above 0 where what runs is newer; of versions such as 7.0 and 7.0.7, as far as both say."""
    if not re.match(r"[0-9]+\.", live):
        raise NotLookedAtError(f"ElastiCache gives a version that is none: {live}")
    for ours, configured in zip(live.split("."), wanted.split("."), strict=False):
        if ours != configured:
            return int(ours) - int(configured)
    return 0
