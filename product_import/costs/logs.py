"""The costs of logs: ingested, stored and queried."""

from decimal import Decimal

from product_import.costs.cost import Component, Cost, plain
from product_import.costs.planned import Planned, address, known, region
from product_import.costs.price_list import HOURS_PER_MONTH, Prices
from product_import.costs.usage import Usage
from product_import.costs.workers import mean_workers

_GROUP = "aws_cloudwatch_log_group"
_WORKERS, _REDIS = "import_worker", "redis_slow_log"


def ingested(module: Planned, usage: Usage, prices: Prices) -> Cost:
    """Return the cost of the logs that a month ingests."""
    volumes = _gb(module, usage)
    amount = f"{plain(usage.worker_log_gb_per_month)} GB a worker, {plain(usage.redis_log_gb_per_month)} GB of Redis"
    return Cost("Logs ingested", amount, _components(module, volumes, "log ingested", prices))


def stored(module: Planned, usage: Usage, prices: Prices) -> Cost:
    """Return the cost of the logs that are stored at the end of the retention, compressed."""
    volumes = {}
    for name, gb in _gb(module, usage).items():
        days = Decimal(known(module.resource(_GROUP, name)["retention_in_days"]))
        volumes[name] = gb * days * 24 / HOURS_PER_MONTH * usage.log_stored_share
    amount = f"{sum(volumes.values()):.1f} GB, {plain(usage.log_stored_share * 100)} % of the ingested volume"
    return Cost("Logs stored", amount, _components(module, volumes, "log stored", prices))


def queried(module: Planned, usage: Usage, prices: Prices) -> Cost:
    """Return the cost of the queries with Logs Insights."""
    gb = usage.log_query_gb_per_month
    components = _components(module, {_WORKERS: gb}, "log queried", prices)
    return Cost("Log queries", f"{plain(gb)} GB scanned by Logs Insights", components)


def _gb(module: Planned, usage: Usage) -> dict[str, Decimal]:
    """Return the GB per month by log group."""
    workers = mean_workers(module, usage) * usage.worker_log_gb_per_month
    return {_WORKERS: workers, _REDIS: usage.redis_log_gb_per_month}


def _components(module: Planned, volumes: dict[str, Decimal], item: str, prices: Prices) -> tuple[Component, ...]:
    price = prices.of(item, region(module))
    return tuple(
        Component(address(_GROUP, name, module.resource(_GROUP, name)), item, gb, price) for name, gb in volumes.items()
    )
