"""The costs of a month, from the module's planned values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from product_import.costs.prices import HOURS_PER_MONTH, Price, Prices
from product_import.costs.usage import Usage
from product_import.errors import UserError

# Namespaces of metrics that AWS makes: they cost nothing by themselves, or the cluster pays for them.
OF_AWS = ("AWS/", "ECS/")


class PlannedResource(Protocol):
    """A resource as it is planned: a value that is not known is an object that says so."""

    def __getitem__(self, attribute: str) -> Any: ...

    def __contains__(self, attribute: str) -> bool: ...

    def blocks(self, name: str) -> list[Any]: ...

    def dynamic(self, name: str) -> Any:
        """What blocks of a name depend on, where that is not known; else None."""


class Planned(Protocol):
    """The module as it is planned: the synthesized one with inputs in it, or a part of a plan."""

    def variable(self, name: str) -> Any: ...

    def resources(self, resource_type: str) -> Mapping[str, PlannedResource]: ...

    def resource(self, resource_type: str, name: str) -> PlannedResource: ...


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


def monthly_costs(module: Planned, usage: Usage, prices: Prices) -> list[Cost]:
    """A row for each thing that AWS charges for.

    Traffic, NAT, snapshots, API requests, queries of logs and the alarms that AWS keeps for scaling policies are left
    out.

    Raises:
        UserError: there is no price of something, or an input is wrong.
    """
    return [cost for estimate in ITEMS.values() if (cost := estimate(module, usage, prices)) is not None]


def total(rows: Iterable[Cost]) -> Decimal:
    """US dollars a month of all rows."""
    return sum((row.usd for row in rows), Decimal(0))


def worker_cost(module: Planned, workers: Decimal, prices: Prices) -> Decimal:
    """US dollars a month for so many workers that run all the time.

    Raises:
        UserError: there is no price of them.
    """
    return _workers(module, workers, prices, "").usd


def redis_cost(module: Planned, prices: Prices) -> Decimal:
    """US dollars a month for Redis.

    Raises:
        UserError: there is no price of the node type.
    """
    return _redis(module, prices).usd


def _redis(module: Planned, prices: Prices) -> Cost:
    group = module.resource("aws_elasticache_replication_group", "redis")
    nodes, node_type, engine = (_known(group[name]) for name in ("num_cache_clusters", "node_type", "engine"))
    price = prices.of(f"{engine} {node_type}", _region(module))
    named = "" if engine == "redis" else f" with {engine.capitalize()}"
    return Cost("Redis", f"{nodes} of {node_type}{named}", (price,), _cents(nodes * HOURS_PER_MONTH * price.usd))


def _workers(module: Planned, workers: Decimal, prices: Prices, amount: str) -> Cost:
    task = module.resource("aws_ecs_task_definition", "import_worker")
    vcpus, gigabytes = (_number(task, name) / 1024 for name in ("cpu", "memory"))
    platforms = task.blocks("runtime_platform")
    architecture = (platforms[0].get("cpu_architecture") if platforms else None) or "X86_64"
    usd, used, region = Decimal(0), [], _region(module)
    shares = _shares(module.resource("aws_ecs_service", "import_worker"), workers)
    for provider, count in shares.items():
        vcpu, memory = (prices.of(f"{provider.lower()} {architecture} {part}", region) for part in ("vcpu", "memory"))
        usd += count * HOURS_PER_MONTH * (vcpus * vcpu.usd + gigabytes * memory.usd)
        used += [vcpu, memory]
    spot = shares.get("FARGATE_SPOT")
    of_these = f", {_plain(round(spot, 1))} of them on Spot" if spot else ""
    arm = ", ARM64" if architecture == "ARM64" else ""
    size = f"{_plain(vcpus)} vCPU and {_plain(gigabytes)} GB each"
    return Cost("Workers", f"{amount}{of_these}, {size}{arm}", tuple(used), _cents(usd))


def _mean_workers(module: Planned, usage: Usage) -> Decimal:
    """Those of the usage, within the module's limits."""
    target = module.resource("aws_appautoscaling_target", "import_worker")
    least, most = (_number(target, f"{limit}_capacity") for limit in ("min", "max"))
    return min(max(usage.mean_workers, least), most)


def _workers_on_average(module: Planned, usage: Usage, prices: Prices) -> Cost:
    workers = _mean_workers(module, usage)
    return _workers(module, workers, prices, f"{_plain(workers)} on average")


def _alarms(module: Planned, _: Usage, prices: Prices) -> Cost:
    alarms = module.resources("aws_cloudwatch_metric_alarm")
    metrics = sum(_metrics_of(module, alarm) for alarm in alarms.values())
    price = prices.of("alarm metric", _region(module))
    return _cost("Alarms", f"{metrics} metrics read by {len(alarms)} alarms", metrics, price)


