"""The costs of Redis: its nodes and the storage of its snapshots."""

from decimal import Decimal

from product_import.costs.cost import Component, Cost, plain
from product_import.costs.planned import Planned, address, known, number, region
from product_import.costs.price_list import HOURS_PER_MONTH, Prices
from product_import.costs.usage import Usage

_GROUP = ("aws_elasticache_replication_group", "redis")
# "ElastiCache allows you to store one backup for each active cluster free of charge": AWS's page on ElastiCache prices.
FREE_SNAPSHOTS = 1


def nodes(module: Planned, _: Usage | None, prices: Prices) -> Cost:
    """Return the cost of the nodes."""
    group = module.resource(*_GROUP)
    count, node_type, engine = (known(group[name]) for name in ("num_cache_clusters", "node_type", "engine"))
    component = Component(
        address(*_GROUP, group),
        f"{engine} node, {node_type}",
        Decimal(count * HOURS_PER_MONTH),
        prices.of(f"{engine} {node_type}", region(module)),
    )
    named = "" if engine == "redis" else f" with {engine.capitalize()}"
    return Cost("Redis", f"{count} of {node_type}{named}", (component,))


def snapshots(module: Planned, usage: Usage, prices: Prices) -> Cost | None:
    """Return the cost of the snapshots that are not free, or None if there are none."""
    group = module.resource(*_GROUP)
    charged = number(group, "snapshot_retention_limit") - FREE_SNAPSHOTS
    if charged <= 0:
        return None
    gb = charged * usage.redis_snapshot_gb
    component = Component(address(*_GROUP, group), "snapshot storage", gb, prices.of("snapshot", region(module)))
    amount = f"{plain(charged)} of {plain(usage.redis_snapshot_gb)} GB, {FREE_SNAPSHOTS} more is free"
    return Cost("Snapshots", amount, (component,))
