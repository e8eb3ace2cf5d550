"""Redis: its nodes, its parameters, its load."""

from collections.abc import Iterator
from datetime import timedelta

from product_import.doctor.deployment import Answer, Deployment, node_metric
from product_import.doctor.faults import (
    NODES_DIFFER,
    PARAMETERS_DIFFER,
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
    """Available, as many and of the version that is configured."""
    expected = deployment.expected("elasticache_replication_group", "redis")
    group = deployment.redis
    if group is None:
        yield Finding(REDIS_MISSING, (f"{expected['replication_group_id']} in {deployment.account.region}",))
        return
    members = _members(deployment, group)
    versions = sorted({member["EngineVersion"] for member in members})
    engine = group.get("Engine") or next((member["Engine"] for member in members), "redis")
    count, kind = len(group["MemberClusters"]), group["CacheNodeType"]
    yield Fact("redis", f"{count} nodes of {kind}, {engine} {', '.join(versions)}, {group['Status']}")
    unusable = [
        f"{name}: {status}"
        for name, status in (
            (group["ReplicationGroupId"], group["Status"]),
            *((member["CacheClusterId"], member["CacheClusterStatus"]) for member in members),
        )
        if status not in USABLE
    ]
    if unusable:
        yield Finding(REDIS_UNAVAILABLE, (f"{', '.join(unusable)}.",))
    yield from _version(deployment, engine, versions)
    counted = [
        (count, expected["num_cache_clusters"], "nodes"),
        (kind, expected["node_type"], "as the type of nodes"),
    ]
    differing = [
        f"{live} {what}, where {wanted} is {deployment.configured_by}."
        for live, wanted, what in counted
        if live != wanted
    ]
    if differing:
        yield Finding(NODES_DIFFER, tuple(differing))


def parameters(deployment: Deployment) -> Iterator[Finding | Fact]:
    """The module's group, in sync, with the module's values."""
    group = deployment.redis
    if group is None:
        return
    expected = deployment.expected("elasticache_parameter_group", "redis")
    differing, pending = [], []
    for member in _members(deployment, group):
        status = member["CacheParameterGroup"]
        name, state = status["CacheParameterGroupName"], status["ParameterApplyStatus"]
        if name != expected["name"]:
            differing.append(f"{member['CacheClusterId']} has {name}, where {expected['name']} is the module's.")
        if state != "in-sync":
            pending.append(f"{member['CacheClusterId']}: {state}.")
    if pending:
        yield Finding(PARAMETERS_PENDING, tuple(pending))
    found = deployment.account.pages(
        "elasticache:DescribeCacheParameters", "Parameters", CacheParameterGroupName=expected["name"]
    )
    live = {parameter["ParameterName"]: parameter.get("ParameterValue") for parameter in found}
    for parameter in expected.blocks("parameter"):
        name, value = parameter["name"], parameter["value"]
        if live.get(name) != value:
            differing.append(f"{name} is {live.get(name)}, where {value} is the module's.")
    if differing:
        yield Finding(PARAMETERS_DIFFER, tuple(differing))


def load(deployment: Deployment) -> Iterator[Finding | Fact]:
    """Memory, evictions and CPU of each node."""
    group = deployment.redis
    if group is None:
        return
    names = group["MemberClusters"]
    memory, cpu = (
        _highest(deployment, names, metric, "Maximum", LOAD_SINCE)
        for metric in ("DatabaseMemoryUsagePercentage", "EngineCPUUtilization")
    )
    evicted = _highest(deployment, names, "Evictions", "Sum", EVICTED_SINCE)
    silent = [name for name in names if name not in memory]
    if silent:
        yield Finding(REDIS_METRICS_MISSING, (f"{', '.join(silent)}.",))
    if memory:
        shown = f"highest memory {max(memory.values()):g} %, thread {max(cpu.values(), default=0):g} %"
        yield Fact("load", f"{shown}, {sum(evicted.values()):g} evictions in the last hour")
    if any(evicted.values()):
        yield Finding(REDIS_EVICTS, _each(evicted, "keys"))
    for fault, values, alarm in (
        (REDIS_MEMORY_HIGH, memory, "redis_memory_high"),
        (REDIS_CPU_HIGH, cpu, "redis_cpu_high"),
    ):
        threshold = deployment.expected("cloudwatch_metric_alarm", alarm)["threshold"]
        high = {name: value for name, value in values.items() if value > threshold}
        if high:
            yield Finding(fault, (*_each(high, "%"), f"The threshold is {threshold:g} %."))


def _members(deployment: Deployment, group: Answer) -> list[Answer]:
    found = deployment.account.pages("elasticache:DescribeCacheClusters", "CacheClusters")
    return [member for member in found if member.get("ReplicationGroupId") == group["ReplicationGroupId"]]


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
    """Above 0 where what runs is newer; of versions such as 7.0 or 6.x, as far as both say."""
    for ours, configured in zip(live.split("."), wanted.split("."), strict=False):
        if configured == "x":
            break
        if ours != configured:
            return int(ours) - int(configured)
    return 0


def _highest(
    deployment: Deployment, nodes: list[str], metric: str, statistic: str, span: timedelta
) -> dict[str, float]:
    """The highest value, or for a sum their sum, of a metric by node; nodes without a value are left out."""
    queries = {f"node{number}": (node_metric(name, metric), statistic) for number, name in enumerate(nodes)}
    found = deployment.metrics(queries, span, PERIOD_SECONDS)
    values = {name: found.get(f"node{number}", []) for number, name in enumerate(nodes)}
    return {name: sum(each) if statistic == "Sum" else max(each) for name, each in values.items() if each}


def _each(values: dict[str, float], unit: str) -> tuple[str, ...]:
    return tuple(f"{name}: {value:g} {unit}." for name, value in values.items() if value)