def _custom_metrics(module: Planned, _: Usage, prices: Prices) -> Cost:
    """Of the metrics that alarms read, those that somebody else than AWS publishes."""
    read = [
        (_known(alarm["namespace"]), _known(alarm["metric_name"]))
        for alarm in module.resources("aws_cloudwatch_metric_alarm").values()
        if "metric_name" in alarm
    ]
    names = sorted({name for namespace, name in read if not namespace.startswith(OF_AWS)})
    return _cost("Custom metrics", ", ".join(names), len(names), prices.of("custom metric", _region(module)))


def _dashboards(module: Planned, _: Usage, prices: Prices) -> Cost | None:
    count = len(module.resources("aws_cloudwatch_dashboard"))
    if not count:
        return None
    return _cost("Dashboards", f"{count} of this module", count, prices.of("dashboard", _region(module)))


def _logs_taken_in(module: Planned, usage: Usage, prices: Prices) -> Cost:
    workers, redis = _log_gb(module, usage)
    amount = f"{_plain(usage.worker_log_gb_per_month)} GB a worker, {_plain(redis)} GB of Redis"
    return _cost("Logs, taken in", amount, workers + redis, prices.of("log taken in", _region(module)))


def _logs_kept(module: Planned, usage: Usage, prices: Prices) -> Cost:
    workers, redis = _log_gb(module, usage)
    days = {name: _known(group["retention_in_days"]) for name, group in module.resources(_LOG_GROUP).items()}
    gb = (workers * days["import_worker"] + redis * days["redis_slow_log"]) * 24 / HOURS_PER_MONTH
    return _cost("Logs, kept", f"{gb:.1f} GB", gb, prices.of("log kept", _region(module)))


def _log_gb(module: Planned, usage: Usage) -> tuple[Decimal, Decimal]:
    """GB a month of the workers and of Redis."""
    return _mean_workers(module, usage) * usage.worker_log_gb_per_month, usage.redis_log_gb_per_month


def _secrets(module: Planned, _: Usage, prices: Prices) -> Cost:
    count = len(module.resources("aws_secretsmanager_secret"))
    return _cost("Secrets", f"{count} of this module", count, prices.of("secret", _region(module)))


ITEMS: Mapping[str, Callable[[Planned, Usage, Prices], Cost | None]] = {
    "Redis": lambda module, _, prices: _redis(module, prices),
    "Workers": _workers_on_average,
    "Alarms": _alarms,
    "Custom metrics": _custom_metrics,
    "Dashboards": _dashboards,
    "Logs, taken in": _logs_taken_in,
    "Logs, kept": _logs_kept,
    "Secrets": _secrets,
}
"""What there is a row for, in the order of the estimate; None where the module has nothing of it."""
_LOG_GROUP = "aws_cloudwatch_log_group"


def _cost(item: str, amount: str, units: Decimal | int, price: Price) -> Cost:
    return Cost(item, amount, (price,), _cents(units * price.usd))


def _region(module: Planned) -> str:
    return str(_known(module.variable("aws_region")))


def _shares(service: PlannedResource, workers: Decimal) -> dict[str, Decimal]:
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


def _metrics_of(module: Planned, alarm: PlannedResource) -> int:
    if "metric_name" in alarm:
        return 1
    metrics = sum(1 for query in alarm.blocks("metric_query") if query.get("metric"))
    members = alarm.dynamic("metric_query")
    if members is None:
        return metrics
    if not members.address.endswith(".member_clusters"):
        raise UserError(f"How many metrics an alarm reads depends on {members}, which is not known here.")
    # Each node is a member.
    return metrics + int(_known(module.resource("aws_elasticache_replication_group", "redis")["num_cache_clusters"]))


def _known(value: Any) -> Any:
    """A value that the costs depend on.

    Raises:
        UserError: it is not known.
    """
    if not isinstance(value, bool | int | float | str | Decimal):
        raise UserError(f"The costs depend on {value}, which is not known.")
    return value


def _number(resource: PlannedResource, name: str) -> Decimal:
    """A number, which a task definition has as a text.

    Raises:
        UserError: it is not known, or written otherwise, as AWS takes `2 vCPU`.
    """
    try:
        return Decimal(_known(resource[name]))
    except InvalidOperation:
        # Without the value, in which a secret may have lost its mark.
        raise UserError(f"The costs depend on {name}, which must be a number.") from None


def _plain(number: Decimal | float) -> str:
    return f"{number:g}" if isinstance(number, float) else f"{number.normalize():f}"


def _cents(usd: Decimal) -> Decimal:
    return usd.quantize(Decimal("0.01"))
