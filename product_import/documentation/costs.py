"""What the module costs a month: a table of prices and the computation."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

PRICES_ARE_OF = "us-east-1, on demand, 2026"
HOURS_PER_MONTH = 730

# Assumptions. How many workers the jobs of a month need, and how much they log, only the application can tell.
AVERAGE_WORKERS = 10
WORKER_LOG_GB_PER_MONTH = 2
REDIS_LOG_GB_PER_MONTH = 1


@dataclass(frozen=True)
class Price:
    """A list price of AWS.

    Attributes:
        usd: US dollars for one unit.
        sure: False where the confidence in it is medium.
    """

    usd: Decimal
    unit: str
    sure: bool = True


REDIS_NODE = {
    "cache.r7g.large": Price(Decimal("0.219"), "node-hour"),
    "cache.r7g.xlarge": Price(Decimal("0.437"), "node-hour"),
}
# Fargate on Linux and x86, which a task definition without a runtime platform means.
WORKER_VCPU = Price(Decimal("0.04048"), "vCPU-hour")
WORKER_MEMORY = Price(Decimal("0.004445"), "GB-hour")
ALARM_METRIC = Price(Decimal("0.10"), "metric and month", sure=False)
CUSTOM_METRIC = Price(Decimal("0.30"), "metric and month", sure=False)
LOG_IN = Price(Decimal("0.50"), "GB", sure=False)
LOG_KEPT = Price(Decimal("0.03"), "GB and month", sure=False)
SECRET = Price(Decimal("0.40"), "secret and month", sure=False)


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
        return all(price.sure for price in self.prices)


def monthly_costs(resources: Mapping[str, Any], inputs: Mapping[str, Any]) -> list[Cost]:
    """A row for each thing that AWS charges for.

    Args:
        resources: the synthesized resources, by type and name.
        inputs: values of redis_node_type, redis_num_replicas, worker_cpu and worker_memory.
    """
    nodes, node_type = inputs["redis_num_replicas"], inputs["redis_node_type"]
    cpu, memory = inputs["worker_cpu"], inputs["worker_memory"]
    alarms = resources["aws_cloudwatch_metric_alarm"].values()
    alarm_metrics = sum(nodes if "dynamic" in alarm else 1 for alarm in alarms)
    metrics = [metric_read(alarm) for alarm in alarms]
    custom_metrics = {metric["metric_name"] for metric in metrics if not metric["namespace"].startswith("AWS/")}
    worker_logs, redis_logs = AVERAGE_WORKERS * WORKER_LOG_GB_PER_MONTH, REDIS_LOG_GB_PER_MONTH
    retention_days = {name: group["retention_in_days"] for name, group in resources["aws_cloudwatch_log_group"].items()}
    kept_gb_days = worker_logs * retention_days["import_worker"] + redis_logs * retention_days["redis_slow_log"]
    kept = Decimal(kept_gb_days) * 24 / HOURS_PER_MONTH
    secrets = len(resources["aws_secretsmanager_secret"])
    return [
        Cost("Redis", f"{nodes} of {node_type}", (REDIS_NODE[node_type],), redis_cost(nodes, node_type)),
        Cost(
            "Workers",
            f"{AVERAGE_WORKERS} on average, {cpu / 1024:g} vCPU and {memory / 1024:g} GB each",
            (WORKER_VCPU, WORKER_MEMORY),
            worker_cost(AVERAGE_WORKERS, cpu, memory),
        ),
        _cost("Alarms", alarm_metrics, f"{alarm_metrics} metrics read by {len(alarms)} alarms", ALARM_METRIC),
        _cost("Custom metrics", len(custom_metrics), ", ".join(sorted(custom_metrics)), CUSTOM_METRIC),
        _cost(
            "Logs, taken in",
            worker_logs + redis_logs,
            f"{WORKER_LOG_GB_PER_MONTH} GB a worker, {redis_logs} GB of Redis",
            LOG_IN,
        ),
        _cost("Logs, kept", kept, f"{kept:.1f} GB", LOG_KEPT),
        _cost("Secrets", secrets, f"{secrets} of this module", SECRET),
    ]


def metric_read(alarm: Mapping[str, Any]) -> Any:
    """The metric of a synthesized alarm, as Terraform has it: the alarm's own or that of each Redis node."""
    return alarm["dynamic"]["metric_query"]["content"]["metric"] if "dynamic" in alarm else alarm


def redis_cost(nodes: int, node_type: str) -> Decimal:
    """US dollars a month for Redis.

    Raises:
        KeyError: the price of that node type is not in the table.
    """
    return _cents(nodes * HOURS_PER_MONTH * REDIS_NODE[node_type].usd)


def worker_cost(workers: int, cpu: int, memory: int) -> Decimal:
    """US dollars a month for workers that run all the time, of so many CPU units and MiB each."""
    hourly = Decimal(cpu) / 1024 * WORKER_VCPU.usd + Decimal(memory) / 1024 * WORKER_MEMORY.usd
    return _cents(workers * HOURS_PER_MONTH * hourly)


def _cost(item: str, units: Decimal | int, amount: str, price: Price) -> Cost:
    return Cost(item, amount, (price,), _cents(units * price.usd))


def _cents(usd: Decimal) -> Decimal:
    return usd.quantize(Decimal("0.01"))
