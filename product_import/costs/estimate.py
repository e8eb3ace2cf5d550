"""The costs of a month, from the module's planned values."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from product_import.configuration import Configuration, Resource
from product_import.costs.prices import HOURS_PER_MONTH, Price, Prices
from product_import.costs.usage import Usage
from product_import.errors import UserError

# Namespaces of metrics that AWS makes: they cost nothing by themselves, or the cluster pays for them.
OF_AWS = ("AWS/", "ECS/")


@dataclass(frozen=True)
class Cost:
    """A row of the estimate.

    Attributes:
        usd: US dollars a month, to the cent.
    """

    item: str
    amount: str
    prices: tuple[Price, ...]
    usd: Decimal

    @property
    def sure(self) -> bool:
        return all(price.confidence == "high" for price in self.prices)


def monthly_costs(configuration: Configuration, usage: Usage, prices: Prices) -> list[Cost]:
    """A row for each thing that AWS charges for.

    Traffic, NAT, snapshots, API requests and the alarms that AWS keeps for scaling policies are left out.

    Raises:
        UserError: there is no price of something, or an input is wrong.
    """
    region = _known(configuration.variable("aws_region"))
    rows = [
        _redis(configuration, prices, region),
        _workers(configuration, usage.mean_workers, prices, region, f"{_plain(usage.mean_workers)} on average"),
    ]

    def row(item: str, kind: str, units: Decimal | int, amount: str) -> None:
        price = prices.of(kind, region)
        rows.append(Cost(item, amount, (price,), _cents(units * price.usd)))

    alarms = configuration.resources("aws_cloudwatch_metric_alarm")
    alarm_metrics = sum(_metrics_of(configuration, alarm) for alarm in alarms.values())
    row("Alarms", "alarm metric", alarm_metrics, f"{alarm_metrics} metrics read by {len(alarms)} alarms")
    custom = _custom_metrics(configuration)
    row("Custom metrics", "custom metric", len(custom), ", ".join(custom))
    dashboards = len(configuration.resources("aws_cloudwatch_dashboard"))
    if dashboards:
        row("Dashboards", "dashboard", dashboards, f"{dashboards} of this module")
    worker_logs, redis_logs = usage.mean_workers * usage.worker_log_gb_per_month, usage.redis_log_gb_per_month
    row(
        "Logs, taken in",
        "log taken in",
        worker_logs + redis_logs,
        f"{_plain(usage.worker_log_gb_per_month)} GB a worker, {_plain(redis_logs)} GB of Redis",
    )
    days = {name: group["retention_in_days"] for name, group in configuration.resources(_LOG_GROUP).items()}
    kept_gb_days = worker_logs * days["import_worker"] + redis_logs * days["redis_slow_log"]
    kept = kept_gb_days * 24 / HOURS_PER_MONTH
    row("Logs, kept", "log kept", kept, f"{kept:.1f} GB")
    secrets = len(configuration.resources("aws_secretsmanager_secret"))
    row("Secrets", "secret", secrets, f"{secrets} of this module")
    return rows


def total(rows: list[Cost]) -> Decimal:
    """US dollars a month of all rows."""
    return sum((row.usd for row in rows), Decimal(0))


def worker_cost(configuration: Configuration, workers: Decimal, prices: Prices) -> Decimal:
    """US dollars a month for so many workers that run all the time.

    Raises:
        UserError: there is no price of them.
    """
    return _workers(configuration, workers, prices, _known(configuration.variable("aws_region")), "").usd


def redis_cost(configuration: Configuration, prices: Prices) -> Decimal:
    """US dollars a month for Redis.

    Raises:
        UserError: there is no price of the node type.
    """
    return _redis(configuration, prices, _known(configuration.variable("aws_region"))).usd


_LOG_GROUP = "aws_cloudwatch_log_group"


def _redis(configuration: Configuration, prices: Prices, region: str) -> Cost:
    group = configuration.resource("aws_elasticache_replication_group", "redis")
    nodes, node_type, engine = (_known(group[name]) for name in ("num_cache_clusters", "node_type", "engine"))
    price = prices.of(f"{engine} {node_type}", region)
    named = "" if engine == "redis" else f" with {engine.capitalize()}"
    return Cost("Redis", f"{nodes} of {node_type}{named}", (price,), _cents(nodes * HOURS_PER_MONTH * price.usd))


def _workers(configuration: Configuration, workers: Decimal, prices: Prices, region: str, amount: str) -> Cost:
    task = configuration.resource("aws_ecs_task_definition", "import_worker")
    vcpus, gigabytes = (Decimal(_known(task[name])) / 1024 for name in ("cpu", "memory"))
    platforms = task.blocks("runtime_platform")
    architecture = (platforms[0].get("cpu_architecture") if platforms else None) or "X86_64"
    usd, used = Decimal(0), []
    shares = _shares(configuration.resource("aws_ecs_service", "import_worker"), workers)
    for provider, count in shares.items():
        vcpu, memory = (prices.of(f"{provider.lower()} {architecture} {part}", region) for part in ("vcpu", "memory"))
        usd += count * HOURS_PER_MONTH * (vcpus * vcpu.usd + gigabytes * memory.usd)
        used += [vcpu, memory]
    spot = shares.get("FARGATE_SPOT")
    of_these = f", {_plain(round(spot, 1))} of them on Spot" if spot else ""
    arm = ", ARM64" if architecture == "ARM64" else ""
    size = f"{_plain(vcpus)} vCPU and {_plain(gigabytes)} GB each"
    return Cost("Workers", f"{amount}{of_these}, {size}{arm}", tuple(used), _cents(usd))


def _shares(service: Resource, workers: Decimal) -> dict[str, Decimal]:
    """How many workers each capacity provider runs: its base first, the rest by weight."""
    strategy = service.blocks("capacity_provider_strategy")
    if not strategy:
        return {"FARGATE": workers}
    shares = {item["capacity_provider"]: Decimal(min(item.get("base") or 0, workers)) for item in strategy}
    rest = workers - sum(shares.values(), Decimal(0))
    weights: dict[str, Decimal] = {item["capacity_provider"]: Decimal(item.get("weight") or 0) for item in strategy}
    of_all = sum(weights.values(), Decimal(0))
    if rest > 0 and of_all:
        for provider, weight in weights.items():
            shares[provider] += rest * weight / of_all
    return {provider: share for provider, share in shares.items() if share}


def _metrics_of(configuration: Configuration, alarm: Resource) -> int:
    if "metric_name" in alarm:
        return 1
    metrics = sum(1 for query in alarm.blocks("metric_query") if query.get("metric"))
    members = alarm.dynamic("metric_query")
    if members is None:
        return metrics
    if not members.address.endswith(".member_clusters"):
        raise UserError(f"How many metrics an alarm reads depends on {members}, which is not known here.")
    # Each node is a member.
    return metrics + int(
        _known(configuration.resource("aws_elasticache_replication_group", "redis")["num_cache_clusters"])
    )


def _custom_metrics(configuration: Configuration) -> list[str]:
    """The names of the metrics that somebody else than AWS publishes."""
    read = [
        (alarm["namespace"], alarm["metric_name"])
        for alarm in configuration.resources("aws_cloudwatch_metric_alarm").values()
        if "metric_name" in alarm
    ]
    return sorted({name for namespace, name in read if not namespace.startswith(OF_AWS)})


def _known(value: Any) -> Any:
    """A value that the costs depend on.

    Raises:
        UserError: it is not known.
    """
    if not isinstance(value, bool | int | float | str | Decimal):
        raise UserError(f"The costs depend on {value}, which is not known.")
    return value


def _plain(number: Decimal | float) -> str:
    return f"{number:g}" if isinstance(number, float) else f"{number.normalize():f}"


def _cents(usd: Decimal) -> Decimal:
    return usd.quantize(Decimal("0.01"))
